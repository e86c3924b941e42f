import logging
from datetime import datetime, timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from .discipline_regulation import MODELS
from .sql_rows import sql_rows

_logger = logging.getLogger(__name__)

BATCH = 1000  # events that are scheduled in one transaction
SELDOM = {"client_silent": timedelta(hours=6)}  # a look at a year of facts
# of a document `d`: table, salesperson, team, client, name
OWNERS = {
    "crm.lead": ("crm_lead", "d.user_id", "d.team_id", "d.partner_id", "d.name"),
    "sale.order": ("sale_order", "d.user_id", "d.team_id", "d.partner_id", "d.name"),
    "account.move": ("account_move", "d.invoice_user_id", "d.team_id", "d.partner_id", "d.name"),
    # a client without a salesperson is whose who sold last
    "res.partner": (
        "res_partner",
        "COALESCE(d.user_id, (SELECT f.user_id FROM discipline_fact f WHERE f.partner_id = d.id"
        " AND f.kind = 'order_confirmed' ORDER BY f.happened_at DESC LIMIT 1))",
        "NULL::int4",
        "d.id",
        "d.complete_name",
    ),
}
STEP = (
    "name",
    "regulation_id",
    "template_id",
    "event",
    "triggered_at",
    "user_id",
    "owner_id",
    "team_id",
    "company_id",
    "partner_id",
    "res_model",
    "res_id",
    "res_name",
    "date_due",
    "due_at",
    "result",
    "ends",
    "missed_id",
)


