import logging
from datetime import date, datetime, timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.periods import DAY, local_date, local_to_utc, nth_working_day
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
        rows = self.env.execute_query_dict(self._sql_new_events(now)) if self.template_ids else []
        if rows:
            steps = self._insert_steps(self._prepare_steps(rows))
            steps._schedule_activities(now)
        more = len(rows) == BATCH
        if not more and self.trigger in SELDOM:
            self.looked_at = now
        return more

    def _sql_new_events(self, now: datetime) -> SQL:
        """The events that nothing is scheduled for, each with whose it is: the salesperson of the document, and the
        leader of its team, else of theirs."""
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
            events=self._sql_events(now),
            table=SQL.identifier(table),
            user=user,
            team=team,
            home=self.company_id.id or self.env.company.id,
            own_team=self.env["discipline.fact"]._sql_team_of(SQL("u.id")),
            mine=SQL("x.company_id = %s", self.company_id.id) if self.company_id else SQL("TRUE"),
            id=self.id,
            batch=BATCH,
        )

    def _prepare_steps(self, rows: list[dict]) -> list[tuple]:
        """Values of the to-dos of these events, in the order of STEP."""
        zones = self._get_zones(rows)
        working = self._get_working_days(rows)
        values = []
        for row in rows:
            for template in self.template_ids.with_context(lang=row["lang"]):
                user_id = self._choose_user(template, row)
                zone = zones.get(user_id, "UTC")
                day, moment = self._get_due(template, row, zone, working.get(row["company_id"], ()))
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

    def _get_zones(self, rows: list[dict]) -> dict[int, str]:
        """The time zones of all who may get one of these, by user id."""
        ids = {row[name] for row in rows for name in ("user_id", "leader_id") if row[name]}
        users = (
            self.env["res.users"].sudo().browse(ids) | self.otherwise_id | self.template_ids.responsible_id
        )
        return {user.id: user.tz or "UTC" for user in users}

    def _get_working_days(self, rows: list[dict]) -> dict[int, set[date]]:
        """The working days that steps may be counted by, of each company; empty if none counts by them."""
        counted = self.template_ids.filtered("discipline_working_days")
        if not counted:
            return {}
        days = max(template._get_delay_days() for template in counted)
        bases = [row["base"] or row["moment"].date() for row in rows]
        first, last = min(bases) - 2 * DAY, max(bases) + (3 * days + 31) * DAY
        companies = self.env["res.company"].sudo().browse({row["company_id"] for row in rows})
        return {company.id: set(company._get_discipline_norm_days(first, last)) for company in companies}

    def _get_due(self, template, row: dict, zone: str, working) -> tuple[date, datetime]:
        """The local day on which a step is due, and the moment (naive UTC) that it has to be done before."""
        if template.discipline_minutes:
            moment = row["moment"] + timedelta(minutes=template.discipline_minutes)
            return local_date(moment, zone), moment
        base = row["base"] or local_date(row["moment"], zone)
        if template.discipline_working_days and template.delay_from == "after_plan_date":
            day = nth_working_day(base, template._get_delay_days(), working.__contains__)
        else:
            day = template._get_date_deadline(base)
        return day, local_to_utc(day, 24, zone)

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


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    def _get_delay_days(self) -> int:
        """The interval in days, where it counts working days: a week has five, a month twenty-one."""
        self.ensure_one()
        return self.delay_count * {"days": 1, "weeks": 5, "months": 21}[self.delay_unit]


class DisciplineRegulationStep(models.Model):
    _inherit = "discipline.regulation.step"

    def _schedule_activities(self, now: datetime) -> None:
        """An activity for each of these, in bulk; a document that is gone by now, or nobody to do it, has none."""
        rows = []
        for step in self:
            template = step.template_id.with_context(lang=step.user_id.lang)
            rows.append(
                {
                    "res_model_id": self.env["ir.model"]._get_id(step.res_model),
                    "res_id": step.res_id,
                    "activity_type_id": template.activity_type_id.id,
                    "summary": step.name,
                    "note": template.discipline_rules or template.note,
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
