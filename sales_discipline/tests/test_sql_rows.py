from collections import Counter
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..models.sql_rows import sql_rows, sql_shared

NAMES = ("employee_id", "hours", "state", "date_from", "deadline", "trial", "day_hours")
# without the character that PostgreSQL has no text for
TEXT = st.one_of(
    st.sampled_from(["", "NULL", "null", "{", '"', "\\", "'", ",", '\\"', "%s", "\n\t ", "Ёж «№1»", "🙂"]),
    st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"])),
)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
MOMENT = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1))
ROW = st.tuples(
    st.none() | st.integers(-(2**31), 2**31 - 1),
    st.none() | NUMBER,
    st.none() | TEXT,
    st.none() | st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    st.none() | MOMENT,
    st.none() | st.booleans(),
    st.none() | st.dictionaries(TEXT, st.booleans() | TEXT | st.lists(st.integers())) | st.lists(TEXT),
)
SHARED = st.tuples(
    st.none() | st.sampled_from(["a", "b"]), st.none() | st.sampled_from([0.0, 2.5]), st.none() | MOMENT
)


@tagged("post_install", "-at_install")
class TestSqlRows(TransactionCase):
    """Rows of Python values as a table of SQL."""

    def _read(self, rows):
        return self.env.execute_query(
            SQL("SELECT * FROM %s", sql_rows(self.env["discipline.scorecard"], NAMES, rows))
        )

    @given(st.lists(ROW, max_size=8))
    def test_as_they_went_in(self, rows):
        """Whatever is in a text, a number or JSON comes out as it went in, in order; nothing stays nothing."""
        self.assertEqual(self._read(rows), rows)

    @given(st.lists(st.tuples(st.integers(1, 9), st.lists(SHARED, min_size=1, max_size=3)), max_size=8))
    def test_shared(self, groups):
        """The same of rows that share values: each as often as it went in, what they share in the statement but once."""
        rows = [(number, *shared) for number, found in groups for shared in found]
        types = ["int4", "varchar", "double precision", "timestamp"]
        query = sql_shared(["number", "text", "amount", "moment"], types, rows, 1, "v")
        self.assertEqual(Counter(self.env.execute_query(SQL("SELECT * FROM %s", query))), Counter(rows))
        self.assertEqual(query.params[-1].count(","), max(len({row[1:] for row in rows}) - 1, 0))

    def test_zeros(self):
        """None has a sign, whatever the others of its column have."""
        rows = [(-0.0,), (0.0,), (1.5,)]
        query = SQL(
            "SELECT v.hours::text FROM %s", sql_rows(self.env["discipline.scorecard"], ["hours"], rows)
        )
        self.assertEqual(self.env.execute_query(query), [("0",), ("0",), ("1.5",)])

    def test_nothing(self):
        self.assertEqual(self._read([]), [])

    def test_one_parameter_a_column(self):
        """The statement does not grow with the rows."""
        few, many = (
            sql_rows(self.env["discipline.scorecard"], NAMES, [(1, 8.0, "open", None, None, True, None)] * n)
            for n in (1, 1000)
        )
        self.assertEqual(few.code, many.code)
        self.assertEqual(len(many.params), len(NAMES))
