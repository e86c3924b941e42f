import secrets
from datetime import date, datetime, timedelta
from functools import partial

from odoo import api, models
from odoo.tools import SQL

from ..tools.periods import local_date, period_bounds

WEEK = timedelta(days=7)


class DisciplineSpotCheck(models.Model):
    """How spot checks are drawn: once a week for each company, one SQL statement for all people.

    Everything that counted in the week and that somebody can be asked about takes part: activities done on a lead or
    for a customer, within the days of the cards and entered by their deadline. The order is that of the MD5 of a seed,
    made at that moment and kept with each check, and of the fact's id: nobody knows it before, everybody can
    recompute it afterwards.
    """

    _inherit = "discipline.spot.check"

    @api.model
    def _draw_due(self, now: datetime) -> None:
        """Draw for the companies whose last week has not been drawn and is closed; longer ago is not made up for.

        :param now: naive UTC
        """
        for company, week in self._get_due(now):
            checks = self._draw(company, week, now)
            company.discipline_spot_drawn = week
            checks._tell(now)

    @api.model
    def _get_due(self, now: datetime) -> list[tuple]:
        """(company, first day of its last week) of those to draw for: once no card of a day of that week is open any
        more, from the second day of the new week on in any case."""
        due = []
        for company in self.env["res.company"].sudo().search([("discipline_spot_count", ">", 0)]):
            today = local_date(now, company._get_discipline_tz())
            monday = period_bounds("week", today)[0]
            drawn = company.discipline_spot_drawn
            if (not drawn or drawn < monday - WEEK) and (
                today > monday or not self._is_open(company, monday)
            ):
                due.append((company, monday - WEEK))
        return due

    @api.model
    def _is_open(self, company, monday: date) -> bool:
        """Whether a day's card of the week before `monday` is still open."""
        domain = [("company_id", "=", company.id), ("period", "=", "day"), ("state", "=", "open")]
        domain += [("date_from", ">=", monday - WEEK), ("date_from", "<", monday)]
        return bool(self.env["discipline.scorecard"].sudo().search_count(domain, limit=1))

    @api.model
    def _draw(self, company, week: date, now: datetime):
        """Draw the checks of that week for everybody who has none yet; return them.

        :param week: its Monday
        """
        last = week + WEEK - timedelta(days=1)
        domain = [("company_id", "=", company.id), ("date_from", "<=", last), ("date_to", ">=", week)]
        cards = self.env["discipline.scorecard"].sudo().search(domain)
        if not cards:
            return self.browse()
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL jit = off")
        self.env.cr.execute(self._sql_draw(company, cards.ids, week, last, now))
        checks = self.browse([check_id for (check_id,) in self.env.cr.fetchall()])
        self.invalidate_model()
        return checks

    def _sql_draw(self, company, card_ids: list[int], week: date, last: date, now: datetime) -> SQL:
        return SQL(
            """
            WITH day AS MATERIALIZED (%(days)s)
            INSERT INTO discipline_spot_check (
                fact_id, date_from, date, happened_at, employee_id, user_id, team_id, company_id, activity_type_id,
                partner_id, res_name, contact, phone, text, seed, state, create_uid, create_date, write_uid, write_date)
            SELECT x.id, %(week)s, x.date, x.happened_at, x.employee_id, x.user_id, x.team_id, x.company_id,
                   x.activity_type_id, x.partner_id, x.res_name,
                   COALESCE(CASE WHEN cp.id <> p.id THEN cp.name END, ld.contact_name),
                   COALESCE(NULLIF(ld.phone, ''), NULLIF(cp.phone, ''), NULLIF(p.phone, '')), a.feedback, %(seed)s,
                   'pending', %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM (SELECT f.id, f.source_id, f.happened_at, f.activity_type_id, f.partner_id, f.res_model, f.res_id,
                           f.res_name, d.date, d.employee_id, d.user_id, d.team_id, d.company_id,
                           ROW_NUMBER() OVER (PARTITION BY d.employee_id ORDER BY MD5(%(seed)s || ':' || f.id)) AS rank
                      FROM day d
                      JOIN discipline_fact f ON %(counted)s
                     WHERE d.date BETWEEN %(week)s AND %(last)s
                       AND (f.partner_id IS NOT NULL OR f.res_model = 'crm.lead')
                       AND NOT EXISTS (SELECT FROM discipline_spot_check s WHERE s.employee_id = d.employee_id
                                          AND s.company_id = d.company_id AND s.date_from = %(week)s)
                   ) x
              LEFT JOIN crm_lead ld ON x.res_model = 'crm.lead' AND ld.id = x.res_id
              LEFT JOIN sale_order so ON x.res_model = 'sale.order' AND so.id = x.res_id
              LEFT JOIN res_partner cp ON cp.id = COALESCE(ld.partner_id, so.partner_id,
                                                           CASE WHEN x.res_model = 'res.partner' THEN x.res_id END)
              LEFT JOIN res_partner p ON p.id = x.partner_id
              LEFT JOIN mail_activity a ON a.id = x.source_id
             WHERE x.rank <= %(count)s
             ORDER BY x.employee_id, x.rank
                ON CONFLICT (fact_id) DO NOTHING RETURNING id
            """,
            days=self.env["discipline.signal"]._sql_days(card_ids),
            counted=self.env["discipline.signal"]._sql_counted(),
            week=week,
            last=last,
            seed=secrets.token_hex(8),
            count=company.discipline_spot_count,
            uid=self.env.uid,
            now=now,
        )

    def _tell(self, now: datetime) -> None:
        """One message a reader with how many calls there are to make."""
        managers = {company: self._get_managers(company) for company in self.company_id}
        readers = {check: check._get_readers(managers[check.company_id]) for check in self}
        for reader in self.env["res.users"].union(*readers.values()):
            env = self.with_context(lang=reader.lang, mail_notify_force_send=False).env
            count = sum(reader in found for found in readers.values())
            env["mail.thread"].message_notify(
                partner_ids=reader.partner_id.ids,
                author_id=self.env.ref("base.partner_root").id,
                subject=env._("Spot checks of last week: %(n)s", n=count),
                body=env["ir.qweb"]._render("sales_discipline.spot_notice", {"url": "/odoo/spot-checks"}),
                date=now,
                force_email_lang=reader.lang,
            )

    @api.model
    def _get_managers(self, company):
        return self.env["discipline.realism.check"]._get_managers(company)

    def _get_readers(self, managers=None):
        """Who verifies it: the leader of the person's team then, else the managers (looked up if they are not given);
        nobody what they did themselves."""
        self.ensure_one()
        leader = self.team_id.user_id - self.user_id
        if leader and leader.active and self.company_id in leader.company_ids:
            return leader
        return (self._get_managers(self.company_id) if managers is None else managers) - self.user_id


class DisciplineScorecard(models.Model):
    _inherit = "discipline.scorecard"

    @api.model
    def _get_steps(self, now: datetime) -> list:
        """The spot checks of the week that the cards have closed."""
        return [*super()._get_steps(now), partial(self.env["discipline.spot.check"].sudo()._draw_due, now)]
