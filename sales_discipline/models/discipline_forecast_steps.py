from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

CLOSE_DAYS = 7


class DisciplineForecast(models.Model):
    """The steps of an agreement, and the sales beside it."""

    _inherit = "discipline.forecast"

    def action_agree(self):
        """To be agreed -> agreed. In the first two weeks of the quarter at the latest; later the leader of the team or a
        manager does it, and on its last day nobody."""
        self.check_access("write")
        for forecast in self:
            if forecast.state != "draft":
                raise UserError(self.env._("“%(name)s” is agreed already.", name=forecast.display_name))
            if not forecast.amount:
                raise UserError(self.env._("“%(name)s”: fill in “Agreed” first.", name=forecast.display_name))
            current = forecast._get_today()
            if current >= forecast.date_to:
                raise UserError(
                    self.env._(
                        "“%(name)s”: the quarter is over, it is too late to agree on it.",
                        name=forecast.display_name,
                    )
                )
            late = (current - forecast.date_from).days >= forecast.company_id.discipline_agree_days
            if late and not forecast.can_lead:
                raise UserError(
                    self.env._(
                        "“%(name)s”: the quarter has begun some time ago. The leader of the team or a manager enters what"
                        " is agreed so late.",
                        name=forecast.display_name,
                    )
                )
            values = {"state": "agreed", "agreed_at": fields.Datetime.now()}
            forecast._moving().write({**values, "agreed_on": forecast.agreed_on or current})

    def action_draft(self):
        """Agreed -> to be agreed, before the quarter begins."""
        self.check_access("write")
        for forecast in self:
            forecast._check_open()
            if forecast._get_today() >= forecast.date_from:
                raise UserError(
                    self.env._(
                        "“%(name)s”: the quarter has begun, what was agreed stays.",
                        name=forecast.display_name,
                    )
                )
        self._moving().write({"state": "draft", "agreed_at": False})

    @api.model
    def _close_ended(self, now) -> None:
        """Close what was agreed for quarters that ended a week ago: until then what is entered late comes in. What never
        was agreed is left as it is."""
        # today is a day later somewhere
        before = fields.Date.subtract(now.date(), days=CLOSE_DAYS)
        ended = self.search([("state", "=", "agreed"), ("date_to", "<=", before)]).filtered(
            lambda forecast: (forecast._get_today(now) - forecast.date_to).days > CLOSE_DAYS
        )
        ended._refresh_where(SQL("c.id = ANY(%s)", ended.ids))
        ended._moving().write({"state": "closed", "closed_at": now})

    # ------------------------------------------------------------
    # Sales
    # ------------------------------------------------------------

    @api.model
    def _get_sales(self, company, partners, start, stop) -> dict[int, float]:
        """Sales of these clients of a company between two moments: one statement."""
        self.env["discipline.fact"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, SUM(amount)::float8 FROM discipline_fact
                 WHERE partner_id = ANY(%s) AND kind = 'order_confirmed' AND is_transfer IS NOT TRUE
                   AND company_id = %s AND happened_at >= %s AND happened_at < %s
                 GROUP BY partner_id
                """,
                partners.ids,
                company.id,
                start,
                stop,
            )
        )
        return dict(rows)

    @api.model
    def _refresh_where(self, condition: SQL) -> None:
        """Bring the agreements `c` that fit and are not closed up to date with the ledger: one statement."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE discipline_forecast c
                   SET actual = n.actual, gap = n.actual - c.amount,
                       attainment = CASE WHEN c.amount > 0 THEN 100 * n.actual / c.amount ELSE 0 END
                  FROM (SELECT c.id, COALESCE(SUM(f.amount), 0) AS actual
                          FROM discipline_forecast c
                          LEFT JOIN discipline_fact f ON f.partner_id = c.partner_id AND f.kind = 'order_confirmed'
                               AND f.company_id = c.company_id AND f.is_transfer IS NOT TRUE
                               AND f.happened_at >= c.starts_at AND f.happened_at < c.ends_at
                         WHERE c.state <> 'closed' AND %s GROUP BY c.id) n
                 WHERE n.id = c.id AND n.actual IS DISTINCT FROM c.actual
                """,
                condition,
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model()

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """What several agreements have reached is all they have sold by all that was agreed, not the mean."""
        if aggregate_spec == "attainment:avg":
            table = query.table
            return SQL(
                "100 * SUM(%s) / NULLIF(SUM(%s), 0)",
                SQL.identifier(table, "actual"),
                SQL.identifier(table, "amount"),
            )
        return super()._read_group_select(aggregate_spec, query)


class DisciplineFact(models.Model):
    _inherit = "discipline.fact"

    @api.model
    def _get_agreements(self):
        return (*super()._get_agreements(), "discipline.forecast")


class DisciplineProgram(models.Model):
    _inherit = "discipline.program"

    @api.model
    def _cron_daily(self):
        self.env["discipline.forecast"]._close_ended(fields.Datetime.now())
        return super()._cron_daily()
