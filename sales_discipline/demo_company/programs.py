"""Sales programs of the demo company, and what is agreed with its clients by the quarter."""

# products of the additional range, by their codes
ADDITIONAL = ("SRV-CAL", "SRV-AMC", "SRV-TRN", "REF-KIT")

# key of who is responsible (None: the head of sales), teams, first and last day counted from today, classes, days compared
# with, planned growth in percent of the sales before, share of the clients who are to order, name, goal, tasks: (goal,
# measure, days until due, value)
PROGRAMS = [
    (
        "katrin", ("key",), -150, -61, "ab", "before", 10, 0.6,
        "Maintenance Contracts for Key Accounts",
        "Every large laboratory has a maintenance contract for its spectrophotometers and balances.",
        [
            ("A list of instruments without a contract", "For each client of the group, with the year of purchase.", 14, 0),
            ("An offer for every instrument on the list", "Sent, and talked through on the phone within a week.", 60, 0),
        ],
    ),
    (
        None, (), -45, 44, "ab", "before", 12, 0.7,
        "Calibration before the Audit",
        "Clients who are audited at the year's end have their instruments calibrated by us and not by the manufacturer.",
        [
            ("Ask every client of the group for the date of the audit", "The date is noted on each client.", 21, 0),
            ("Two calibration days sold", "Two orders for calibration of five instruments or more.", 60, 150),
        ],
    ),
    (
        "markus", ("new",), -30, 59, "bc", "before", 25, 0.4,
        "The Second Order",
        "Clients who have bought one instrument come back for standards, columns and probes.",
        [
            ("Visit five clients of the group", "Five visits, each with what the laboratory uses up in a month.", 30, 0),
            ("A framework agreement for consumables", "Signed by one client of the group.", 75, 200),
        ],
    ),
    (
        "daniel", ("americas",), 9, 98, "abc", "year", 0, 0.5,
        "Water Season",
        "Municipal water works order their probes before the spring rains.",
        [("Call every water works of the group", "A call each, with the budget for the year.", 20, 0)],
    ),
]  # fmt: skip

# what clients say beside the amount
NOTES = [
    "Framework order in two deliveries, prices of the current list.",
    "Budget released by the laboratory's head; purchasing orders in the second month.",
    "Depends on the new building: probes only if it opens in time.",
    "Calibration of all balances together with the yearly audit.",
    "",
    "",
]
