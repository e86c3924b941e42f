import math
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.contacts import spread_contacts

AHEAD = timedelta(days=366)  # the farthest that is planned
DAYS_OFF = 60  # that a person's plan may have to get over


class DisciplineContactPlan(models.TransientModel):
    """Who gets whom, and on which of their working days."""

    _inherit = "discipline.contact.plan"

    def _prepare_plan(self) -> dict:
        """:return: dict of `contacts`: [(client id, user id, day)], and `left`: client ids by reason, see `_get_left_out`"""
        today = fields.Date.context_today(self)
        if not today <= self.date_from <= today + AHEAD:
            raise UserError(self.env._("The field 'From' has to be today or a day of the year to come."))
        turns = self._get_turns()
        clients, left = self._get_owned(turns)
        days = self._get_days({owner for _client, owner in clients} | set(turns), turns, len(clients))
        taken = self._get_taken(days) if self.count_planned else {}
        contacts, away = spread_contacts(clients, turns, days, self.per_day, taken)
        left["away"] = away
        left = {reason: ids for reason, ids in left.items() if ids}
        return {"contacts": [(*contact[:2], str(contact.day)) for contact in contacts], "left": left}

    def _get_clients(self):
        """The clients, companies instead of their contacts."""
        return self.with_context(active_test=False).partner_ids.commercial_partner_id

    def _get_turns(self) -> list[int]:
        """The ids of the people who take turns. :raise AccessError: if it is not the reader's to plan for one"""
        users = self.user_ids
        if self.is_own:
            users = users or self.env.user
        elif self.who == "turns" and not users:
            raise UserError(self.env._("Choose who is to do it: fill in the field 'People'."))
        self._check_people(users)
        return users.ids

    def _get_owned(self, turns: list[int]) -> tuple[list[tuple], dict[str, list[int]]]:
        """Those among the clients that contacts are planned with, who bought most first, each with who is to do it (None:
        in turns), and those left out by reason. One statement."""
        clients = self._get_clients()
        if not clients:
            raise UserError(self.env._("Choose the clients first."))
        clients.check_access("read")
        found = {row["id"]: row for row in self.env.execute_query_dict(self._sql_clients(clients))}
        allowed = set(self._get_allowed_users().ids)
        owned, left = [], {reason: [] for reason in ("open", "other", "nobody")}
        left["archived"] = [client_id for client_id in clients.ids if client_id not in found]
        for client_id, row in found.items():
            if row["is_open"]:
                left["open"].append(client_id)
            elif row["owner_id"] and row["owner_id"] not in allowed:
                left["other"].append(client_id)
            elif self.who == "own" and row["owner_id"]:
                owned.append((client_id, row["owner_id"]))
            elif turns:
                owned.append((client_id, None))
            else:
                left["nobody"].append(client_id)
        return owned, left

    def _sql_clients(self, clients) -> SQL:
        """(id, owner_id, is_open) of those that are active in the company, who bought most in the last year first: whose
        they are, and whether the same contact is open with them or one of their people already."""
        for model in ("res.partner", "res.users", "crm.lead", "mail.activity"):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT p.id, %(owner)s AS owner_id, %(is_open)s AS is_open
              FROM res_partner p
              LEFT JOIN LATERAL (
                   SELECT SUM(f.amount) AS amount FROM discipline_fact f
                    WHERE f.partner_id = p.id AND f.kind = 'order_confirmed' AND f.company_id = %(company)s
                      AND f.happened_at >= %(since)s AND f.is_transfer IS NOT TRUE) bought ON TRUE
             WHERE p.id = ANY(%(ids)s) AND p.active AND (p.company_id IS NULL OR p.company_id = %(company)s)
             ORDER BY bought.amount DESC NULLS LAST, p.complete_name, p.id
            """,
            since=fields.Datetime.now() - AHEAD,
            company=self.company_id.id,
            owner=self.env["res.partner"]._sql_seller("p", self.company_id.id),
            is_open=self._sql_is_open(),
            ids=clients.ids,
        )

    def _sql_is_open(self) -> SQL:
        """That a client `p` has what would be planned: an open opportunity; an open activity of the type on it, one of its
        people or an open opportunity."""
        deals = SQL(
            "SELECT l.id FROM crm_lead l JOIN res_partner lp ON lp.id = l.partner_id WHERE lp.commercial_partner_id = p.id"
            " AND l.active AND l.won_status = 'pending' AND (l.company_id IS NULL OR l.company_id = %s)",
            self.company_id.id,
        )
        if self.kind == "opportunity":
            return SQL("EXISTS (%s AND l.type = 'opportunity')", deals)
        return SQL(
            """
            EXISTS (SELECT FROM mail_activity a
                     WHERE a.active IS TRUE AND a.activity_type_id = %(type)s AND (
                           a.res_model = 'res.partner' AND a.res_id IN (
                               SELECT c.id FROM res_partner c WHERE c.commercial_partner_id = p.id)
                           OR a.res_model = 'crm.lead' AND a.res_id IN (%(deals)s)))
            """,
            type=self.activity_type_id.id,
            deals=deals,
        )

    def _get_days(self, people: set, turns: list[int], count: int) -> dict[int, list]:
        """The working days of each from the first day on, by user id: enough of them for `count` contacts."""
        needed = math.ceil(count / self.per_day)
        last = min(self.date_from + AHEAD, self.date_from + timedelta(days=3 * needed + DAYS_OFF))
        users = self.env["res.users"].sudo().browse(people - {None})
        employees = self.env["hr.employee"].sudo()
        employees = employees.search(
            [("user_id", "in", users.ids), ("company_id", "=", self.company_id.id)], order="id desc"
        )
        hours = employees._get_discipline_hours(self.date_from, last)
        days = {employee.user_id.id: sorted(hours[employee.id]) for employee in employees}
        missing = [user.id for user in users if user.id not in days]
        if missing:
            norm = sorted(self.company_id.sudo()._get_discipline_norm_days(self.date_from, last))
            days.update(dict.fromkeys(missing, norm))
        return days

    def _get_taken(self, days: dict) -> dict[tuple, int]:
        """`{(user id, day): number}` of the activities of the type that these people have already."""
        found = (
            self.env["mail.activity"]
            .sudo()
            ._read_group(
                [
                    ("user_id", "in", list(days)),
                    ("activity_type_id", "=", self.activity_type_id.id),
                    ("date_deadline", ">=", self.date_from),
                ],
                ["user_id", "date_deadline:day"],
                ["__count"],
            )
        )
        return {(user.id, day): count for user, day, count in found}
