from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.periods import period_bounds, utc_bounds
from ..tools.windows import Window

CODES = ("winback_customers", "winback_amount")


class DisciplineScorecard(models.Model):
    """Winning clients back, on the page 'My Day'."""

    _inherit = "discipline.scorecard"

    @api.model
    def _get_day_work(self, today) -> dict:
        return {**super()._get_day_work(today), "winback": self._get_day_winback(today)}

    @api.model
    def _get_day_winback(self, today) -> dict | bool:
        """The reader's calls of win-back campaigns, and what has come of them this month, as the metrics count it. Two
        statements.

        :return: dict of `due` (calls for today or before), `open` (all that are planned), `returned` (clients), `amount` and
            `currency_id`; False for those whom no call was ever planned for
        """
        query = SQL(
            """
            SELECT COUNT(a.id) FILTER (WHERE a.date_deadline <= %(today)s), COUNT(a.id), COUNT(*)
              FROM discipline_winback_client r
              JOIN discipline_winback_campaign c ON c.id = r.campaign_id
              LEFT JOIN mail_activity a ON a.id = r.activity_id AND a.active AND a.user_id = %(uid)s
             WHERE r.user_id = %(uid)s AND r."group" = 'called' AND r.company_id = %(company)s
               AND (a.id IS NOT NULL OR c.ends_at >= %(month)s)
            """,
            uid=self.env.uid,
            company=self.env.company.id,
            today=today,
            month=period_bounds("month", today)[0],
        )
        [(due, to_do, clients)] = self.env.execute_query(query)
        if not clients:
            return False
        returned, amount = self._measure_day_winback(today)
        currency = self.env.company.currency_id.id
        return {"due": due, "open": to_do, "returned": returned, "amount": amount, "currency_id": currency}

    @api.model
    def _measure_day_winback(self, today) -> list[float]:
        """Clients won back by the reader this month so far, and their money."""
        metrics = self.env["discipline.metric"].sudo()
        for code in CODES:
            metrics |= self.env.ref(f"sales_discipline.metric_{code}", raise_if_not_found=False) or metrics
        first, last = period_bounds("month", today)
        start, stop = utc_bounds(first, last, self.env.user.tz or "UTC")
        users = (self.env.uid,)
        window = Window(0, users, start, stop, fields.Datetime.now(), first, last, self.env.company.id)
        found = {
            metrics.browse(metric_id).code: one.value
            for (metric_id, _key), one in metrics._measure([window]).items()
        }
        return [found.get(code) or 0.0 for code in CODES]
