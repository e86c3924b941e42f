from datetime import date

from odoo import api, models
from odoo.tools import SQL


class CrmLead(models.Model):
    """What is expected of open opportunities: for the forecast of sales plans."""

    _inherit = "crm.lead"

    @api.model
    def _get_discipline_pipeline(self, company, first: date, last: date) -> list[tuple]:
        """Expected revenue times probability of a company's open opportunities that are expected to close in these
        days, in one statement. Whose company an opportunity without one is, is said as for the ledger's facts.

        :return: `[(user id or None, team id or None, amount)]` in the company's currency
        """
        self.flush_model()
        query = SQL(
            """
            SELECT l.user_id, l.team_id, SUM(l.expected_revenue * l.probability / 100)
              FROM crm_lead l LEFT JOIN res_users u ON u.id = l.user_id
             WHERE l.type = 'opportunity' AND l.active AND l.won_status = 'pending'
               AND l.date_deadline >= %s AND l.date_deadline <= %s AND l.expected_revenue IS NOT NULL
               AND COALESCE(l.company_id, u.company_id) = %s
             GROUP BY l.user_id, l.team_id
            """,
            first,
            last,
            company.id,
        )
        return [
            (user_id, team_id, float(amount or 0.0))
            for user_id, team_id, amount in self.env.execute_query(query)
        ]
