from datetime import datetime, timedelta

from psycopg2.extras import Json, execute_values

from ..tools.periods import local_to_utc, utc_bounds
from ..tools.windows import Window
from .common import DisciplineCase

FACT_COLUMNS = (
    "kind source_id user_id company_id partner_id activity_type_id res_model res_id happened_at entered_at quantity amount"
    " details origin"
).split()


class EngineCase(DisciplineCase):
    """What the tests of the engine share: windows, rows put into the ledger, and a recount of them in Python."""

    @classmethod
    def _window(cls, key, users, first, last=None, tz="UTC", hour=18.0, **values):
        """The window of local days `first` .. `last` with its deadline on the last."""
        last = last or first
        start, stop = utc_bounds(first, last, tz)
        base = {
            "key": key,
            "user_ids": tuple(users.ids),
            "start": start,
            "stop": stop,
            "entered_by": local_to_utc(last, hour, tz),
            "first_day": first,
            "last_day": last,
            "company_id": cls.company.id,
        }
        return Window(**{**base, **values})

    @classmethod
    def _insert_facts(cls, rows):
        """Put facts into the ledger as they are given, dicts of some of FACT_COLUMNS; each gets its `id`."""
        base = {"quantity": 1.0, "amount": 0.0, "origin": "live", "company_id": cls.company.id}
        values = []
        for row in rows:
            row.update({name: row.get(name, base.get(name)) for name in FACT_COLUMNS})
            row["entered_at"] = row["entered_at"] or row["happened_at"]
            values.append(
                [Json(row[name]) if name == "details" and row[name] else row[name] for name in FACT_COLUMNS]
            )
        query = f"INSERT INTO discipline_fact ({', '.join(FACT_COLUMNS)}) VALUES %s RETURNING id"
        with cls.env.cr._cnx.cursor() as cursor:
            ids = execute_values(cursor, query, values, page_size=len(values) or 1, fetch=True)
        for row, (fact_id,) in zip(rows, ids, strict=True):
            row["id"] = fact_id
        cls.env["discipline.fact"].invalidate_model()
        return rows


def is_inside(fact, window):
    """Whether a fact lies in the window, late or not."""
    return (
        fact["user_id"] in window.user_ids
        and window.start <= fact["happened_at"] < window.stop
        and window.company_id in (None, fact["company_id"])
        and (window.entered_after is None or fact["entered_at"] > window.entered_after)
    )


def split(facts, window):
    """(facts that count, late ones) of a window, by the words of the design."""
    inside = [fact for fact in facts if is_inside(fact, window)]
    good = [fact for fact in inside if fact["entered_at"] <= window.entered_by]
    late = [
        fact for fact in inside if fact["entered_at"] > window.entered_by and window.entered_after is None
    ]
    return good, late


def at(text):
    return datetime.fromisoformat(text)


def seconds(number):
    return timedelta(seconds=number)
