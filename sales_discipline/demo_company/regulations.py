"""How the demo company keeps its rules of working with clients: in time, late, with a reason why not, or not at all."""

from datetime import timedelta

from .people import PEOPLE

RULES = ("web_lead", "payment", "answer", "review", "lost", "rating", "quarter")
DELIVERY = (5, 12)  # days from an order to its delivery
WHY_NOT = [
    "Spoke to them about something else this morning, they will come back to us",
    "The contact has left the company; looking for the new one",
    "Asked us not to call before the end of the quarter",
    "Paid by card in the shop, accounting has yet to match it",
    "On trade fairs all week, agreed on the phone date already",
    "Duplicate of another inquiry of the same client",
]
REVIEWS = {
    5: [
        "Instrument was running two hours after it arrived. Thank you!",
        "Best advice we had from any supplier this year.",
        "Delivered early, and the training was excellent.",
        "",
    ],
    4: [
        "Very good. The manual could be shorter.",
        "All as agreed, the invoice came a bit late.",
        "Happy with it; please send the calibration sheet next time without asking.",
    ],
    3: [
        "Works, but we had to call twice about the accessories.",
        "Delivery took a week longer than promised.",
    ],
    2: ["One of the two devices was damaged, and nobody called back for three days."],
    1: ["Wrong model delivered. We want somebody to come and sort this out."],
}
STARS = [5] * 10 + [4] * 8 + [3] * 3 + [2, 1]
ANSWERS = [
    "Reached Ms Keller, they pay on Friday",
    "Wants the offer split into two orders, sends a mail today",
    "Decision in the board meeting on the 14th",
    "Talked for ten minutes: next order in January",
    "Invoice had gone to the old address, sent again",
    "Asks for 3 % more discount, answered with free training",
]


def become(random, person, triggered, due, now):
    """What becomes of a to-do that was due before now, and when.

    :return: (done or skipped or stopped, moment, reason or None)
    """
    care = person.care if person else 0.85
    chance, span = random.random(), due - triggered
    if chance < 0.25 + 0.7 * care:
        return "done", triggered + span * random.uniform(0.25, 0.98), None
    if chance < 0.31 + 0.7 * care:
        early = due - span * random.uniform(0.05, 0.4)
        return "skipped", early, random.choice(WHY_NOT)
    late = min(now, due + timedelta(hours=random.uniform(2, 70)))
    if chance < 0.55 + 0.5 * care:
        return "done", late, None
    return "stopped", late, None


def by_user(users) -> dict:
    """`{id of a user: person}`"""
    return {users[person.key].id: person for person in PEOPLE}
