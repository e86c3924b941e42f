"""What a seal holds of a card, and how two of them differ."""

import json
from typing import NamedTuple

# Fields in the order in which a seal of that format writes them down. A new field makes a new format: old seals are
# read by the list of their time.
FORMATS = {
    1: (
        (
            "id employee_id user_id team_id plan_id company_id period date_from date_to tz hours day_hours norm_hours"
            " scheduled_hours deadline state frozen_at points efficiency done_count line_count trial backfilled"
            " ask_report submitted_at report_comment excused excuse_reason amended_at"
        ).split(),
        (
            "id plan_line_id metric_id company_id currency_id sequence category scope weight target actual claimed"
            " previous adjustment adjustment_reason completion zone trend done points record_ids member_ids"
        ).split(),
    ),
}
CURRENT = 1
# what a decision about a frozen card changes: its totals, and of a line what was added and what follows from it
CARD_FOLLOWS = frozenset("points efficiency done_count line_count excused excuse_reason amended_at".split())
LINE_GIVEN = frozenset("adjustment adjustment_reason".split())
LINE_FOLLOWS = LINE_GIVEN | frozenset("completion zone trend done points".split())


class Difference(NamedTuple):
    """One value that is another one: of the card itself if `line_id` is None. A line that is gone or came has the
    name 'id' and None on one side."""

    line_id: int | None
    metric_id: int | None
    name: str
    sealed: object
    stored: object


def differences(sealed: str, stored: str) -> list[Difference]:
    """Where two contents of one card differ, in the order of the seal: the card first, then its lines.

    :param sealed: JSON as a seal holds it, `[format, [values of the card], [[values of a line], ...]]`
    """
    before, after = json.loads(sealed), json.loads(stored)
    card_names, line_names = FORMATS[before[0]]
    found = [Difference(None, None, *change) for change in _changes(card_names, before[1], after[1])]
    metric = line_names.index("metric_id")
    old, new = ({line[0]: line for line in content[2]} for content in (before, after))
    for line_id in [*old, *(line_id for line_id in new if line_id not in old)]:
        line = old.get(line_id) or new[line_id]
        if line_id not in old or line_id not in new:
            ids = (line_id if line_id in lines else None for lines in (old, new))
            found.append(Difference(line_id, line[metric], "id", *ids))
            continue
        changes = _changes(line_names, line, new[line_id])
        found += [Difference(line_id, line[metric], *change) for change in changes]
    return found


def not_explained(what: str, changes: list[Difference]) -> list[Difference]:
    """Those of the changes between two seals of one card that the decision does not explain: nothing that was measured
    or stated ever changes, and an adjustment changes only its own line, what follows from it, and the totals.

    :param what: 'adjusted' is about lines that say so; any other decision is about the card as a whole
    """
    adjusted = {change.line_id for change in changes if change.name in LINE_GIVEN} - {None}

    def is_explained(change):
        if change.line_id is None:
            return change.name in CARD_FOLLOWS
        return change.name in LINE_FOLLOWS and (what != "adjusted" or change.line_id in adjusted)

    return [change for change in changes if not is_explained(change)]


def _changes(names, before, after):
    values = zip(names, before, after, strict=True)
    return [(name, old, new) for name, old, new in values if old != new]
