"""The plans of the demo company: their indicators, and what experts say of people."""

# metric, target, points if done, points if missed, weight, yellow from (%)
CONTROLLED = [  # the daily table: what earns points, and what is only looked at
    ("meetings_done", 1, 1, -2, 15, 80),
    ("proposals_sent", 1, 1, -2, 15, 80),
    ("companies_added", 1, 1, -2, 10, 80),
    ("activities_overdue", 0, 1, -2, 15, 100),
    ("deals_without_activity", 0, 1, -2, 15, 100),
    ("deals_won", 0, 0, 0, 0, 100),
    ("deals_won_amount", 0, 0, 0, 0, 100),
    ("deals_lost", 1, 0, 0, 0, 50),
    ("deals_open", 5, 0, 0, 0, 80),
]
CALLS = [("calls_done", 5, 1, -2, 30, 80)]
HUNTING = [("calls_cold", 4, 1, -2, 20, 75), ("calls_warm", 2, 1, -2, 10, 80)]
WEEKLY = [
    ("opportunities_new", 7, 3, -3, 30, 80),
    ("deals_won", 3, 5, 0, 30, 80),
    ("contacts_added", 14, 2, -2, 10, 80),
    ("activities_overdue", 2, 3, -3, 15, 50),
    ("deals_without_activity", 3, 3, -3, 15, 50),
]

# category, scope, metric, target, points if done, points if missed, weight, yellow from (%)
MONTHLY = [
    ("kpi", "own", "sales_confirmed", 40000, 10, 0, 40, 80),
    ("kpi", "own", "deals_won", 3, 5, 0, 10, 80),
    ("kpi", "own", "customers_new", 2, 5, 0, 10, 50),
    ("kpi", "own", "conversion_proposal_won", 20, 2, 0, 5, 75),
    ("standard", "own", "calls_outgoing", 110, 2, 0, 10, 80),
    ("standard", "own", "meetings_done", 20, 3, 0, 10, 80),
    ("standard", "own", "first_touch_minutes", 60, 2, 0, 5, 50),
]
MONTHLY_SINCE_BILLED = [
    ("kpi", "own", "sales_collected", 30000, 5, 0, 15, 80),
    ("standard", "own", "crm_fill_rate", 95, 3, 0, 10, 90),
    ("standard", "own", "rules_compliance", 85, 3, 0, 5, 85),
    ("standard", "own", "receivables_overdue", 15000, 2, 0, 5, 50),
    ("standard", "own", "needs_analysis", 75, 3, 0, 10, 90),
    ("smart", "own", "account_plans", 80, 5, 0, 10, 75),
]
LEADERS = [
    ("kpi", "own", "sales_confirmed", 40000, 10, 0, 30, 80),
    ("kpi", "team", "sales_confirmed", 180000, 10, 0, 40, 80),
    ("kpi", "team", "deals_won", 14, 5, 0, 10, 80),
    ("standard", "own", "meetings_done", 20, 3, 0, 10, 80),
    ("standard", "team", "leads_untouched", 3, 2, 0, 5, 50),
]
LEADERS_SINCE_BILLED = [
    ("kpi", "team", "sales_collected", 150000, 5, 0, 15, 80),
    ("standard", "team", "crm_fill_rate", 95, 3, 0, 10, 90),
    ("standard", "team", "rules_compliance", 85, 3, 0, 5, 85),
    ("smart", "own", "coaching", 80, 5, 0, 10, 75),
]

# code: name, description, whether the leader assesses, logins of other experts
ASSESSED = {
    "needs_analysis": (
        "Quality of the Needs Analysis",
        "How well the customer's needs are understood and written down before an offer is made: two"
        " opportunities of the month, read by the leader and by a colleague.",
        True,
        ("sophie",),
    ),
    "account_plans": (
        "Account Plans Up to Date",
        "Each of the five largest customers has an account plan of this quarter with aims, contacts and next steps.",
        True,
        (),
    ),
    "coaching": (
        "Coaching of the Team",
        "One joint visit and one talk with each member of the team, with notes.",
        False,
        ("henrik",),
    ),
}
COMMENTS = {  # by how good the score is
    "good": [
        "Thorough, and the customer's own words are noted.",
        "All five plans are there, two of them exemplary.",
        "Very well prepared, next steps agreed with the customer.",
    ],
    "fair": [
        "Good in the large accounts, thin in the others.",
        "The decision makers are missing in one of the two.",
        "On time, but the aims could be more concrete.",
    ],
    "poor": [
        "Written after the offer, in two lines.",
        "Two plans are from last year.",
        "Needs are a list of products, not of problems. To be talked about.",
    ],
}
PROOF = """Notes of the joint visit with {name}

Present: head of the laboratory, purchasing.
- Needs were asked for before the instrument was shown.
- Open: who decides on the budget, and by when.
- Next step: test measurement with the customer's samples.
"""
