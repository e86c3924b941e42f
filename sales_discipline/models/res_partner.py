from odoo import api, models
from odoo.tools import SQL

READ = ("commercial_partner_id", "company_id", "complete_name", "is_company", "name", "type")


class ResPartner(models.Model):
    """Companies and contacts tell the ledger who added them."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        facts = self.env["discipline.fact"].sudo()
        companies = partners.filtered("is_company")
        facts._capture("company_created", companies.ids)
        facts._capture("contact_created", (partners - companies).ids)
        return partners

    def write(self, vals):
        res = super().write(vals)
        if vals.get("is_company"):
            self.env["discipline.fact"].sudo()._capture("company_created", self.ids)
        return res


class DisciplineFact(models.Model):
    _inherit = "discipline.fact"

    @api.model
    def _select_partner(self, ids, counted: SQL) -> SQL:
        """A rule over res.partner: who added it, once and for all. What the system added is nobody's."""
        self.env["res.partner"].flush_model(READ)  # and nothing is computed before its time
        return SQL(
            """
            SELECT p.id AS source_id, NULLIF(p.create_uid, 1) AS user_id, %(team)s AS team_id,
                   COALESCE(p.company_id, u.company_id, %(company)s) AS company_id,
                   COALESCE(p.commercial_partner_id, p.id) AS partner_id, NULL::integer AS activity_type_id,
                   'res.partner' AS res_model, p.id AS res_id, COALESCE(p.complete_name, p.name) AS res_name,
                   NULL::date AS deadline, p.create_date AS happened_at, 1 AS quantity, 0.0 AS amount,
                   NULL::jsonb AS details
              FROM res_partner p
              LEFT JOIN res_users u ON u.id = p.create_uid
             WHERE %(counted)s AND %(ids)s
               AND NOT EXISTS (SELECT 1 FROM res_users own WHERE own.partner_id = p.id)
               AND NOT EXISTS (SELECT 1 FROM res_company own WHERE own.partner_id = p.id)
            """,
            team=self._sql_team_of(SQL("p.create_uid")),
            company=self.env.company.id,
            counted=counted,
            ids=self._sql_ids(SQL("p.id"), ids),
        )

    @api.model
    def _select_company_created(self, ids, origin):
        """Partners that are companies."""
        return self._select_partner(ids, SQL("p.is_company IS TRUE"))

    @api.model
    def _select_contact_created(self, ids, origin):
        """Persons; addresses of a company (invoice, delivery) are not contacts."""
        return self._select_partner(ids, SQL("p.is_company IS NOT TRUE AND p.type = 'contact'"))
