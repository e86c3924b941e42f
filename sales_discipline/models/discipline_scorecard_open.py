from datetime import datetime

from odoo import api, models
from odoo.tools import SQL

from ..tools.cards import Card
from .sql_rows import sql_rows


class DisciplineScorecard(models.Model):
    """Opening cards: measured and judged first, then stored as they are to be, for PostgreSQL checks each key of a row
    once more if the row is changed in the transaction that added it."""

    _inherit = "discipline.scorecard"

    @api.model
    def _open_cards(self, values: list[dict], frozen_at: datetime | None = None):
        """Open new cards with their lines, and freeze them at once if there is a moment for it. Those that another process
        has opened meanwhile are left to it.

        :param values: of the cards, the same fields of each, as `_get_missing` returns them
        :param frozen_at: naive UTC
        :return: the new cards
        """
        if not values:
            return self.browse()
        cards = [
            Card(id=card_id, **{name: vals[name] for name in Card._fields[1:]})
            for card_id, vals in zip(self._reserve_ids(len(values)), values, strict=True)
        ]
        rows, totals = self._prepare_rows(cards)
        state = ("frozen" if frozen_at else "open", frozen_at)
        stored = self._insert_cards(values, [(*total, *state) for total in totals])
        self._store_lines([row for row in rows if row[0] in stored], new=True)
        self.env["discipline.scorecard.line"].invalidate_model()
        self.env["discipline.plan"].invalidate_model(["scorecard_count", "has_results"])
        return self.browse(card.id for card in cards if card.id in stored)

    @api.model
    def _reserve_ids(self, count: int) -> list[int]:
        """Ids for new cards, in ascending order."""
        query = SQL("SELECT nextval('discipline_scorecard_id_seq') FROM generate_series(1, %s)", count)
        return [row[0] for row in self.env.execute_query(query)]

    @api.model
    def _insert_cards(self, values: list[dict], results: list[tuple]) -> set[int]:
        """Store new cards in one statement.

        :param values: of each card
        :param results: `(id, points, efficiency, done, lines, state, frozen at)` of each
        :return: ids of those that are stored; the others are there already
        """
        names = ["id", "points", "efficiency", "done_count", "line_count", "state", "frozen_at", *values[0]]
        rows = [(*result, *vals.values()) for result, vals in zip(results, values, strict=True)]
        self.env.cr.execute(
            SQL(
                "INSERT INTO discipline_scorecard (%(columns)s, create_uid, create_date, write_uid, write_date)"
                " SELECT %(columns)s, %(uid)s, %(now)s, %(uid)s, %(now)s FROM %(rows)s"
                " ON CONFLICT (employee_id, plan_id, date_from) DO NOTHING RETURNING id",
                columns=SQL(", ").join(map(SQL.identifier, names)),
                uid=self.env.uid,
                now=SQL("now() AT TIME ZONE 'UTC'"),
                rows=sql_rows(self, names, rows),
            )
        )
        return {row[0] for row in self.env.cr.fetchall()}
