"""What the dashboard shows as long as there are no results: numbers of nobody. Used by dashboard.py."""

PEOPLE = ["Alex Morgan", "Kim Tanaka", "Lucia Rossi", "Omar Haddad", "Nina Berg", "Paul Dubois"]
METRICS = ["Calls", "Meetings", "Proposals Sent", "Companies Added", "Overdue Activities"]


def term(text):
    return f'=_t("{text}")'


def sample_data():
    """Numbers behind the charts."""
    cells = {}
    numbers = [("86.4", "83.1"), ("81.2", "79.5"), ("412", "377"), ("23", "31"), ("184k", "151k")]
    for row, (now, before) in enumerate(numbers, 2):
        cells |= {f"B{row}": now, f"C{row}": before, f"D{row}": now, f"E{row}": before}
    cells |= {f"B{row}": value for row, value in zip(range(10, 14), ("640", "184", "96", "31"), strict=True)}
    cells |= {"B20": "742", "C21": "58", "D22": "131"}
    cells |= {"G1": term("Week"), "H1": "East", "I1": "West"}
    for row, (east, west) in enumerate(
        ((78, 84), (80, 83), (79, 86), (83, 85), (82, 88), (86, 87), (85, 90), (88, 89))
    ):
        cells |= {f"G{row + 2}": f"W{row + 20}", f"H{row + 2}": str(east), f"I{row + 2}": str(west)}
    cells |= {"G11": term("Weekday"), "H11": term("Missed")}
    for row, (day, value) in enumerate(
        zip("Mon Tue Wed Thu Fri".split(), (31, 22, 19, 25, 34), strict=True), 12
    ):
        cells |= {f"G{row}": term(day), f"H{row}": str(value)}
    return cells


def sample_tables():
    """Numbers in the place of pivots, never anybody's."""
    cells = {}
    heads = {"A23": "Salesperson", "B23": "Points", "C23": "Efficiency", "D23": "Done", "F23": "Sales Team"}
    heads |= {"G23": "Points", "H23": "Efficiency", "I23": "Done", "A41": "Indicator", "B41": "Missed"}
    heads |= {"C41": "Done", "F54": "Salesperson", "G54": "Entries"}
    cells |= {place: term(title) for place, title in heads.items()}
    for row, name in enumerate(PEOPLE):
        cells |= {f"A{24 + row}": name, f"B{24 + row}": str(98 - 9 * row)}
        cells |= {f"C{24 + row}": f"{96 - 4 * row}%", f"D{24 + row}": f"{93 - 5 * row}%"}
        cells |= {f"F{55 + row}": name, f"G{55 + row}": str(7 - row)}
    for row, (team, points, efficiency) in enumerate((("East", 236, 88), ("West", 176, 84))):
        cells |= {f"F{24 + row}": team, f"G{24 + row}": str(points)}
        cells |= {f"H{24 + row}": f"{efficiency}%", f"I{24 + row}": f"{efficiency - 5}%"}
    for row, metric in enumerate(METRICS):
        cells |= {
            f"A{42 + row}": term(metric),
            f"B{42 + row}": str(41 - 7 * row),
            f"C{42 + row}": f"{71 + 5 * row}%",
        }
    return cells
