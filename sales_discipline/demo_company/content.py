"""Names and texts of the demo company's customers, products, deals and activities."""

# name, list price, share of deals it appears in (weight)
PRODUCTS = [
    ("Portable pH Meter NL-120", "NL-120", 480, 6),
    ("Benchtop Spectrophotometer Aurora 400", "AUR-400", 7900, 4),
    ("Analytical Balance Polaris 220", "POL-220", 3450, 6),
    ("Multi-Parameter Water Probe Fjord 8", "FJO-8", 2250, 6),
    ("Particle Counter Borealis", "BOR-1", 4850, 4),
    ("Vibration Analyser VA-60", "VA-60", 6700, 3),
    ("Thermal Imaging Camera TI-384", "TI-384", 5400, 3),
    ("16-Channel Data Logger DL-16", "DL-16", 1180, 5),
    ("Dissolved Oxygen Probe DO-2", "DO-2", 560, 5),
    ("GC Column Set", "GC-SET", 620, 4),
    ("Reference Standard Kit", "REF-KIT", 340, 7),
    ("Calibration per Instrument", "SRV-CAL", 290, 6),
    ("Annual Maintenance Contract", "SRV-AMC", 1900, 5),
    ("Commissioning and Training Day", "SRV-TRN", 1150, 4),
]
CATEGORIES = {
    "Laboratory Instruments": ("AUR-400", "POL-220", "BOR-1"),
    "Field Instruments": ("NL-120", "FJO-8", "VA-60", "TI-384", "DL-16", "DO-2"),
    "Consumables": ("GC-SET", "REF-KIT"),
    "Services": ("SRV-CAL", "SRV-AMC", "SRV-TRN"),
}
SERVICES = {"SRV-CAL", "SRV-AMC", "SRV-TRN"}

DEALS = {
    "NL-120": ["pH meters for field sampling", "Handheld pH meters, {n} sites"],
    "AUR-400": ["Spectrophotometer for the QC lab", "Spectrophotometer, replacement of old unit"],
    "POL-220": ["Balances for the weighing room", "Analytical balances, lab extension"],
    "FJO-8": ["Water probes, {n} stations", "River monitoring, {n} probes"],
    "BOR-1": ["Particle counters for the clean room", "Clean room monitoring, line {n}"],
    "VA-60": ["Vibration monitoring of pumps", "Predictive maintenance, hall {n}"],
    "TI-384": ["Thermal cameras for maintenance", "Inspection of switchgear"],
    "DL-16": ["Data loggers for the cold chain", "Stability chambers, {n} loggers"],
    "DO-2": ["Oxygen probes for the aeration tanks", "Fish farm monitoring"],
    "GC-SET": ["GC columns, yearly demand", "Consumables for chromatography"],
    "REF-KIT": ["Reference standards, framework order", "Standards for the accredited lab"],
    "SRV-CAL": ["Calibration of {n} instruments", "Calibration contract"],
    "SRV-AMC": ["Maintenance contract, renewal", "Maintenance contract for {n} instruments"],
    "SRV-TRN": ["Commissioning of the new lab", "Training for lab staff"],
}

TAGS = ["Water", "Pharma", "Food & Beverage", "Research", "Energy", "Chemicals"]
SOURCES = ["Trade Fair", "Referral", "Web Site", "Cold Call", "Webinar", "Existing Customer"]
LOST_REASONS = ["Too expensive", "Competitor chosen", "Budget cut", "No answer", "Project postponed",
                "Specification not met"]  # fmt: skip
SECTORS = ["Laboratories", "Pharmaceuticals", "Food & Beverage", "Water & Environment", "Energy",
           "Chemicals", "Research"]  # fmt: skip

