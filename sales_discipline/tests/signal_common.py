from datetime import date, datetime, timedelta
from hashlib import md5

from odoo import Command

from .freeze_common import FreezeCase

KINDS = "burst deadline client no_text same_text at_once lost claimed".split()


def words(text):
    """The ledger's form of a text, for texts of this file: without case and punctuation."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


class SignalCase(FreezeCase):
    """What the tests of signals share: days of activities in the ledger, with the details that signals look at."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signals = cls.env["discipline.signal"]
        cls.email = cls.env.ref("mail.mail_activity_data_email")
        cls.clients = cls.env["res.partner"].create([{"name": f"Client {number}"} for number in range(30)])
        cls.source = 500_000  # far from the ids of real activities

    @classmethod
    def _rule(cls, kind):
        return cls.env.ref(f"sales_discipline.signal_rule_{kind}")

    @classmethod
    def _activity(cls, user, moment, text="", age=90_000, kind=None, client=None, lead=None, **values):
        """The row of an activity done at that naive UTC moment; without `text` it gets words of its own."""
        cls.source += 1
        text = f"Own words {cls.source}" if text == "" else text
        plain = words(text or "")
        details = {"age": age}
        if plain:
            details.update(text=md5(plain.encode()).hexdigest(), chars=len(plain))
        client = client or cls.clients[cls.source % len(cls.clients)]
        row = {"kind": "activity_done", "source_id": cls.source, "user_id": user.id, "happened_at": moment}
        row.update(entered_at=None, partner_id=client.id, activity_type_id=(kind or cls.call).id)
        row.update(res_model="crm.lead", res_id=lead or 900_000 + cls.source, details=details)
        return {**row, **values}

    @classmethod
    def _log(cls, count, begin, gap=300, user=None, **values):
        """So many activities from that moment (UTC, of the 10th or with a date), `gap` seconds apart."""
        moment = datetime.fromisoformat(begin if "-" in begin else f"2026-03-10 {begin}")
        return cls._insert_facts(
            [
                cls._activity(user or cls.anna, moment + timedelta(seconds=gap * number), **values)
                for number in range(count)
            ]
        )

    def _found(self, employee=None):
        """`{(date, kind): (strength, number of facts)}` of a person's signals."""
        found = self.signals.search([("employee_id", "=", (employee or self.e_anna).id)])
        return {
            (str(signal.date), signal.kind): (signal.strength, len(signal.fact_ids or [])) for signal in found
        }

    def _close(self, now="2026-03-10 23:00:00"):
        """Freeze what is due and look for signals, as the cron does."""
        return self._score(now)

    @classmethod
    def _make_crew(cls, count, tz="Europe/Berlin"):
        """So many salespeople with an employee each, in a team of their own led by lena."""
        users = cls.env["res.users"].create(
            [
                {
                    "name": f"Seller {number}",
                    "login": f"seller_{number}",
                    "tz": tz,
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [Command.set(cls.env.ref("sales_team.group_sale_salesman").ids)],
                }
                for number in range(count)
            ]
        )
        employees = cls.env["hr.employee"].concat(*(cls._make_employee(user, tz) for user in users))
        return users, employees, cls._make_team("Crew", cls.lena, users)

    @classmethod
    def _workdays(cls, count, first=date(2026, 3, 2)):
        days = (first + timedelta(days=number) for number in range(2 * count + 7))
        return [day for day in days if day.weekday() < 5][:count]
