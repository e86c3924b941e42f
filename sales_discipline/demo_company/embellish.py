"""What a few people of the demo company make look better than it was, for the signals and reports to find."""

from collections import defaultdict
from datetime import timedelta

EMBELLISHER = "megan"  # of what was done: in one go, without a word, or always with the same
OVERSTATER = "dmitry"  # of the report of one's own
MANY = 9  # activities a day that are worth it
RECENT = timedelta(days=28)
SAME = "Good talk, will call again"

# what the leader found out about a kind of signal: result, comment
FOUND_OUT = {
    "claimed": ("confirmed", "We went through the week together: calls to colleagues were counted as well."),
    "no_text": ("confirmed", "Talked about it: every call gets a sentence from now on."),
    "same_text": (
        "confirmed",
        "Copied to be done with it. We agreed on two questions to note for each call.",
    ),
    "burst": ("harmless", "Logged on the train back from customers; I was there."),
    "deadline": ("harmless", "Writes everything up in the evening, the calls are real."),
    "at_once": ("harmless", "Logs calls right after them."),
    "client": ("harmless", "A large tender, many people to talk to."),
    "lost": ("harmless", "The customer has asked again."),
}

# person, days back, indicator (None: the whole day), reason, text, missing, how it was decided (None: not yet), answer
APPEALS = [
    (
        "luis",
        9,
        "meetings_done",
        "meeting",
        "Met Dr. Alvarez at the trade fair, the calendar was not at hand. Her card is in the file.",
        1,
        "adjust",
        "She wrote to me the day after: counted.",
    ),
    (
        "anna",
        8,
        None,
        "system",
        "The office in Moscow had no internet from two o'clock on, the provider has confirmed it.",
        0,
        "excuse",
        "Same for the colleagues there.",
    ),
    (
        "dmitry",
        7,
        "calls_cold",
        "other",
        "I called more than that, some calls are on my private phone.",
        4,
        "refuse",
        "Calls count once they are in the CRM by 18:00. Please log them from your phone next time.",
    ),
    (
        "tobias",
        3,
        "proposals_sent",
        "other",
        "The quotation went out by post, the customer asked for paper. I logged it a day later.",
        1,
        None,
        None,
    ),
]


def embellish(story) -> None:
    """Change how somebody logged the tasks of recent days: all within two minutes, without a text, or with the same."""
    calendar, days = story.calendar, defaultdict(list)
    for task in story.tasks:
        if task.owner.key == EMBELLISHER and task.done and task.done > calendar.now - RECENT:
            days[calendar.local_date(task.owner, task.done)].append(task)
    long_days = [tasks for _day, tasks in sorted(days.items()) if len(tasks) >= MANY]
    for number, tasks in enumerate(long_days):
        tasks.sort(key=lambda task: task.done)
        for place, task in enumerate(tasks):
            if number % 3 == 0:
                task.done = tasks[-1].done + timedelta(seconds=7 * (place - len(tasks) + 1))
            else:
                task.feedback = SAME if number % 3 == 1 else ""


def state(person, measured: float, random) -> float:
    """What somebody states of an indicator."""
    if person.key == OVERSTATER:
        return measured + round(0.4 * measured) + (random.random() < 0.5)
    if measured and random.random() > person.care:  # it was forgotten, or counted twice
        return max(0, measured + random.choice((-1, 1)))
    return measured
