from random import Random

from odoo import models

from ..demo_company.calendar import DAY
from ..demo_company.people import MANAGER, PAYROLL, PEOPLE


class DisciplineDemo(models.AbstractModel):
    _inherit = "discipline.demo"

    def _make_rules(self, company, story):
        """The ledger, then the plans with their targets, then the days scored by them, then the pay."""
        users, calendar = self._get_users(), story.calendar
        self.sudo().with_company(company)._share_orders(story)
        self.env["discipline.fact"]._fill_history()
        self.sudo().with_company(company)._live_through(calendar)
        self.sudo().with_company(company)._make_regulations(company, story, users)
        head = self.with_user(users[MANAGER[0]]).sudo().with_company(company)
        plans = head._make_plans(calendar, users)
        head._make_targets(story, users)
        head._make_assessments(calendar, users, plans)
        head._make_tasks(story, users)
        head._make_time_studies(calendar, users)
        self._score_past(plans, company, calendar, users)
        self._acknowledge(plans, users, calendar)
        self.with_user(users[PAYROLL[0]]).sudo().with_company(company)._make_pay(story, users)
        self.sudo().with_company(company)._look_into_findings(calendar.now)
        self.sudo().with_company(company)._make_appeals(users, calendar.now)

    def _score_past(self, plans, company, calendar, users):
        """Score the days, then the weeks and the months, each as if it had just ended; then what is open now."""
        scorecards, random = self.env["discipline.scorecard"], Random(calendar.start.toordinal())
        for period in ("day", "week", "month"):
            plans.filtered(lambda plan: plan.period == period).action_activate()  # noqa: B023
            moments = list(calendar.nights(period))
            for moment in moments:
                self._hand_in_reports(moment, users, random)
                company._set_late_recounted(moment.date())  # all there is was entered in the past
                # what would have been told long ago is not told today, but for the last month
                company.discipline_realism_notice = "needed" if moment == moments[-1] else "never"
                scorecards._score(moment)
        company._set_late_recounted(calendar.now.date())
        scorecards._score(calendar.now)
        plans.filtered(lambda plan: plan.period == "month" and not plan.date_to).action_ask_experts()

    def _acknowledge(self, plans, users, calendar):
        """Most people have read their plans, within two days; those who are careless have not all of them yet."""
        late = [users[person.key].id for person in PEOPLE if person.care < 0.8 or person.situation == "hired"]
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE discipline_plan_acknowledgement a
               SET acknowledged_at = LEAST(%(now)s, GREATEST(p.date_from, e.contract_date_start) - interval '1 day'
                                                    + (7 + a.id %% 29) * interval '1 hour')
              FROM discipline_plan p, hr_version e
             WHERE p.id = a.plan_id AND p.id = ANY(%(plans)s) AND e.employee_id = a.employee_id
               AND (p.date_to IS NOT NULL OR NOT a.user_id = ANY(%(late)s) OR p.period = 'week')
            """,
            {"plans": plans.ids, "late": late, "now": calendar.now},
        )
        self.env.invalidate_all()

    def _backdate_rules(self, company, calendar):
        """Plans and schemes were written before they came into force, months paid soon after their end."""
        self.env.flush_all()
        values = {"company": company.id, "start": calendar.start - 5 * DAY, "now": calendar.now}
        self.env.cr.execute(
            """
            UPDATE discipline_payroll SET
                   computed_at = LEAST(%(now)s, date_to + interval '4 days 8 hours'),
                   confirmed_at = LEAST(%(now)s, date_to + interval '4 days 10 hours')
                                  WHERE company_id = %(company)s AND confirmed_at IS NOT NULL;
            UPDATE discipline_payroll SET paid_at = LEAST(%(now)s, date_to + interval '7 days 9 hours')
             WHERE company_id = %(company)s AND paid_at IS NOT NULL;
            UPDATE mail_message m SET date = COALESCE(r.paid_at, r.confirmed_at, m.date) FROM discipline_payroll r
             WHERE m.model = 'discipline.payroll' AND m.res_id = r.id AND r.company_id = %(company)s;
            UPDATE mail_message m SET date = %(start)s FROM discipline_plan p
             WHERE m.model = 'discipline.plan' AND m.res_id = p.id AND p.company_id = %(company)s;
            UPDATE mail_message m SET date = %(start)s FROM discipline_scheme s
             WHERE m.model = 'discipline.scheme' AND m.res_id = s.id AND s.company_id = %(company)s;
            """,
            values,
        )
        self.env.invalidate_all()
