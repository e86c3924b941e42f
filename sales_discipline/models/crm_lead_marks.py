from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .readers import for_readers

TYPES = ("lead", "opportunity")
# what a lead lacks, the most urgent first
MARKS = ("untouched", "overdue", "no_step", "idle")
COMPUTED = [f"discipline_{name}" for name in (*MARKS, "idle_days", "mark")]


def _searched_by(name: str):
    """How a field of that mark is searched."""
    return lambda self, operator, value: self._search_discipline_mark(name, operator, value)


class CrmLead(models.Model):
    """What open leads and opportunities lack at this moment: marks on their cards, filters, groups.

    The rules are SQL conditions of this file that the metrics use as well, as of a deadline; here they are asked
    as of now. A mark is one condition per record in the statement that searches or groups, and one statement for
    all records that are shown.
    """

    _inherit = "crm.lead"

    discipline_no_step = fields.Boolean(
        "No Next Step",
        compute="_compute_discipline_marks",
        search=_searched_by("no_step"),
        help="An open opportunity for which nobody has anything planned.",
    )
    discipline_overdue = fields.Boolean(
        "Overdue",
        compute="_compute_discipline_marks",
        search=_searched_by("overdue"),
        help="Something that was planned here should have been done before today, where its owner works.",
    )
    discipline_untouched = fields.Boolean(
        "Untouched",
        compute="_compute_discipline_marks",
        search=_searched_by("untouched"),
        help="Open, and nobody has acted on it yet: no activity done, no message to the customer, no quotation"
        " sent, no meeting held.",
    )
    discipline_idle = fields.Boolean(
        "Idle",
        compute="_compute_discipline_marks",
        search=_searched_by("idle"),
        help="Open, and nobody has acted on it for as many days as the settings say.",
    )
    discipline_idle_days = fields.Integer(
        "Idle Days",
        compute="_compute_discipline_marks",
        search="_search_discipline_idle_days",
        aggregator="avg",
        help="For how many days nobody has acted on it, while it is open: no activity done, no message to the"
        " customer, no quotation sent, no meeting held.",
    )
    discipline_mark = fields.Selection(
        [
            ("untouched", "Untouched"),
            ("overdue", "Overdue"),
            ("no_step", "No next step"),
            ("idle", "Idle"),
        ],
        "Needs Attention",
        compute="_compute_discipline_marks",
        search=_searched_by("mark"),
        help="What this lead or opportunity lacks, the most urgent only.",
    )

    discipline_mark_text = fields.Char("What It Lacks", compute="_compute_discipline_mark_text")

    @api.depends(
        "active", "type", "won_status", "user_id", "activity_ids.date_deadline", "activity_ids.user_id"
    )
    def _compute_discipline_marks(self):
        found = {}
        if ids := self._origin.ids:
            columns = [self._field_to_sql(self._table, name) for name in COMPUTED]
            query = SQL("SELECT id, %s FROM crm_lead WHERE id IN %s", SQL(", ").join(columns), tuple(ids))
            found = {row[0]: row[1:] for row in self.env.execute_query(query)}
        nothing = [False] * len(COMPUTED)
        for lead in self:
            lead.update(dict(zip(COMPUTED, found.get(lead._origin.id, nothing), strict=True)))

    @api.depends(*COMPUTED)
    @api.depends_context("lang")
    def _compute_discipline_mark_text(self):
        for lead in self:
            lead.discipline_mark_text = " ".join(lead._get_discipline_sentences()) or False

    def _get_discipline_sentences(self) -> list[str]:
        """What this lead lacks, in words."""
        days, sentences = self.discipline_idle_days, []
        if self.discipline_untouched and not days:
            sentences.append(self.env._("Nobody has acted on it yet."))
        elif self.discipline_untouched or self.discipline_idle:
            sentences.append(self.env._("Days since anybody acted on it: %(days)s.", days=days))
        if self.discipline_overdue:
            sentences.append(self.env._("What was planned should have been done before today."))
        if self.discipline_no_step:
            sentences.append(self.env._("Nothing is planned."))
        return sentences

    @api.model
    def _search_discipline_mark(self, name, operator, value):
        if operator != "in":
            return NotImplemented
        nothing = not all(value)
        values = tuple(item for item in value if item)

        def to_sql(model, alias, query):
            mark = model._field_to_sql(alias, f"discipline_{name}", query)
            conditions = [SQL("%s IN %s", mark, values)] if values else []
            if nothing:
                conditions.append(SQL("COALESCE(%s::text, 'false') = 'false'", mark))
            return SQL("(%s)", SQL(" OR ").join(conditions))

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _search_discipline_idle_days(self, operator, value):
        if operator in ("<", "<=", ">", ">="):
            return Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    f"%s {operator} %s", model._field_to_sql(alias, "discipline_idle_days", query), value
                )
            )
        return self._search_discipline_mark("idle_days", operator, value)

    # ------------------------------------------------------------
    # The rules
    # ------------------------------------------------------------

    def _field_to_sql(self, alias, field_expr, query=None):
        """Marks are no columns, yet searched, grouped and sorted by as if they were."""
        if field_expr in COMPUTED:
            self._flush_marks()
            return getattr(self, f"_sql_{field_expr.removeprefix('discipline_')}")(alias)
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _flush_marks(self) -> None:
        """Have PostgreSQL know what the marks depend on."""
        self.flush_model(["active", "company_id", "create_date", "type", "user_id", "won_status"])
        names = ("mail.activity", "mail.message", "calendar.event", "res.company")
        for name in names:
            self.env[name].flush_model()

    @api.model
    def _sql_is_open(self, lead: SQL, types=TYPES) -> SQL:
        """That a lead or opportunity (the table's alias) is neither won nor lost nor archived now."""
        return SQL(
            "%(lead)s.type IN %(types)s AND %(lead)s.active AND %(lead)s.won_status = 'pending'",
            lead=lead,
            types=types,
        )

    @api.model
    def _sql_is_planned(self, lead_id: SQL, moment: SQL) -> SQL:
        """That something planned for a lead is open now and was so at that moment."""
        return SQL(
            "EXISTS (SELECT 1 FROM mail_activity a WHERE a.active AND a.res_model = 'crm.lead'"
            " AND a.res_id = %s AND COALESCE(a.open_since, a.create_date) <= %s)",
            lead_id,
            moment,
        )

    @api.model
    def _sql_is_touched(self, lead_id: SQL, moment: SQL) -> SQL:
        """That the ledger knew at that moment that somebody had acted on a lead."""
        return SQL(
            "EXISTS (SELECT 1 FROM discipline_fact f WHERE f.kind = 'lead_first_touch' AND f.source_id = %(lead)s"
            " AND f.happened_at <= %(moment)s AND f.entered_at <= %(moment)s)",
            lead=lead_id,
            moment=moment,
        )

    @api.model
    def _sql_now(self) -> SQL:
        return SQL("%s::timestamp", fields.Datetime.now())

    @api.model
    def _sql_no_step(self, alias: str) -> SQL:
        lead, now = SQL.identifier(alias), self._sql_now()
        planned = self._sql_is_planned(SQL.identifier(alias, "id"), now)
        return SQL("(%s AND NOT %s)", self._sql_is_open(lead, ("opportunity",)), planned)

    @api.model
    def _sql_untouched(self, alias: str) -> SQL:
        touched = self._sql_is_touched(SQL.identifier(alias, "id"), self._sql_now())
        return SQL("(%s AND NOT %s)", self._sql_is_open(SQL.identifier(alias)), touched)

    @api.model
    def _sql_overdue(self, alias: str) -> SQL:
        activities = self.env["mail.activity"]
        return SQL(
            "EXISTS (SELECT 1 FROM mail_activity a WHERE a.res_model = 'crm.lead' AND a.res_id = %s AND %s)",
            SQL.identifier(alias, "id"),
            activities._sql_is_overdue(SQL("a"), activities._sql_owner_today(SQL("a"))),
        )

    @api.model
    def _sql_touches(self, alias: str) -> SQL:
        """FROM and WHERE of whatever touched a lead, as `t` (lead_id, happened_at, user_id, via)."""
        touches = self.env["discipline.fact"]._get_touches("sweep").values()
        return SQL(
            "FROM (%s) t WHERE t.lead_id = %s", SQL(" UNION ALL ").join(touches), SQL.identifier(alias, "id")
        )

    @api.model
    def _sql_idle_limit(self, alias: str) -> SQL:
        """From how many days on it is idle: by its company, or its salesperson's; 0 for never."""
        values = self.env.execute_query(
            SQL("SELECT DISTINCT COALESCE(discipline_idle_days, 0) FROM res_company")
        )
        if len(values) == 1:  # a number lets PostgreSQL look at all leads at once
            return SQL("%s", values[0][0])
        return SQL(
            "(SELECT c.discipline_idle_days FROM res_company c LEFT JOIN res_users u ON u.id = %(lead)s.user_id"
            " WHERE c.id = COALESCE(%(lead)s.company_id, u.company_id, %(company)s))",
            lead=SQL.identifier(alias),
            company=self.env.company.id,
        )

    @api.model
    def _sql_idle(self, alias: str) -> SQL:
        """That nobody has acted on it for as many days as its company says."""
        limit = self._sql_idle_limit(alias)
        since = SQL("%s - %s * interval '1 day'", self._sql_now(), limit)
        return SQL(
            "(%(open)s AND %(limit)s > 0 AND %(created)s <= %(since)s"
            " AND NOT EXISTS (SELECT 1 %(touches)s AND t.happened_at > %(since)s))",
            open=self._sql_is_open(SQL.identifier(alias)),
            limit=limit,
            created=SQL.identifier(alias, "create_date"),
            since=since,
            touches=self._sql_touches(alias),
        )

    @api.model
    def _sql_idle_days(self, alias: str) -> SQL:
        return SQL(
            "CASE WHEN %(open)s THEN GREATEST(0, FLOOR(EXTRACT(EPOCH FROM %(now)s - GREATEST(%(created)s,"
            " (SELECT MAX(t.happened_at) %(touches)s))) / 86400))::integer ELSE 0 END",
            open=self._sql_is_open(SQL.identifier(alias)),
            now=self._sql_now(),
            created=SQL.identifier(alias, "create_date"),
            touches=self._sql_touches(alias),
        )

    @api.model
    def _sql_mark(self, alias: str) -> SQL:
        """The most urgent of the marks."""
        cases = [SQL("WHEN %s THEN %s", getattr(self, f"_sql_{name}")(alias), name) for name in MARKS]
        return SQL("CASE %s END", SQL(" ").join(cases))

    @for_readers
    def action_discipline_plan_step(self):
        """Ask for the next step: Odoo's own dialog."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan the Next Step"),
            "res_model": "mail.activity.schedule",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"active_id": self.id, "active_ids": self.ids, "active_model": self._name},
        }

    def action_discipline_open_overdue(self):
        """Open what was due first, to be marked as done or moved."""
        self.ensure_one()
        overdue = self.activity_ids.filtered(lambda activity: activity.state == "overdue")
        view = self.env.ref("mail.mail_activity_view_form_popup")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Overdue Activity"),
            "res_model": "mail.activity",
            "res_id": overdue.sorted("date_deadline")[:1].id,
            "views": [[view.id, "form"]],
            "target": "new",
        }
