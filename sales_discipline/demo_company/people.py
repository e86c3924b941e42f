"""Who works at the demo company: fourteen salespeople, three of whom lead a team, and two others."""

from dataclasses import dataclass

COMPANY = "Nordlicht Instruments GmbH"
DOMAIN = "nordlicht-instruments.example"

BERLIN, MOSCOW, NEW_YORK = "Europe/Berlin", "Europe/Moscow", "America/New_York"
TEAMS = {"key": "Key Accounts", "new": "New Business", "americas": "Americas"}


@dataclass(frozen=True)
class Person:
    """One salesperson.

    diligence: share of the usual day's work that gets done (1.0 = just about the plan);
    care: chance that a task is done on its day; planning: chance that a deal gets its next step at once;
    skill: factor on the chance to win; habit: steady | batch (logs before 18:00) | late (also after it).
    """

    key: str
    name: str
    team: str
    tz: str
    diligence: float
    care: float
    planning: float
    skill: float = 1.0
    habit: str = "steady"
    leader: bool = False
    share: float = 1.0
    situation: str = ""  # hired | leave
    phone: str = ""

    @property
    def email(self):
        return f"{self.name.lower().replace(' ', '.')}@{DOMAIN}"


# fmt: off
PEOPLE = [
    Person("katrin", "Katrin Vogel", "key", BERLIN, 1.15, 0.985, 0.995, 1.15, leader=True, phone="+49 30 23125 111"),
    Person("jonas", "Jonas Reinhardt", "key", BERLIN, 1.10, 0.97, 0.985, phone="+49 30 23125 114"),
    Person("miriam", "Miriam Adler", "key", BERLIN, 1.12, 0.97, 0.99, share=0.5, phone="+49 30 23125 116"),
    Person("tobias", "Tobias Lenz", "key", BERLIN, 0.78, 0.82, 0.88, 0.72, "batch", phone="+49 30 23125 117"),
    Person("sophie", "Sophie Brandt", "key", BERLIN, 1.30, 0.99, 1.0, 1.2, phone="+49 30 23125 119"),
    Person("markus", "Markus Thiele", "new", BERLIN, 1.08, 0.96, 0.98, leader=True, phone="+49 30 23125 131"),
    Person("anna", "Anna Sokolova", "new", MOSCOW, 1.25, 0.985, 0.995, 1.1, phone="+7 495 010-41-02"),
    Person("dmitry", "Dmitry Orlov", "new", MOSCOW, 0.62, 0.66, 0.80, 0.9, "late", phone="+7 495 010-41-05"),
    Person("lena", "Lena Hartwig", "new", BERLIN, 0.98, 0.93, 0.96, situation="leave", phone="+49 30 23125 134"),
    Person("felix", "Felix Baumann", "new", BERLIN, 0.95, 0.94, 0.96, 0.8, situation="hired", phone="+49 30 23125 136"),
    Person("daniel", "Daniel Carter", "americas", NEW_YORK, 1.08, 0.96, 0.985, 1.1, leader=True, phone="+1 212-555-0141"),
    Person("rachel", "Rachel Kim", "americas", NEW_YORK, 1.27, 0.985, 0.995, 1.15, phone="+1 212-555-0143"),
    Person("luis", "Luis Herrera", "americas", NEW_YORK, 0.88, 0.88, 0.93, phone="+1 212-555-0146"),
    Person("megan", "Megan Doyle", "americas", NEW_YORK, 0.70, 0.74, 0.84, 0.9, "batch", phone="+1 212-555-0149"),
]
# fmt: on
MANAGER = ("henrik", "Henrik Lindqvist", "+49 30 23125 100")
PAYROLL = ("petra", "Petra Schuster", "+49 30 23125 180")

# fixed public holidays (month, day) by the country of the office
HOLIDAYS = {
    BERLIN: {(1, 1): "New Year", (3, 8): "Women's Day", (5, 1): "Labour Day", (10, 3): "Day of German Unity",
             (12, 25): "Christmas Day", (12, 26): "Boxing Day"},
    MOSCOW: {(1, 1): "New Year", (1, 2): "New Year holidays", (1, 5): "New Year holidays",
             (1, 6): "New Year holidays", (1, 7): "Christmas", (1, 8): "New Year holidays",
             (2, 23): "Defender's Day", (3, 8): "Women's Day", (5, 1): "Labour Day", (5, 9): "Victory Day",
             (6, 12): "Russia Day", (11, 4): "Unity Day"},
    NEW_YORK: {(1, 1): "New Year's Day", (6, 19): "Juneteenth", (7, 4): "Independence Day",
               (11, 11): "Veterans Day", (12, 25): "Christmas Day"},
}  # fmt: skip