FIRST = {
    "de": "Stefan Julia Andreas Sabine Thomas Nicole Michael Claudia Christian Silke Matthias Birgit Peter Heike "
          "Florian Anja Sebastian Martina Oliver Kerstin Philipp Ute Jan Simone Bernd Carola".split(),
    "ru": "Sergey Olga Alexey Natalia Mikhail Elena Andrey Tatiana Pavel Svetlana Ivan Marina Nikolay Yulia "
          "Viktor Ekaterina Oleg Ksenia".split(),
    "us": "James Laura Robert Karen Kevin Nancy Brian Melissa Steven Angela Patricia Eric Donna Gregory Heather "
          "Marcus Denise Paul Christina Aaron".split(),
}  # fmt: skip
LAST = {
    "de": "Ahlers Behrend Cordes Dallmann Eggers Fenske Gerstner Hollmann Immler Jensen Kessler Lindner Moritz "
          "Nehring Ottens Petzold Quandel Rademacher Seidler Tiedemann Uhlig Vossberg Wendland Zierke Brinkmann "
          "Dreesen Evers Garbe Hinrichs Kolberg Lorentz Meinhold Paulsen Reimann Stahlberg Teichmann".split(),
    "ru": "Abramov Belkin Vinogradov Gorin Dolgov Ershov Zhukov Zimin Ilyin Karpov Lebedev Makarov Nosov "
          "Osipov Petrenko Ryabov Sorokin Tarasov Ushakov Filatov Chernov Shubin".split(),
    "us": "Abbott Bradley Calloway Dawson Ellison Fletcher Garner Holbrook Ingram Jarvis Keller Langley Mercer "
          "Norwood Ogden Prescott Quimby Radcliffe Sutton Thorne Upton Vance Whitaker York Ashford Bennett "
          "Crawford Donovan Easton".split(),
}  # fmt: skip
# city, state of the country, postal code, telephone prefix of numbers kept free for fiction, street names
CITIES = {
    "de": [
        ("Berlin", "Berlin", "10115", "+49 30 23125 {n:03}"),
        ("Hamburg", "Hamburg", "20095", "+49 40 66969 {n:03}"),
        ("Munich", "Bayern", "80331", "+49 89 99998 {n:03}"),
        ("Cologne", "Nordrhein-Westfalen", "50667", "+49 221 4710 {n:03}"),
        ("Frankfurt", "Hessen", "60311", "+49 69 90009 {n:03}"),
    ],
    "ru": [
        ("Moscow", "Moscow", "101000", "+7 495 010-{n:02}-{m:02}"),
        ("Saint Petersburg", "Saint Petersburg", "190000", "+7 812 010-{n:02}-{m:02}"),
        ("Kazan", "Republic of Tatarstan", "420000", "+7 843 010-{n:02}-{m:02}"),
        ("Nizhny Novgorod", "Nizhny Novgorod Oblast", "603000", "+7 831 010-{n:02}-{m:02}"),
    ],
    "us": [
        ("New York", "New York", "10001", "+1 212-555-01{n:02}"),
        ("Boston", "Massachusetts", "02108", "+1 617-555-01{n:02}"),
        ("Philadelphia", "Pennsylvania", "19103", "+1 215-555-01{n:02}"),
        ("Chicago", "Illinois", "60601", "+1 312-555-01{n:02}"),
        ("Atlanta", "Georgia", "30303", "+1 404-555-01{n:02}"),
        ("Houston", "Texas", "77002", "+1 713-555-01{n:02}"),
    ],
}
STREETS = {
    "de": [
        "Hafenstraße",
        "Industrieweg",
        "Am Werk",
        "Lindenallee",
        "Gutenbergring",
        "Rosenweg",
        "Laborstraße",
    ],
    "ru": ["Zavodskaya St.", "Lesnaya St.", "Nauchny Lane", "Sadovaya St.", "Tekhnicheskaya St."],
    "us": ["Harbor Street", "Innovation Drive", "Mill Road", "Commerce Avenue", "Lakeview Boulevard"],
}
COMPANY_PATTERNS = {
    "de": ["{last} Analytik GmbH", "Labor Dr. {last} GmbH", "{last} Pharma AG", "{last} & {last2} Wassertechnik",
           "Brauerei {last} KG", "{last} Umweltlabor GmbH", "{last} Chemie GmbH", "Molkerei {last} eG",
           "{last} Energieservice GmbH", "{last} Diagnostik GmbH"],
    "ru": ["{last} Lab LLC", "NPP {last}-Pribor", "{last}khim JSC", "{last} Agro LLC", "{last} Vodokanal Service",
           "{last} Pharm JSC", "{last} Energo LLC", "{last} & {last2} Analytics"],
    "us": ["{last} Diagnostics Inc.", "{last} Biosciences LLC", "{last} Foods Inc.", "{last} Water Services",
           "{last} & {last2} Laboratories", "{last} Energy Partners", "{last} Brewing Company",
           "{last} Specialty Chemicals", "{last} Clinical Research"],
}  # fmt: skip
FUNCTIONS = ["Head of Laboratory", "Purchasing Manager", "Quality Manager", "Technical Director", "Lab Manager",
             "Plant Engineer", "Environmental Officer", "Managing Director"]  # fmt: skip

