from odoo import api, fields, models
from odoo.tools import SQL

KINDS = ("activity_postponed", "activity_cancelled", "activity_handed_over")


class DisciplinePostponement(models.Model):
    """Activities that had come due and were put off instead of done: postponed, deleted or handed over. One row a time,
    with how often it has been by then. Its record rules are its own, those of facts."""

    _name = "discipline.postponement"
    _description = "Activity Put Off"
    _auto = False
    _rec_name = "res_name"
    _order = "happened_at desc, id desc"
    _depends = {
        "discipline.fact": [
            "kind",
            "source_id",
            "user_id",
            "team_id",
            "deadline",
            "happened_at",
            "details",
        ],
    }

    fact_id = fields.Many2one("discipline.fact", readonly=True)
    activity_id = fields.Integer("Activity ID", readonly=True, aggregator=None)
    kind = fields.Selection(
        [
            ("activity_postponed", "Postponed"),
            ("activity_cancelled", "Deleted"),
            ("activity_handed_over", "Handed Over"),
        ],
        readonly=True,
    )
    happened_at = fields.Datetime("When", readonly=True)
    user_id = fields.Many2one("res.users", "Who", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True, help="As of then.")
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    activity_type_id = fields.Many2one("mail.activity.type", readonly=True)
    res_name = fields.Char("Document", readonly=True)
    deadline = fields.Date("Was Due on", readonly=True)
    deadline_to = fields.Date("Moved to", readonly=True)
    days = fields.Integer("Days Moved", readonly=True, aggregator="avg")
    to_user_id = fields.Many2one("res.users", "Handed Over to", readonly=True)
    number = fields.Integer(
        "How Often", readonly=True, aggregator="max", help="How often this activity had been put off by then."
    )
    is_last = fields.Boolean("Latest", readonly=True, help="The last time that this activity was put off.")

    def action_open(self):
        """The fact behind a row, with the way on to its document."""
        self.ensure_one()
        return self.fact_id.get_formview_action()

    @property
    def _table_query(self) -> SQL:
        return self._select_times()

    @api.model
    def _select_times(self) -> SQL:
        # an activity that is deleted before it has come due was planned otherwise, not put off
        return SQL(
            """
            SELECT f.id, f.id AS fact_id, f.source_id AS activity_id, f.kind, f.happened_at, f.user_id, f.team_id,
                   f.company_id, f.partner_id, f.activity_type_id, f.res_name, f.deadline,
                   (f.details->>'to')::date AS deadline_to, (f.details->>'to')::date - f.deadline AS days,
                   (f.details->>'to_user')::int4 AS to_user_id,
                   ROW_NUMBER() OVER (PARTITION BY f.source_id ORDER BY f.id) AS number,
                   ROW_NUMBER() OVER (PARTITION BY f.source_id ORDER BY f.id DESC) = 1 AS is_last
              FROM discipline_fact f
             WHERE f.kind IN %(kinds)s
               AND (f.kind <> 'activity_cancelled' OR f.deadline <= f.happened_at::date)
            """,
            kinds=KINDS,
        )
