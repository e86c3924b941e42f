from odoo import api, fields, models
from odoo.tools import SQL

from .sql_rows import sql_table

TRACKED = {"type", "user_id", "active", "stage_id", "probability", "company_id", "expected_revenue"}
DECIDING = {"active", "stage_id", "probability"}  # whether it is won or lost
# what the rules read of a lead, and as what
READ = {
    "id": "int4",
    "user_id": "int4",
    "team_id": "int4",
    "company_id": "int4",
    "partner_id": "int4",
    "stage_id": "int4",
    "source_id": "int4",
    "lost_reason_id": "int4",
    "type": "varchar",
    "name": "varchar",
    "expected_revenue": "numeric",
    "won_status": "varchar",
    "date_conversion": "timestamp",
    "date_closed": "timestamp",
    "create_date": "timestamp",
    "write_date": "timestamp",
}


class CrmLead(models.Model):
    """Leads tell the ledger when an opportunity begins, is revalued, won, lost or reopened."""

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

    def write(self, vals):
        self.env["discipline.span"]._check_stamps(self, ["open_since"], [vals])
        if not TRACKED.intersection(vals) or self.env["discipline.fact"]._is_silent():
            return super().write(vals)
        decided = DECIDING.isdisjoint(vals)
        before = {lead: lead._get_discipline_state(decided) for lead in self.sudo()}
        res = super().write(vals)
        self.sudo()._record_changes(before, decided)
        return res

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

    def _get_discipline_state(self, decided: bool = False) -> dict:
        """What the ledger needs to know of a lead before it changes.

        :param decided: nothing is written that wins, loses or reopens it. A probability that is still to be computed does
            not either (it stays between 0.01 and 99.99, and a won stage's is 100), so it is left to be computed together
            with others, as without this addon
        """
        self.ensure_one()
        field, status = self._fields["won_status"], None
        if decided and self.env.is_to_compute(field, self):
            status = field._get_cache(self.env).get(self.id)
        status = status or self.won_status
        return {
            "user_id": self.user_id.id,
            "company_id": self.company_id.id or self.user_id.company_id.id or self.env.company.id,
            "opportunity": self.type == "opportunity",
            "status": status,
            "open": self.active and status == "pending" and self.type,
            "amount": self.expected_revenue,
            "open_since": self.open_since or self.create_date,
            "filled": self.discipline_filled,
            "required": self.discipline_required,
        }

    def _record_changes(self, before: dict, decided: bool) -> None:
        """Tell the ledger what a write changed, given the states before it."""
        facts = self.env["discipline.fact"].sudo()
        now = fields.Datetime.now()
        after = {lead: lead._get_discipline_state(decided) for lead in self}

        def changed(*names):
            return self.filtered(lambda lead: any(before[lead][name] != after[lead][name] for name in names))

        respanned = changed("open", "user_id", "company_id")
        spans = [span for lead in respanned for span in lead._prepare_spans(before[lead], now)]
        if respanned:  # stored together with what else was written, not by a statement of its own
            self._fields["open_since"].write(respanned, now)
        begun = self.filtered(
            lambda lead: (
                lead.type == "opportunity"
                and lead.user_id
                and not (before[lead]["opportunity"] and before[lead]["user_id"])
            )
        )
        closed = changed("status", "amount").filtered(
            lambda lead: {before[lead]["status"], after[lead]["status"]} != {"pending"}
        )
        if not begun and not closed:
            self.env["discipline.span"].sudo()._append(spans)
        facts._capture("opportunity_created", begun.ids, spans=spans)
        changed("amount")._record_revalued()
        facts._capture("lead_won", closed.ids, spans=() if begun else spans)
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
    def _sql_leads(self, ids, origin: str, status: bool) -> SQL:
        """The leads that a rule looks at, as a table `ld`: live those `ids` as they are in memory, so that Odoo need not
        store, and compute, each by itself.

        :param status: whether the rule reads what they have become
        """
        if origin != "live" or ids is None:
            self.env["crm.lead"].flush_model()
            return SQL("crm_lead ld")
        unread = () if status else ("won_status", "date_closed")
        leads = self.env["crm.lead"].browse(ids)
        columns = [
            [
                None if name in unread else lead._fields[name].convert_to_write(lead[name], lead)
                for lead in leads
            ]
            for name in READ
        ]
        columns = [[None if value is False else value for value in values] for values in columns]
        return sql_table(READ, READ.values(), columns, "ld")

    @api.model
    def _select_lead(self, leads: SQL, ids, quantity: SQL, happened: SQL, counted: SQL) -> SQL:
        """A rule over crm.lead. The amount is the expected revenue while `quantity` is 1.

        A lead without a company belongs to its salesperson's, whose currency Odoo shows it in.

        :param leads: what `_sql_leads` returns
        """
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
              FROM %(leads)s
              LEFT JOIN res_partner p ON p.id = ld.partner_id
              LEFT JOIN res_users u ON u.id = ld.user_id
             WHERE %(counted)s AND %(ids)s
            """,
            leads=leads,
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
            self._sql_leads(ids, origin, False),
            ids,
            SQL("1"),
            SQL("ld.create_date"),
            SQL("(ld.type = 'lead' OR ld.date_conversion IS NOT NULL)"),
        )

    @api.model
    def _select_opportunity_created(self, ids, origin):
        """Opportunities, new for the salesperson who owns them first: one without any waits for its first."""
        return self._select_lead(
            self._sql_leads(ids, origin, False),
            ids,
            SQL("1"),
            SQL("COALESCE(ld.date_conversion, ld.create_date)"),
            SQL("ld.type = 'opportunity' AND ld.user_id IS NOT NULL"),
        )

    @api.model
    def _select_lead_won(self, ids, origin):
        """Won opportunities; `date_closed` can be moved by hand, so live ones take the server's stamp."""
        return self._select_lead(
            self._sql_leads(ids, origin, True),
            ids,
            SQL("CASE WHEN ld.won_status = 'won' THEN 1 ELSE 0 END"),
            SQL("COALESCE(ld.date_closed, ld.write_date)"),
            SQL("TRUE"),
        )

    @api.model
    def _select_lead_lost(self, ids, origin):
        """Lost opportunities, valued as they were when lost."""
        return self._select_lead(
            self._sql_leads(ids, origin, True),
            ids,
            SQL("CASE WHEN ld.won_status = 'lost' THEN 1 ELSE 0 END"),
            SQL("COALESCE(ld.date_closed, ld.write_date)"),
            SQL("TRUE"),
        )
