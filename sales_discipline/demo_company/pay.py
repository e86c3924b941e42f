"""How the demo company pays: its schemes, SMART tasks, and what happens around a payroll run.

Months are counted back from the story's own: 1 is the last one that is over.
"""

from .people import PAYROLL

REPRESENTATIVES, KEY_ACCOUNTS, LEADERS = "Sales Representative", "Key Account Manager", "Sales Team Leader"

# jobs, values of the scheme, and its components: (values, code of the metric they are paid on, ladder, names of grades)
SCHEMES = [
    (
        "Sales representatives",
        REPRESENTATIVES,
        {"guaranteed": 2100, "max_reduction": 20},
        [
            (
                {
                    "kind": "base",
                    "name": "Base pay",
                    "wage_source": "employee",
                    "card_period": "day",
                    "waiver_metric_id": "sales_confirmed",
                },
                [(0, 60), (60, 80), (80, 100)],
            ),
            (
                {"kind": "commission", "name": "Commission", "metric_id": "sales_invoiced", "mode": "whole"},
                [(20000, 1), (40000, 1.5), (60000, 2), (90000, 2.5)],
            ),
            (
                {
                    "kind": "points",
                    "name": "Daily discipline",
                    "basis": "week",
                    "card_period": "day",
                    "rate": 5,
                    "minus_rate": 4,
                    "has_floor": True,
                    "floor": -120,
                    "has_cap": True,
                    "cap": 180,
                },
                [],
            ),
        ],
    ),
    (
        "Key account managers",
        KEY_ACCOUNTS,
        {},
        [
            ({"kind": "base", "name": "Base pay", "wage_source": "employee", "card_period": "day"}, []),
            (
                {
                    "kind": "commission",
                    "name": "Commission",
                    "metric_id": "sales_confirmed",
                    "ladder_by": "completion",
                    "mode": "marginal",
                },
                [(50, 1), (100, 2.5), (120, 3)],
            ),
            (
                {"kind": "grade", "name": "Grade", "grade_pays": "amount", "grade_months": 2},
                [(0, 0, "Account Manager"), (75, 200, "Senior"), (95, 450, "Principal")],
            ),
            ({"kind": "task", "name": "Development tasks"}, []),
        ],
    ),
    (
        "Team leaders",
        LEADERS,
        {},
        [
            ({"kind": "base", "name": "Base pay", "wage_source": "employee", "card_period": "day"}, []),
            (
                {"kind": "kpi_bonus", "name": "Bonus on the team's KPIs", "fixed_amount": 900},
                [(70, 50), (90, 100), (105, 130)],
            ),
            (
                {
                    "kind": "points",
                    "name": "Team week",
                    "basis": "week",
                    "card_period": "week",
                    "rate": 8,
                    "minus_rate": 0,
                    "has_floor": True,
                    "floor": 0,
                },
                [],
            ),
            ({"kind": "task", "name": "Development tasks"}, []),
        ],
    ),
]

# person, months back of its due date (0: the running one), state, value, goal, measure, result
TASKS = [
    (
        "sophie",
        2,
        "approved",
        250,
        "Annual plans for the five largest laboratories",
        "A plan for each with turnover, contacts, open projects and three next steps, agreed with the team leader.",
        "All five plans are in the documents of the customers; four were talked through with purchasing.",
    ),
    (
        "jonas",
        2,
        "approved",
        150,
        "Service contracts offered to all owners of analysers out of warranty",
        "Every owner has an offer; at least three contracts signed.",
        "22 offers sent, four contracts signed.",
    ),
    (
        "katrin",
        1,
        "approved",
        200,
        "Mentoring program for new colleagues",
        "Plan for the first 90 days, a mentor for each newcomer, feedback after 30 days.",
        "Felix has a mentor and a plan; the first feedback was on the 12th.",
    ),
    (
        "miriam",
        1,
        "approved",
        120,
        "Reference visit with two university clinics",
        "Both visits held, with notes and the permission to name them.",
        "Both held. One clinic lets us use its name and logo.",
    ),
    (
        "tobias",
        1,
        "rejected",
        150,
        "Win back three customers without an order this year",
        "An order from each of three customers that bought nothing for nine months.",
        "Called all of them, two asked for a quotation.",
    ),
    (
        "daniel",
        0,
        "submitted",
        200,
        "Sales program for environmental laboratories",
        "Target list of 40 laboratories, mailing, and ten first meetings.",
        "List and mailing done, eleven meetings held.",
    ),
    (
        "sophie",
        0,
        "submitted",
        180,
        "Share of consumables at key accounts up by two points",
        "Consumables are 14 % of the quarter's sales to key accounts.",
        "14.6 % by the 15th, see the sheet.",
    ),
    (
        "jonas",
        0,
        "open",
        200,
        "Framework agreement with the hospital group",
        "Signed by both sides, with a price list for two years.",
        False,
    ),
    (
        "markus",
        0,
        "open",
        250,
        "Call guide for water treatment plants",
        "Written, tried in 20 calls, and taught to the team.",
        False,
    ),
    (
        "tobias",
        0,
        "draft",
        150,
        "Clean up the open opportunities older than half a year",
        "Each is closed or has a next step and a date.",
        False,
    ),
]
REJECTED = "The goal was an order from each of the three; two quotations are a good start. Hand it in again with the orders."

# person, months back, amount, reason
ENTRIES = [
    ("anna", 2, 250, "Referral bonus: Felix Baumann has joined the company"),
    ("luis", 1, 120, "Allowance for the weekend at the Pittsburgh trade fair"),
    ("megan", 1, -40, "Private calls from the company's phone, as agreed"),
]

# person, months back, kind of the line, question, answer (None: still open), accepted
DISPUTES = [
    (
        "dmitry",
        2,
        "base",
        "I was at the customer's in Kazan for two days and could not enter my calls. Please count them.",
        "The calls were entered a week later, after the deadline. Your leader can adjust the days in question next time: "
        "please tell him on the day.",
        False,
    ),
    (
        "tobias",
        1,
        "commission",
        "The order of the university was agreed on by me and Sophie together. Is my share in here?",
        None,
        False,
    ),
]

OWNER, COLLEAGUE = "sophie", "tobias"  # some of her orders were won together
SHARES = {OWNER: 70.0, COLLEAGUE: 30.0}
REFUNDED = ("luis", "rachel", "anna")  # one of whose invoices is credited after the month was paid
REFUND_FROM = 4000
OFFICER = PAYROLL[0]
