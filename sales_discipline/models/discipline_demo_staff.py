from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.fields import Command

from ..demo_company.people import BERLIN, HOLIDAYS, MANAGER, MOSCOW, NEW_YORK, PAYROLL, PEOPLE, TEAMS

PLACES = {BERLIN: "Berlin", MOSCOW: "Moscow", NEW_YORK: "New York"}
SALES, HR = "Sales", "Human Resources"
LEADER, KEY_ACCOUNTS, REPRESENTATIVE = "Sales Team Leader", "Key Account Manager", "Sales Representative"
HEAD, OFFICER = "Head of Sales", "Payroll Officer"


class DisciplineDemo(models.AbstractModel):
    _inherit = "discipline.demo"

    def _make_staff(self, company, calendar):
        """Departments, jobs, working hours, users, employees, teams, and their leave."""
        users = self._make_users(company)
        hours = self._make_working_hours(company, calendar)
        departments = self._create_named("hr.department", (SALES, HR), company_id=company.id)
        jobs = self._create_named(
            "hr.job", (LEADER, KEY_ACCOUNTS, REPRESENTATIVE, HEAD, OFFICER), company_id=company.id
        )
        for name, job in jobs.items():
            job.department_id = departments[HR if name == OFFICER else SALES]
        values = []
        for index, (login, name, phone, tz, share, job, wage) in enumerate(self._get_staff()):
            since = calendar.start.replace(day=1) - relativedelta(months=5 + index * 11 % 60)
            if any(person.key == login and person.situation == "hired" for person in PEOPLE):
                since = calendar.hired
            values.append(
                {
                    "name": name,
                    "user_id": users[login].id,
                    "company_id": company.id,
                    "department_id": jobs[job].department_id.id,
                    "job_id": jobs[job].id,
                    "resource_calendar_id": hours[tz, share].id,
                    "tz": tz,
                    "work_email": users[login].email,
                    "work_phone": phone,
                    "wage": wage,
                    "date_version": since,
                    "contract_date_start": since,
                }
            )
        employees = self.env["hr.employee"].create(values)
        departments[SALES].manager_id, departments[HR].manager_id = employees[-2], employees[-1]
        people = dict(zip(PEOPLE, employees[:-2], strict=True))
        self._make_teams(company, people, employees[-2])
        self._make_leave(people, calendar)

    def _get_staff(self):
        """Everybody: list of (login, name, phone, time zone, share of full time, job, monthly wage)."""
        rows = []
        for person in PEOPLE:
            job = LEADER if person.leader else KEY_ACCOUNTS if person.team == "key" else REPRESENTATIVE
            wage = round((4400 if person.leader else 3200) * person.share)
            rows.append((person.key, person.name, person.phone, person.tz, person.share, job, wage))
        rows.append((*MANAGER, BERLIN, 1.0, HEAD, 6800))
        rows.append((*PAYROLL, BERLIN, 1.0, OFFICER, 3900))
        return rows

    def _create_named(self, model, names, **values):
        records = self.env[model].create([{"name": name, **values} for name in names])
        return dict(zip(names, records, strict=True))

    # ------------------------------------------------------------
    # Users and teams
    # ------------------------------------------------------------

    def _make_users(self, company):
        """A user for everybody, by login; the password is the login."""
        rows = []
        for person in PEOPLE:
            groups = ["sales_team.group_sale_salesman"]
            if person.leader:
                groups = ["sales_team.group_sale_salesman_all_leads", "sales_discipline.group_leader"]
            rows.append((person.key, person.name, person.email, person.tz, groups))
        groups = ["sales_team.group_sale_manager", "sales_discipline.group_manager", "hr.group_hr_user"]
        rows.append((*MANAGER[:2], self._get_email(MANAGER[1]), BERLIN, groups))
        groups = ["hr.group_hr_manager", "sales_discipline.group_payroll"]
        rows.append((*PAYROLL[:2], self._get_email(PAYROLL[1]), BERLIN, groups))
        # with the chat bot installed, it greets nobody
        quiet = {"odoobot_state": "disabled"} if "odoobot_state" in self.env["res.users"]._fields else {}
        users = self.env["res.users"].create(
            [
                {
                    "login": login,
                    "password": login,
                    "name": name,
                    "email": email,
                    "tz": tz,
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [
                        Command.set([self.env.ref(group).id for group in ["base.group_user", *groups]])
                    ],
                    "notification_type": "inbox",
                    **quiet,
                }
                for login, name, email, tz, groups in rows
            ]
        )
        return {user.login: user for user in users}

    def _get_email(self, name):
        return f"{name.lower().replace(' ', '.')}@{PEOPLE[0].email.split('@')[1]}"

    def _make_teams(self, company, people, manager):
        """The sales teams with their leaders and members; everybody gets a manager."""
        for key, name in TEAMS.items():
            members = {person: employee for person, employee in people.items() if person.team == key}
            leader = next(employee for person, employee in members.items() if person.leader)
            self.env["crm.team"].create(
                {
                    "name": name,
                    "company_id": company.id,
                    "user_id": leader.user_id.id,
                    "member_ids": [Command.set([employee.user_id.id for employee in members.values()])],
                }
            )
            for employee in members.values():
                employee.parent_id = manager if employee == leader else leader
        # Odoo has no start date of a membership but its creation
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE crm_team_member m SET create_date = v.contract_date_start
              FROM hr_employee e JOIN hr_version v ON v.id = e.current_version_id
             WHERE e.user_id = m.user_id AND e.id IN %s;
            UPDATE crm_team SET create_date = '2020-01-01' WHERE company_id = %s
            """,
            [tuple(employee.id for employee in people.values()), company.id],
        )
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # Working time
    # ------------------------------------------------------------

    def _make_working_hours(self, company, calendar):
        """Working schedules by (time zone, share of full time), with the public holidays of each office."""
        values = [{"name": f"{place}, 40 hours", "tz": tz} for tz, place in PLACES.items()]
        mornings = [
            Command.create(
                {"name": name, "dayofweek": str(day), "hour_from": 9, "hour_to": 13, "day_period": "morning"}
            )
            for day, name in enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"))
        ]
        values.append({"name": "Berlin, mornings, 20 hours", "tz": BERLIN, "attendance_ids": mornings})
        schedules = self.env["resource.calendar"].create(
            [{**vals, "company_id": company.id} for vals in values]
        )
        leaves = []
        for schedule in schedules:
            person = next(person for person in PEOPLE if person.tz == schedule.tz)
            for (month, day), name in HOLIDAYS[schedule.tz].items():
                for year in range(calendar.start.year, calendar.now.year + 2):
                    date = calendar.start.replace(year=year, month=month, day=day)
                    leaves.append(
                        {
                            **self._prepare_leave(calendar, person, name, date, date),
                            "calendar_id": schedule.id,
                        }
                    )
        self.env["resource.calendar.leaves"].create(leaves)
        return dict(zip([*((tz, 1.0) for tz in PLACES), (BERLIN, 0.5)], schedules, strict=True))

    def _prepare_leave(self, calendar, person, name, first, last):
        """Values of time off over whole local days, the last one included."""
        return {
            "name": name,
            "date_from": calendar.moment(person, first, 0),
            "date_to": calendar.moment(person, last, 24 * 60 - 1),
            "time_type": "leave",
        }

    def _make_leave(self, people, calendar):
        self.env["resource.calendar.leaves"].create(
            [
                {
                    **self._prepare_leave(calendar, person, f"{person.name}: annual leave", *days),
                    "resource_id": employee.resource_id.id,
                    "calendar_id": employee.resource_calendar_id.id,
                }
                for person, employee in people.items()
                for days in calendar.leave[person.key]
            ]
        )