class DisciplineRegulation(models.Model):
    """How to-dos are scheduled: one pass over everything that happened, in a few statements whatever its number, by a
    scheduled action and right after an event that the ledger records. Each batch is one transaction; a unique index is
    the last word on 'once'."""

    _inherit = "discipline.regulation"

    looked_at = fields.Datetime(readonly=True, copy=False)

    @api.model
    def _cron_run(self) -> None:
        """Schedule what is due to be scheduled, take away what is no longer needed; each batch is committed. A rule that
        fails is logged and does not hold up the others."""
        failure = None
        for step in self._get_steps(fields.Datetime.now()):
            try:
                while step():
                    if not self.env["ir.cron"]._commit_progress(1):
                        return
            except Exception as error:
                self.env.cr.rollback()
                failure = error
                _logger.exception("A regulation could not be scheduled")
            self.env["ir.cron"]._commit_progress(1)
        if failure:
            raise failure

    @api.model
    def _run(self, now: datetime):
        """The cron's work without commits, for callers and tests.

        :param now: naive UTC
        :return: the steps scheduled
        """
        steps = self.env["discipline.regulation.step"].sudo()
        last = steps.search([], order="id desc", limit=1).id or 0
        for step in self._get_steps(now):
            while step():
                pass
        return steps.search([("id", ">", last)])

    @api.model
    def _get_steps(self, now: datetime) -> list:
        """What there is to do: functions that say whether they have to be called again."""
        running = self.sudo().search([("state", "=", "running")])
        due = running.filtered(
            lambda r: not r.looked_at or r.trigger not in SELDOM or r.looked_at <= now - SELDOM[r.trigger]
        )
        steps = self.env["discipline.regulation.step"].sudo()
        events = (partial(regulation._schedule, now) for regulation in due)
        return [*events, steps._follow, partial(steps._stop, now)]

    # ------------------------------------------------------------
    # Scheduling
    # ------------------------------------------------------------

    def _schedule(self, now: datetime) -> bool:
        """Schedule the to-dos of the next events; return whether there may be more."""
        self.ensure_one()
        templates = self.template_ids.filtered(lambda one: one.discipline_when == "event")
        if templates:
            self._assign(now)
        rows = self.env.execute_query_dict(self._sql_new_events(now)) if templates else []
        if rows:
            steps = self._insert_steps(self._prepare_steps(rows, templates))
            steps._schedule_activities(now)
        more = len(rows) == BATCH or self._escalate(now)
        if not more and self.trigger in SELDOM:
            self._moving().looked_at = now
        return more

    def _sql_new_events(self, now: datetime, events: SQL | None = None) -> SQL:
        """The events that nothing is scheduled for, each with whose it is: the salesperson of the document, and the
        leader of its team, else of theirs.

        :param events: others than the rule's own, as `_sql_events` selects them
        """
        self.env["discipline.regulation.step"].flush_model()
        table, *columns = OWNERS[MODELS[self.trigger]]
        user, team, partner, name = map(SQL, columns)
        for model in ("res.users", "crm.team", "crm.team.member", "res.partner", MODELS[self.trigger]):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT e.*, x.*, l.id AS leader_id, COALESCE(NULLIF(r.lang, ''), 'en_US') AS lang, %(name)s AS res_name,
                   (SELECT COALESCE(p.commercial_partner_id, p.id) FROM res_partner p WHERE p.id = %(partner)s) AS partner_id
              FROM (%(events)s) AS e(res_id, event, moment, base)
              JOIN %(table)s d ON d.id = e.res_id
              LEFT JOIN res_users u ON u.id = %(user)s AND u.active
             CROSS JOIN LATERAL (SELECT u.id AS user_id, COALESCE(d.company_id, u.company_id, %(home)s) AS company_id,
                   COALESCE(%(team)s, %(own_team)s) AS team_id) x
              LEFT JOIN crm_team t ON t.id = x.team_id
              LEFT JOIN res_users l ON l.id = t.user_id AND l.active
              LEFT JOIN res_partner r ON r.id = COALESCE(u.partner_id, l.partner_id)
             WHERE %(mine)s
               AND NOT EXISTS (SELECT FROM discipline_regulation_step s
                                WHERE s.regulation_id = %(id)s AND s.res_id = e.res_id AND s.event = e.event)
             ORDER BY e.moment, e.res_id LIMIT %(batch)s
            """,
            name=name,
            partner=partner,
            events=events or self._sql_events(now),
            table=SQL.identifier(table),
            user=user,
            team=team,
            home=self.company_id.id or self.env.company.id,
            own_team=self.env["discipline.fact"]._sql_team_of(SQL("u.id")),
            mine=self._sql_mine(SQL("x.company_id")),
            id=self.id,
            batch=BATCH,
        )

    def _sql_mine(self, company: SQL) -> SQL:
        """That what happens in that company is this rule's business."""
        return SQL("%s = %s", company, self.company_id.id) if self.company_id else SQL("TRUE")

    def _prepare_steps(self, rows: list[dict], templates) -> list[tuple]:
        """Values of the to-dos of these events by these templates, in the order of STEP."""
        chosen = {
            (n, template.id): self._choose_user(template, row)
            for n, row in enumerate(rows)
            for template in templates
        }
        zones = self._get_zones(chosen.values())
        pairs = {(user_id, rows[n]["company_id"]) for (n, _template), user_id in chosen.items()}
        working = self._get_working(templates, rows, pairs)
        values = []
        for n, row in enumerate(rows):
            for template in templates.with_context(lang=row["lang"]):
                user_id = chosen[n, template.id]
                shifts = working[user_id, row["company_id"]]
                day, moment = self._get_due(template, row, zones.get(user_id, "UTC"), shifts)
                values.append(
                    (
                        template._get_title(),
                        self.id,
                        template.id,
                        row["event"],
                        row["moment"],
                        user_id,
                        row["user_id"],
                        row["team_id"],
                        row["company_id"],
                        row["partner_id"],
                        MODELS[self.trigger],
                        row["res_id"],
                        row["res_name"],
                        day,
                        moment,
                        template.discipline_result,
                        template.discipline_ends,
                        row.get("missed_id"),
                    )
                )
        return values

    def _choose_user(self, template, row: dict) -> int | None:
        """Who does it: as the step says, else the salesperson, the leader, and whoever the regulation names."""
        if template.responsible_type == "other" and template.responsible_id.active:
            return template.responsible_id.id
        first, second = (
            ("leader_id", "user_id") if template.responsible_type == "leader" else ("user_id", "leader_id")
        )
        return row[first] or row[second] or self.otherwise_id.filtered("active").id or None

    def _insert_steps(self, values: list[tuple]):
        """Store them in one statement, each once whoever else does the same at the moment; return the new ones."""
        steps = self.env["discipline.regulation.step"].sudo()
        if not values:
            return steps
        columns = SQL(", ").join(map(SQL.identifier, STEP))
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO discipline_regulation_step (%(columns)s, state, outcome, create_uid, create_date,
                                                        write_uid, write_date)
                SELECT %(columns)s, 'open', 'open', %(uid)s, %(now)s, %(uid)s, %(now)s FROM %(rows)s
                    ON CONFLICT DO NOTHING RETURNING id
                """,
                columns=columns,
                uid=self.env.uid,
                now=now,
                rows=sql_rows(steps, STEP, values),
            )
        )
        return steps.browse(sorted(step_id for (step_id,) in self.env.cr.fetchall()))


class DisciplineRegulationStep(models.Model):
    _inherit = "discipline.regulation.step"

    def _schedule_activities(self, now: datetime) -> None:
        """An activity for each of these, in bulk; a document that is gone by now, or nobody to do it, has none."""
        rows, notes = [], self._get_notes()
        for step in self:
            template = step.template_id.with_context(lang=step.user_id.lang)
            rows.append(
                {
                    "res_model_id": self.env["ir.model"]._get_id(step.res_model),
                    "res_id": step.res_id,
                    "activity_type_id": template.activity_type_id.id,
                    "summary": step.name,
                    "note": notes.get(step, "") + (template.discipline_rules or template.note or ""),
                    "user_id": step.user_id.id,
                    "date_deadline": step.date_due,
                    "automated": True,
                    "discipline_step_id": step.id,
                }
            )
        activities = (
            self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(rows)
        )
        pairs = [(activity.discipline_step_id.id, activity.id) for activity in activities]
        self.env.cr.execute(
            SQL(
                "UPDATE discipline_regulation_step s SET activity_id = v.activity_id FROM %s WHERE s.id = v.id",
                sql_rows(self, ("id", "activity_id"), pairs),
            )
        )
        self.invalidate_recordset(["activity_id"])