SUMMARIES = {
    "call_cold": ["First call", "Ask who is in charge of measuring equipment", "Introduce Nordlicht", "Call back the lab",
                  "Qualify demand for this year"],
    "call_warm": ["Follow up on the offer", "Clarify open points", "Ask about the budget", "Talk about delivery dates",
                  "Check how the instruments run", "Answer technical questions"],
    "meeting": ["Demonstration on site", "Online demo", "Needs analysis", "Meeting with purchasing", "Lab visit",
                "Negotiate the frame agreement"],
    "proposal": ["Send commercial proposal", "Send revised offer", "Offer with two options", "Quote spare parts"],
    "call_in": ["Customer asks about delivery", "Question about an invoice", "Asks for a spare part",
                "Wants to talk about calibration", "New inquiry by phone"],
    "visit": ["Visit at the customer's", "Walk through the plant", "Round of the laboratories", "Visit with service"],
    "measurement": ["Test measurement on site", "Comparison with the old instrument", "Noise and vibration survey"],
    "estimate": ["Estimate for the extension", "Work out quantities and prices", "Estimate with installation"],
    "email": ["Send data sheet", "Confirm the appointment", "Send references", "Send case study"],
}  # fmt: skip
FEEDBACK = {
    "call_cold": ["Not reached, left a message.", "Wants a data sheet first.", "Has a supplier, call again in spring.",
                  "Interested, asked for a visit.", "Wrong person, got the name of the lab manager.",
                  "No demand at the moment."],
    "call_warm": ["Budget is approved, decision this month.", "Still comparing with another supplier.",
                  "Asks for a better delivery date.", "Happy with the instruments.", "Purchasing wants three offers.",
                  "Will come back next week.", "Needs the calibration certificate first."],
    "meeting": ["Showed the instrument, very positive.", "Agreed on the list of requirements.",
                "Production joined, two more units possible.", "They want a test installation.",
                "Price is the open point."],
    "proposal": ["Offer sent, valid for 30 days.", "Revised offer sent with training included.",
                 "Sent with two options.", "Sent, they confirm receipt."],
    "call_in": ["Answered at once.", "Passed on to service.", "Wants an offer.", "Called about the next delivery."],
    "visit": ["Saw the lab, three older instruments.", "Met the new lab manager.", "Spoke about next year's budget."],
    "measurement": ["Within the tolerance, they are convinced.", "Report sent to the customer.",
                    "To be repeated with the larger probe."],
    "estimate": ["Estimate handed over.", "Two variants worked out.", "Installation takes two days."],
    "email": ["Sent.", "Sent, answer expected this week.", "Documents sent to the lab manager."],
}  # fmt: skip
