from collections import defaultdict
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.tools import SQL

from .discipline_span import EVER


class Login(NamedTuple):
    """A user that is, or was, somebody's: `[since, until)` in naive UTC, None for ever. `is_first` if nobody of the company
    had it before."""

    user_id: int
    since: datetime | None = None
    until: datetime | None = None
    is_first: bool = True
    company_id: int | None = None


class HrEmployee(models.Model):
    """Which users were whose, and when: somebody who gets another user stays the same person, and a user that a successor
    takes over was the predecessor's until then."""

    _inherit = "hr.employee"

    @api.model
    @tools.ormcache()
    def _has_discipline_logins(self) -> bool:
        """Whether anybody has ever got another user: where nobody has, nothing need be asked."""
        return bool(self.env.execute_query(SQL("SELECT FROM discipline_span WHERE kind = 'login' LIMIT 1")))

    def _get_discipline_logins(self) -> dict[int, list[Login]]:
        """The users of each of these people, the present one last; in one statement.

        A user that nobody else of the company has taken over stays its last owner's: documents still name it.

        :return: `{employee id: [Login]}`, complete; an empty list for who never had one
        """
        found = self._find_discipline_logins(SQL("e.id = ANY(%s)", self.ids))
        return {employee_id: found.get(employee_id, []) for employee_id in self.ids}

    @api.model
    def _find_discipline_logins(self, which: SQL) -> dict[int, list[Login]]:
        """The same of the employees `e` of a condition; without those who never had a user."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH asked AS (SELECT e.id, e.user_id FROM hr_employee e WHERE %(which)s),
                past AS (SELECT user_id, company_id, res_id, date_to, id FROM discipline_span WHERE kind = 'login'),
                wanted AS (
                    SELECT user_id FROM asked WHERE user_id IS NOT NULL
                     UNION SELECT user_id FROM past WHERE res_id IN (SELECT id FROM asked)),
                chain AS (
                    SELECT * FROM past
                     UNION ALL SELECT e.user_id, e.company_id, e.id, NULL, NULL FROM hr_employee e
                     WHERE e.user_id IS NOT NULL
                       AND (e.id IN (SELECT id FROM asked) OR e.user_id IN (SELECT user_id FROM past))),
                owners AS (SELECT res_id FROM chain WHERE user_id IN (SELECT user_id FROM wanted))
                SELECT user_id, company_id, res_id, date_to, res_id IN (SELECT id FROM asked) FROM chain
                 WHERE user_id IN (SELECT user_id FROM wanted) OR res_id IN (SELECT res_id FROM owners)
                 ORDER BY date_to NULLS LAST, id
                """,
                which=which,
            )
        )
        found = _get_holdings([row[:-1] for row in rows])
        return {employee_id: found[employee_id] for *_rest, employee_id, _until, asked in rows if asked}

    @api.model
    def _sql_discipline_logins(self) -> SQL:
        """(employee_id, user_id) of all that those had who have had several."""
        return SQL(
            """
            SELECT res_id AS employee_id, user_id FROM discipline_span WHERE kind = 'login'
             UNION SELECT e.id, e.user_id FROM hr_employee e
             WHERE e.user_id IS NOT NULL AND e.id IN (SELECT res_id FROM discipline_span WHERE kind = 'login')
            """
        )

    def _note_logins(self) -> None:
        """Write down that these people have had their user until now: another takes its place, or none."""
        now = fields.Datetime.now()
        self.env.registry.clear_cache()
        self.env["discipline.span"].sudo()._append(
            [
                ("login", employee.id, None, user.id, employee.company_id.id, None, None, None, EVER, now)
                for employee in self.sudo()
                if (user := employee.resource_id.user_id)  # the employee's own says already what it will be
            ]
        )


class ResourceResource(models.Model):
    """Where the user of an employee is kept."""

    _inherit = "resource.resource"

    def write(self, vals):
        if "user_id" in vals:
            others = self.filtered(lambda resource: resource.user_id.id != (vals["user_id"] or False))
            employees = self.env["hr.employee"].sudo().with_context(active_test=False)
            employees.search([("resource_id", "in", others.ids)])._note_logins()
        return super().write(vals)


def _get_holdings(rows) -> dict[int, list[Login]]:
    """`{employee id: [Login]}`, in order.

    :param rows: (user id, company id, employee id, until when or None for the present), ordered by the last
    """
    users, before = defaultdict(list), {}
    for user_id, company_id, employee_id, until in rows:
        since = before.get(employee_id)  # one has one user at a time
        before[employee_id] = until
        users[user_id, company_id].append([employee_id, since, until])
    found = defaultdict(list)
    for (user_id, company_id), held in users.items():
        for last, following in pairwise(held):
            following[1] = max(filter(None, (following[1], last[2])), default=None)
            last[2] = following[1]
        held[-1][2] = None
        for index, (employee_id, since, until) in enumerate(held):
            found[employee_id].append(Login(user_id, since, until, not index, company_id))
    for logins in found.values():
        logins.sort(key=lambda login: login.since or EVER)
    return found
