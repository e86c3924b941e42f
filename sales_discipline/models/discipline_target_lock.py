from datetime import date

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..tools.periods import DAY
from .sql_rows import sql_rows

CHECKED = (
    object()
)  # in the context of code that has asked `_refuse_closed` already; no remote call can send it
COLUMNS = ("metric_id", "company_id", "period", "scope", "employee_id", "team_id", "date_from", "date_to")
FROZEN = """
    SELECT v.metric_id, c.id AS card_id, c.date_to, v.id AS place FROM %(rows)s
      JOIN discipline_scorecard c ON c.company_id = v.company_id AND c.period = v.period AND c.state = 'frozen'
       AND c.date_from >= v.date_from AND c.date_from <= v.date_to AND %(whose)s
     WHERE EXISTS (SELECT FROM discipline_scorecard_line l WHERE l.scorecard_id = c.id AND l.metric_id = v.metric_id)
"""


class DisciplineTarget(models.Model):
    """What has been judged stays as it was judged: targets of closed periods are refused, whoever asks."""

    _inherit = "discipline.target"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["discipline.span"]._check_stamps(self, ["currency_id"], vals_list)
        context = {key: value for key, value in self.env.context.items() if key != "default_currency_id"}
        clean = self.with_context(context)  # pylint: disable=context-overridden
        targets = super(DisciplineTarget, clean).create(vals_list).with_env(self.env)
        if self.env.context.get("discipline_targets") is not CHECKED:
            targets._refuse_closed([target._get_span() for target in targets])
        return targets

    def write(self, vals):
        self.env["discipline.span"]._check_stamps(self, ["currency_id"], [vals])
        before = {target: target._get_span() for target in self}
        res = super().write(vals)
        if self.env.context.get("discipline_targets") is not CHECKED:
            self._refuse_closed(
                [part for target in self for part in get_changed(before[target], target._get_span())]
            )
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        if self.env.context.get("discipline_targets") is not CHECKED:
            self._refuse_closed([target._get_span() for target in self])

    def _get_span(self) -> tuple:
        """(values of COLUMNS, amount): for whom, from when until when, and how much."""
        self.ensure_one()
        values = (self[name].id if name.endswith("_id") else self[name] for name in COLUMNS[:-2])
        key = tuple(value or None for value in values)
        return (*key, self.date_from, self.date_to), self.amount

    @api.model
    def _refuse_closed(self, spans: list[tuple]) -> None:
        """:raise UserError: if a period that begins within one of `spans` (see `_get_span`) is closed: there is a
        frozen card with that metric for the person, for anybody of the team, or of the company"""
        if found := self._find_closed([span[0] for span in spans]):
            metric_id, card_id, last = found
            metric = self.env["discipline.metric"].sudo().browse(metric_id)
            raise UserError(
                self.env._(
                    "The target of '%(metric)s' is closed until %(day)s, for the scorecard '%(card)s' is frozen with it."
                    " What comes after can be changed: end the target in force with the field 'Valid until' on that"
                    " day or later, and add another with 'Valid from' after it.",
                    metric=metric.name,
                    day=format_date(self.env, last),
                    card=self.env["discipline.scorecard"].sudo().browse(card_id).display_name,
                )
            )

    @api.model
    def _find_closed(self, rows: list[tuple]) -> tuple[int, int, date] | None:
        """(metric id, card id, its last day) of the latest frozen card that stands on one of these `rows` of
        COLUMNS, in one statement; None if there is none."""
        if not rows:
            return None
        self.env.flush_all()
        union = self._sql_closed(rows)
        found = self.env.execute_query(
            SQL(
                "SELECT metric_id, card_id, date_to FROM (%s) f ORDER BY date_to DESC, card_id LIMIT 1", union
            )
        )
        return found[0] if found else None

    @api.model
    def _find_all_closed(self, rows: list[tuple]) -> list[int]:
        """The places of those of these `rows` of COLUMNS on which a frozen card stands, in one statement."""
        if not rows:
            return []
        self.env.flush_all()
        found = self.env.execute_query(
            SQL("SELECT DISTINCT place FROM (%s) f ORDER BY 1", self._sql_closed(rows))
        )
        return [place for (place,) in found]

    @api.model
    def _sql_closed(self, rows: list[tuple]) -> SQL:
        """(metric_id, card_id, date_to, place among `rows`) of the frozen cards that stand on these rows of COLUMNS."""
        whose = {
            "employee": "v.employee_id IS NOT NULL AND c.employee_id = v.employee_id",
            "team": "v.team_id IS NOT NULL AND c.team_id = v.team_id",
            "company": "v.scope = 'company'",
        }
        table = sql_rows(self, (*COLUMNS, "id"), [(*row, place) for place, row in enumerate(rows)])
        parts = [SQL(FROZEN, rows=table, whose=SQL(condition)) for condition in whose.values()]
        return SQL(" UNION ALL ").join(parts)


def get_changed(before: tuple, after: tuple) -> list[tuple]:
    """The spans in which something is different: both as a whole if whose or how much has changed, else the days
    that have come or gone."""
    if before == after:
        return []
    (*key, first, last), amount = before
    (*other, begin, end), value = after
    if key != other or amount != value or end < first or last < begin:
        return [before, after]
    parts = [(min(first, begin), max(first, begin) - DAY), (min(last, end) + DAY, max(last, end))]
    return [((*key, start, stop), amount) for start, stop in parts if start <= stop]
