import logging
from contextlib import contextmanager
from datetime import date, datetime

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.periods import local_date

_logger = logging.getLogger(__name__)

SEEN = "sales_discipline.winback_seen"  # "last fact looked at,days of the last full pass"
MARGIN = 5000  # facts before the last one that are looked at again: transactions end in another order than they began
REFRESH_LOCK = 19_051_907  # arbitrary: one pass at a time
FEW = 200  # clients that whoever opens the list waits for
MANY = 2000  # from so many on all are worked out at once: one by one takes longer
ENOUGH_DAYS = 3  # with orders, for a rhythm
KINDS = ("order_confirmed", "activity_done")
READ = (
    "res.partner",
    "res.users",
    "res.company",
    "resource.calendar",
    "crm.team",
    "crm.team.member",
    "discipline.fact",
)
COLUMNS = (
    "partner_id company_id user_id team_id state rank amount orders amount_before amount_total orders_total first_order"
    " last_order days_since usual_interval overdue next_order last_contact as_of"
).split()


class DisciplineWinback(models.Model):
    """How the rows are worked out: in one statement for all clients once a day, and for those with new facts in between."""

    _inherit = "discipline.winback"

    @api.model
    def _cron_refresh(self) -> None:
        """Bring the rows up to date, and close the campaigns whose days are over."""
        now = fields.Datetime.now()
        self._refresh_changed(now)
        self.env["discipline.winback.campaign"]._close_due(now)

    @api.model
    def _refresh_changed(self, now: datetime, waiting: bool = False) -> None:
        """Bring the rows up to date: of the clients with something new, and all of them if the day is another.

        Leaves it to another process that is at it.

        :param waiting: somebody waits, so what takes long is left to the scheduled action, which is woken for it
        """
        self.env.cr.execute("SELECT pg_try_advisory_xact_lock(%s)", [REFRESH_LOCK])
        if not self.env.cr.fetchone()[0]:
            return
        today = "/".join(sorted({str(day) for day in self._get_days(now).values()}))
        parameters = self.env["ir.config_parameter"].sudo()
        seen, _comma, days = (parameters.get_param(SEEN) or "").partition(",")
        self.env["discipline.fact"].flush_model()
        self.env.cr.execute("SELECT COALESCE(MAX(id), 0) FROM discipline_fact")
        [last] = self.env.cr.fetchone()
        is_new = days != today or not seen.isdigit()
        if not is_new and last <= int(seen):
            return
        changed = None if is_new else self._get_changed(int(seen))
        if waiting and (changed is None or len(changed) > FEW) and self.search_count([], limit=1):
            self.env.ref("sales_discipline.cron_winback")._trigger()
            return
        self._refresh(now, changed)
        parameters.set_param(SEEN, f"{last},{today}")

    @api.model
    def _get_days(self, now: datetime) -> dict[int, date]:
        """The day that it is where each company is, by its id."""
        companies = self.env["res.company"].sudo().search([])
        return {company.id: local_date(now, company._get_discipline_tz()) for company in companies}

    @api.model
    def _get_changed(self, seen: int) -> list[int] | None:
        """The clients of the facts since that one; None for all of them."""
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT COALESCE(p.commercial_partner_id, p.id)
                  FROM discipline_fact f JOIN res_partner p ON p.id = f.partner_id
                 WHERE f.id > %s AND f.kind IN %s
                 LIMIT %s
                """,
                seen - MARGIN,
                KINDS,
                MANY + 1,
            )
        )
        changed = [partner_id for (partner_id,) in self.env.cr.fetchall()]
        return changed if len(changed) <= MANY else None

    @api.model
    def _refresh(self, now: datetime, partner_ids: list[int] | None = None) -> None:
        """Work the rows out anew.

        :param now: naive UTC; days are counted to the day that it is then where the company is
        :param partner_ids: clients, companies and not their contacts; all if None
        """
        if partner_ids is not None and not partner_ids:
            return
        for model in READ:
            self.env[model].flush_model()
        with self._plan_for(partner_ids):
            self.env.cr.execute(self._sql_store(self._get_days(now), now, partner_ids))
        if partner_ids is None:
            self.env.cr.execute("ANALYZE discipline_winback")
            _logger.info("Win-back: all clients worked out")
        else:
            self.env.cr.execute(self._sql_rank(partner_ids))
        self.invalidate_model()

    @contextmanager
    def _plan_for(self, partner_ids):
        """How PostgreSQL goes about it: it cannot foresee how many clients come out of the orders, takes them for a few and
        would look through everything for each of 50,000. Compiling queries takes longer than the work."""
        settings = {"jit": "off"}
        if partner_ids is None:
            settings.update(enable_nestloop="off", work_mem="64MB")
        before = {}
        for name, value in settings.items():
            self.env.cr.execute("SELECT current_setting(%s), set_config(%s, %s, TRUE)", [name, name, value])
            before[name] = self.env.cr.fetchone()[0]
        yield
        for name, value in before.items():
            self.env.cr.execute("SELECT set_config(%s, %s, TRUE)", [name, value])

    def _sql_store(self, days: dict[int, date], now: datetime, partner_ids) -> SQL:
        """Insert or update the rows of clients with orders, delete those of clients without any that stands."""
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        updates = SQL(", ").join(
            SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name)) for name in COLUMNS[2:]
        )
        return SQL(
            """
            WITH r AS MATERIALIZED (%(rows)s),
            stored AS (
                INSERT INTO discipline_winback (%(columns)s, create_uid, create_date, write_uid, write_date)
                SELECT %(columns)s, %(uid)s, %(now)s, %(uid)s, %(now)s FROM r
                    ON CONFLICT (company_id, partner_id) DO UPDATE SET %(updates)s, write_date = %(now)s)
            DELETE FROM discipline_winback w
             WHERE %(mine)s AND NOT EXISTS (
                   SELECT FROM r WHERE r.partner_id = w.partner_id AND r.company_id = w.company_id)
            """,
            columns=columns,
            updates=updates,
            rows=self._sql_rows(days, now, partner_ids),
            mine=SQL("TRUE") if partner_ids is None else SQL("w.partner_id = ANY(%s)", partner_ids),
            uid=self.env.uid,
            now=now,
        )

    def _sql_rows(self, days: dict[int, date], now: datetime, partner_ids) -> SQL:
        """A row a client and company with an order that stands, of COLUMNS; the rank is among these."""
        return SQL(
            """
            WITH co AS MATERIALIZED (
                SELECT c.id, v.today, COALESCE(rc.tz, 'UTC') AS tz, c.discipline_winback_late AS late,
                       c.discipline_winback_lapsed AS lapsed, c.discipline_winback_days AS silence,
                       (v.today - c.discipline_winback_months * interval '1 month')::date AS since,
                       (v.today - 2 * c.discipline_winback_months * interval '1 month')::date AS before
                  FROM res_company c
                  JOIN unnest(%(companies)s, %(days)s::date[]) AS v(id, today) ON v.id = c.id
                  LEFT JOIN resource_calendar rc ON rc.id = c.resource_calendar_id),
            o AS (%(orders)s),
            d AS (
                SELECT company_id, partner_id, day, SUM(amount) AS amount, COUNT(*) AS orders, MAX(last_id) AS last_id,
                       day - LAG(day) OVER (PARTITION BY company_id, partner_id ORDER BY day) AS gap
                  FROM o GROUP BY company_id, partner_id, day),
            g AS (
                SELECT d.company_id, d.partner_id, MIN(d.day) AS first_order, MAX(d.day) AS last_order,
                       MAX(d.last_id) AS last_id, SUM(d.amount) AS amount_total, SUM(d.orders) AS orders_total,
                       COALESCE(SUM(d.amount) FILTER (WHERE d.day > co.since), 0) AS amount,
                       COALESCE(SUM(d.orders) FILTER (WHERE d.day > co.since), 0) AS orders,
                       COALESCE(SUM(d.amount) FILTER (WHERE d.day <= co.since AND d.day > co.before), 0) AS amount_before,
                       CASE WHEN COUNT(*) >= %(enough)s
                            THEN PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY d.gap) END AS usual_interval
                  FROM d JOIN co ON co.id = d.company_id
                 GROUP BY d.company_id, d.partner_id)
            SELECT g.partner_id, g.company_id, u.id AS user_id, COALESCE(m.team_id, l.team_id) AS team_id, s.state,
                   RANK() OVER (PARTITION BY g.company_id, u.id ORDER BY g.amount DESC) AS rank,
                   g.amount, g.orders, g.amount_before, g.amount_total, g.orders_total, g.first_order,
                   g.last_order, s.days_since, g.usual_interval, s.days_since / g.usual_interval AS overdue,
                   g.last_order + ROUND(g.usual_interval::numeric)::int4 AS next_order, c.last_contact, co.today AS as_of
              FROM g
              JOIN co ON co.id = g.company_id
              JOIN res_partner p ON p.id = g.partner_id AND p.active
              JOIN discipline_fact f ON f.id = g.last_id
              LEFT JOIN res_users pu ON pu.id = %(owner)s AND pu.active
              LEFT JOIN res_users u ON u.id = COALESCE(pu.id, f.user_id) AND u.active
              LEFT JOIN (SELECT DISTINCT ON (user_id) user_id, crm_team_id AS team_id
                           FROM crm_team_member WHERE active ORDER BY user_id, id) m ON m.user_id = u.id
              LEFT JOIN (SELECT user_id, MIN(id) AS team_id FROM crm_team WHERE active GROUP BY user_id) l
                     ON l.user_id = u.id
              LEFT JOIN (%(contacts)s) c ON c.partner_id = g.partner_id
             CROSS JOIN LATERAL (SELECT GREATEST(co.today - g.last_order, 0) AS days_since) x
             CROSS JOIN LATERAL (SELECT x.days_since, CASE
                   WHEN g.usual_interval IS NULL THEN 'few'
                   WHEN g.last_order <= co.since THEN 'lost'
                   WHEN x.days_since < co.silence THEN 'active'
                   WHEN x.days_since > co.lapsed * g.usual_interval THEN 'lapsed'
                   WHEN x.days_since > co.late * g.usual_interval THEN 'late'
                   ELSE 'active' END AS state) s
            """,
            companies=list(days),
            days=[str(day) for day in days.values()],
            orders=self._sql_orders(now, partner_ids),
            contacts=self._sql_contacts(now, partner_ids),
            enough=ENOUGH_DAYS,
            owner=self.env["res.partner"]._field_to_sql("p", "user_id"),
        )

    def _sql_orders(self, now: datetime, partner_ids) -> SQL:
        """(company_id, partner_id, day, amount, last_id) of each order that stands by now: dated when it was confirmed, with
        what it has come to since."""
        return SQL(
            """
            SELECT f.company_id, COALESCE(p.commercial_partner_id, p.id) AS partner_id,
                   (MAX(f.happened_at) FILTER (WHERE f.quantity > 0) AT TIME ZONE 'UTC' AT TIME ZONE co.tz)::date AS day,
                   SUM(f.amount) AS amount, MAX(f.id) FILTER (WHERE f.quantity > 0) AS last_id
              FROM discipline_fact f
              JOIN co ON co.id = f.company_id
              JOIN res_partner p ON p.id = f.partner_id
             WHERE f.kind = 'order_confirmed' AND f.is_transfer IS NOT TRUE AND %(chosen)s
             GROUP BY f.company_id, COALESCE(p.commercial_partner_id, p.id), f.source_id, co.tz
            HAVING SUM(f.quantity) > 0
            """,
            chosen=self._sql_chosen(now, partner_ids),
        )

    def _sql_contacts(self, now: datetime, partner_ids) -> SQL:
        """(partner_id, last_contact): when an activity was last done with a client."""
        return SQL(
            """
            SELECT COALESCE(p.commercial_partner_id, p.id) AS partner_id, MAX(f.happened_at) AS last_contact
              FROM discipline_fact f JOIN res_partner p ON p.id = f.partner_id
             WHERE f.kind = 'activity_done' AND f.quantity > 0 AND %(chosen)s
             GROUP BY 1
            """,
            chosen=self._sql_chosen(now, partner_ids),
        )

    def _sql_chosen(self, now: datetime, partner_ids) -> SQL:
        """That a fact `f` is of these clients, and had happened by then."""
        clients = SQL("f.partner_id IS NOT NULL")
        if partner_ids is not None:
            clients = SQL(
                "f.partner_id IN (SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s))",
                partner_ids,
            )
        return SQL("f.happened_at <= %s AND %s", now, clients)

    def _sql_rank(self, partner_ids: list[int]) -> SQL:
        """Ranks among the clients of each salesperson who has one of these."""
        return SQL(
            """
            UPDATE discipline_winback w SET rank = r.place
              FROM (SELECT id, RANK() OVER (PARTITION BY company_id, user_id ORDER BY amount DESC) AS place
                      FROM discipline_winback
                     WHERE (company_id, COALESCE(user_id, 0)) IN (
                           SELECT company_id, COALESCE(user_id, 0) FROM discipline_winback WHERE partner_id = ANY(%s))) r
             WHERE r.id = w.id AND w.rank IS DISTINCT FROM r.place
            """,
            partner_ids,
        )
