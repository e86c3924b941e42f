from odoo import api, fields, models
from odoo.tools import SQL


class CrmLead(models.Model):
    """Leads tell the ledger when an opportunity begins, is revalued, won, lost or reopened.

    What changes is told once a transaction and for all at once, when Odoo stores it: see crm_lead_change.py.
    """

    _inherit = "crm.lead"

    open_since = fields.Datetime(
        readonly=True, copy=False, help="Since when salesperson and state hold; since the creation if empty."
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env["discipline.span"]._check_stamps(self, ["open_since"], vals_list)
        now = fields.Datetime.now()
        leads = super().create([{**vals, "open_since": now} for vals in vals_list])
        facts = self.env["discipline.fact"].sudo()
        opportunities = leads.filtered(lambda lead: lead.type == "opportunity")
        facts._capture("lead_created", (leads - opportunities).ids)
        facts._capture("opportunity_created", opportunities.ids)
        closed = leads.filtered(lambda lead: lead.won_status != "pending")
        facts._capture("lead_won", closed.ids)
        facts._capture("lead_lost", closed.ids)
        return leads

    def unlink(self):
        before = {lead: lead._get_discipline_state() for lead in self.sudo()}
        now = fields.Datetime.now()
        spans = [span for lead, state in before.items() for span in lead._prepare_spans(state, now)]
        res = super().unlink()
        self.env["discipline.span"].sudo()._append(spans)
        return res

    def action_set_lost(self, **additional_values):
        if additional_values:  # the reason first: at a probability of 0, archiving alone makes it lost
            self.write(additional_values)
        return super().action_set_lost(**additional_values)

    # ------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------

    def _get_discipline_state(self) -> dict:
        """What the ledger needs to know of a lead before it changes."""
        self.ensure_one()
        return {
            "user_id": self.user_id.id,
            "company_id": self.company_id.id or self.user_id.company_id.id or self.env.company.id,
            "opportunity": self.type == "opportunity",
            "status": self.won_status,
            "open": self.active and self.won_status == "pending" and self.type,
            "amount": self.expected_revenue,
            "open_since": self.open_since or self.create_date,
            "filled": self.discipline_filled,
            "required": self.discipline_required,
        }

    def _end_spans(self, before: dict, after: dict, now) -> list[tuple]:
        """The spans that the change from states to states ends; what is open from now on is stamped."""
        names = ("open", "user_id", "company_id")
        changed = self.filtered(
            lambda lead: any(before[lead.id][name] != after[lead.id][name] for name in names)
        )
        if changed:  # stored together with what else was written, not by a statement of its own
            self._fields["open_since"].write(changed, now)
        return [span for lead in changed for span in lead._prepare_spans(before[lead.id], now)]

    def _record_changes(self, before: dict, after: dict) -> None:
        """Tell the ledger what changed, given the states before and after by id. It is stored by now."""
        facts = self.env["discipline.fact"].sudo()

        def changed(*names):
            return self.filtered(
                lambda lead: any(before[lead.id][name] != after[lead.id][name] for name in names)
            )

        begun = self.filtered(
            lambda lead: (
                after[lead.id]["opportunity"]
                and after[lead.id]["user_id"]
                and not (before[lead.id]["opportunity"] and before[lead.id]["user_id"])
            )
        )
        facts._capture("opportunity_created", begun.ids)
        changed("amount")._record_revalued()
        closed = changed("status", "amount").filtered(
            lambda lead: {before[lead.id]["status"], after[lead.id]["status"]} != {"pending"}
        )
        facts._capture("lead_won", closed.ids)
        facts._capture("lead_lost", closed.ids)

    def _prepare_spans(self, state: dict, now) -> list[tuple]:
        """The span that ends at `now`, if the lead or opportunity was open in `state`."""
        if not state["open"]:
            return []
        owner, company = state["user_id"] or None, state["company_id"]
        filled = (state["filled"], state["required"]) if state["open"] == "opportunity" else (None, None)
        return [(state["open"], self.id, None, owner, company, None, *filled, state["open_since"], now)]

    def _record_revalued(self) -> None:
        """Append by how much the expected revenue differs from what the ledger knows of each opportunity, so that
        the two always agree; an opportunity that is not in the ledger yet will come with its whole amount."""
        facts = self.env["discipline.fact"].sudo()
        domain = [
            ("kind", "in", ("opportunity_created", "opportunity_revalued")),
            ("source_id", "in", self.ids),
        ]
        known = dict(facts._read_group(domain, ["source_id"], ["amount:sum"])) if self else {}
        deltas = {lead: lead.expected_revenue - known[lead.id] for lead in self if lead.id in known}
        rows = [lead._prepare_revalued(delta) for lead, delta in deltas.items() if abs(delta) >= 0.005]
        facts._append_event("opportunity_revalued", rows)

    def _prepare_revalued(self, delta: float) -> dict:
        """Values of a fact: the expected revenue moved by `delta`, in the company's currency."""
        return {
            "source_id": self.id,
            "user_id": self.user_id.id or None,
            "team_id": self.team_id.id or None,
            "company_id": self.company_id.id or self.user_id.company_id.id or self.env.company.id,
            "partner_id": self.commercial_partner_id.id or None,
            "res_model": "crm.lead",
            "res_id": self.id,
            "res_name": self.name,
            "quantity": 1.0,
            "amount": delta,
        }


class DisciplineFact(models.Model):
    _inherit = "discipline.fact"

    @api.model
    def _select_lead(self, ids, quantity: SQL, happened: SQL, counted: SQL) -> SQL:
        """A rule over crm.lead. The amount is the expected revenue while `quantity` is 1.

        A lead without a company belongs to its salesperson's, whose currency Odoo shows it in.
        """
        self.env["crm.lead"].flush_model()
        return SQL(
            """
            SELECT ld.id AS source_id, ld.user_id, ld.team_id,
                   COALESCE(ld.company_id, u.company_id, %(company)s) AS company_id,
                   COALESCE(p.commercial_partner_id, p.id) AS partner_id, NULL::integer AS activity_type_id,
                   'crm.lead' AS res_model, ld.id AS res_id, ld.name AS res_name, NULL::date AS deadline,
                   %(happened)s AS happened_at, %(quantity)s AS quantity,
                   CASE WHEN %(quantity)s > 0 THEN COALESCE(ld.expected_revenue, 0) ELSE 0 END AS amount,
                   jsonb_strip_nulls(jsonb_build_object('stage', ld.stage_id, 'source', ld.source_id,
                                                        'lost_reason', ld.lost_reason_id)) AS details
              FROM crm_lead ld
              LEFT JOIN res_partner p ON p.id = ld.partner_id
              LEFT JOIN res_users u ON u.id = ld.user_id
             WHERE %(counted)s AND %(ids)s
            """,
            company=self.env.company.id,
            happened=happened,
            quantity=quantity,
            counted=counted,
            ids=self._sql_ids(SQL("ld.id"), ids),
        )

    @api.model
    def _select_lead_created(self, ids, origin):
        """Records of type lead; those converted since were leads as well."""
        return self._select_lead(
            ids, SQL("1"), SQL("ld.create_date"), SQL("(ld.type = 'lead' OR ld.date_conversion IS NOT NULL)")
        )

    @api.model
    def _select_opportunity_created(self, ids, origin):
        """Opportunities, new for the salesperson who owns them first: one without any waits for its first."""
        return self._select_lead(
            ids,
            SQL("1"),
            SQL("COALESCE(ld.date_conversion, ld.create_date)"),
            SQL("ld.type = 'opportunity' AND ld.user_id IS NOT NULL"),
        )

    @api.model
    def _select_lead_won(self, ids, origin):
        """Won opportunities; `date_closed` can be moved by hand, so live ones take the server's stamp."""
        return self._select_lead(
            ids,
            SQL("CASE WHEN ld.won_status = 'won' THEN 1 ELSE 0 END"),
            SQL("COALESCE(ld.date_closed, ld.write_date)"),
            SQL("TRUE"),
        )

    @api.model
    def _select_lead_lost(self, ids, origin):
        """Lost opportunities, valued as they were when lost."""
        return self._select_lead(
            ids,
            SQL("CASE WHEN ld.won_status = 'lost' THEN 1 ELSE 0 END"),
            SQL("COALESCE(ld.date_closed, ld.write_date)"),
            SQL("TRUE"),
        )
