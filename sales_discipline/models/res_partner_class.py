import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.classes import classify
from ..tools.periods import local_to_utc
from ..tools.sales_plan import add_months

CLASSES = [("a", "A"), ("b", "B"), ("c", "C")]


class ResPartner(models.Model):
    """Clients have a class by their sales of the last months: A, B or C, in each company its own. It is worked out by
    night from the ledger, and nobody sets it by hand."""

    _inherit = "res.partner"

    discipline_class = fields.Selection(
        CLASSES,
        "Client Class",
        company_dependent=True,
        copy=False,
        groups="sales_discipline.group_user",
        help="By sales of the last months: A for the clients who bring the most, C for those who bring the least."
        " Worked out every night.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_class(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_class([vals])
        return super().write(vals)

    @api.model
    def _check_class(self, vals_list) -> None:
        """:raise UserError: for a class by hand; an import may leave it empty"""
        if not self.env.su and any(vals.get("discipline_class") for vals in vals_list):
            raise UserError(
                self.env._("“Client Class” follows from the sales of the client and cannot be set by hand.")
            )

    @api.model
    def _cron_classify(self) -> None:
        """Class the clients of every company anew; each company is committed."""
        for company in self.env["res.company"].search([]):
            self._classify(company, fields.Date.context_today(self))
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _classify(self, company, today) -> int:
        """Set the classes of the company's clients as of `today`: one statement that reads, one that writes what
        differs. :return: how many clients have a class"""
        amounts = self.env.execute_query(self._sql_class_amounts(company, today))
        classes = classify(
            [(partner_id, float(amount)) for partner_id, amount in amounts],
            company.discipline_class_a,
            company.discipline_class_b,
        )
        self.env["res.partner"].flush_model(["discipline_class"])
        self.env.cr.execute(
            SQL(
                """
                WITH n AS (SELECT key::int4 AS id, value FROM jsonb_each(%(classes)s::jsonb)),
                     o AS (SELECT id, discipline_class -> %(company)s AS value FROM res_partner
                            WHERE discipline_class ? %(company)s),
                     d AS (SELECT id, n.value FROM n FULL JOIN o USING (id) WHERE n.value IS DISTINCT FROM o.value)
                UPDATE res_partner p
                   SET discipline_class = CASE
                       WHEN d.value IS NULL THEN NULLIF(p.discipline_class - %(company)s, '{}'::jsonb)
                       ELSE COALESCE(p.discipline_class, '{}'::jsonb) || jsonb_build_object(%(company)s, d.value) END
                  FROM d WHERE d.id = p.id
                """,
                classes=json.dumps(classes),
                company=str(company.id),
            )
        )
        self.invalidate_model(["discipline_class"])
        return len(classes)

    @api.model
    def _sql_class_amounts(self, company, today) -> SQL:
        """SELECT of (client, sales) of the company's months that the class is about; today is the last day."""
        zone = company._get_discipline_tz()
        first = add_months(today.replace(day=1), -company.discipline_class_months)
        first = first.replace(day=min(today.day, 28))
        self.env["discipline.fact"].flush_model()
        return SQL(
            """
            SELECT f.partner_id, SUM(f.amount) FROM discipline_fact f
              JOIN res_partner p ON p.id = f.partner_id
             WHERE f.kind = 'order_confirmed' AND f.company_id = %s AND f.is_transfer IS NOT TRUE
               AND f.happened_at >= %s AND f.happened_at < %s
             GROUP BY f.partner_id HAVING SUM(f.quantity) > 0
            """,
            company.id,
            local_to_utc(first, 0, zone),
            local_to_utc(today, 24, zone),
        )
