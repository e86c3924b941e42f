from datetime import datetime, time, timedelta

from odoo import Command
from odoo.tests import freeze_time

from .freeze_common import FreezeCase
from .invoice_common import Accounting
from .reference import get_bounds

DEEDS = """plan plan do do hand_over put_off drop back_date begin begin win lose reopen pass_on delete sell reprice cancel
    invoice invoice invoice_late refund stay_away stay_away ask change_plan score""".split()


class MonthLife(Accounting, FreezeCase):
    """What people do in Odoo, each deed beside the same one in the diary (`reference.py`). Anna works for two companies,
    as `anna` for the first and `zoe` for the second; Boris works half days in Tokyo.

    A deed is `_<deed>(now, number, name, pick)`: `number` is its own, `name` who does it, `pick` 0..9 says which record
    or how much. One that fits nothing is left undone.
    """

    def _act(self, now, number, deed, who, pick):
        name = sorted(self.people)[who % len(self.people)]
        with freeze_time(now):
            getattr(self, f"_{deed}")(now, number, name, pick)
            self.env.flush_all()

    def _choose(self, records, name, pick):
        """One of these of the person's company, if there is any: (its number in the diary, the record)."""
        company = self.people[name][1].company_id
        keys = sorted(key for key, record in records.items() if self._get_company(record) == company)
        return (keys[pick % len(keys)], records[keys[pick % len(keys)]]) if keys else (None, None)

    def _get_company(self, record):
        """Activities on the customer are of the first company, those on a lead of its own."""
        if record._name != "mail.activity":
            return record.company_id or self.company
        return self.outside if record.res_model == "crm.lead" else self.company

    def _get_colleague(self, name):
        return {"anna": "boris", "boris": "anna"}.get(name, name)

    # ------------------------------------------------------------
    # Activities
    # ------------------------------------------------------------

    def _plan(self, now, number, name, pick):
        due = self.diary.day_of(name, now) + timedelta(days=pick % 4 - 1)
        user, employee = self.people[name]
        document = self.customer if employee.company_id == self.company else self.carrier
        self.todos[number] = self._make_activity(user, document, date_deadline=due)
        self.diary.plan(number, name, due)

    def _do(self, now, number, name, pick):
        key, activity = self._choose(self.todos, name, pick)
        if activity:
            activity.with_user(self.people[name][0]).sudo().action_feedback(
                feedback=f"Spoke to them {number}"
            )
            self.diary.do(key, name, now)
            del self.todos[key]

    def _hand_over(self, now, number, name, pick):
        key, activity = self._choose(self.todos, name, pick)
        if activity:
            self._as_owner(key, activity).user_id = self.people[name][0]
            self.diary.hand_over(key, name, now)

    def _as_owner(self, key, activity):
        return activity.with_user(self.users[self.diary.todos[key].user]).sudo()

    def _put_off(self, now, number, name, pick):
        key, activity = self._choose(self.todos, name, pick)
        if activity:
            due = activity.date_deadline + timedelta(days=1 + pick)
            activity.date_deadline = due
            self.diary.put_off(key, due, now)

    def _drop(self, now, number, name, pick):
        key, activity = self._choose(self.todos, name, pick)
        if activity:
            self._as_owner(key, activity).unlink()
            self.diary.drop(key, now)
            del self.todos[key]

    def _back_date(self, now, number, name, pick):
        """What was done and won is said to have been earlier: nobody believes it."""
        done = self.env["mail.activity"].with_context(active_test=False)
        done = done.search([("active", "=", False), ("user_id", "in", self.users_all.ids)], limit=3)
        done.write({"date_done": "2026-03-10"})
        for deal in self.deals.values():
            if deal.won_status == "won":
                deal.date_closed = "2026-03-10 10:00:00"

    # ------------------------------------------------------------
    # Deals, orders
    # ------------------------------------------------------------

    def _begin(self, now, number, name, pick):
        amount = 100.0 * (pick + 1)
        user, employee = self.people[name]
        values = {"expected_revenue": amount, "company_id": employee.company_id.id, "team_id": False}
        self.deals[number] = self._make_lead(user, **values)
        self.diary.begin(number, name, amount)

    def _win(self, now, number, name, pick):
        key, deal = self._choose(self.deals, name, pick)
        if deal and self.diary.deals[key].state == "open":
            deal.action_set_won()
            self.diary.end(key, "won", now)

    def _lose(self, now, number, name, pick):
        key, deal = self._choose(self.deals, name, pick)
        if deal and self.diary.deals[key].state == "open":
            deal.action_set_lost()
            self.diary.end(key, "lost", now)

    def _reopen(self, now, number, name, pick):
        key, deal = self._choose(self.deals, name, pick)
        if deal and self.diary.deals[key].state in ("won", "lost"):
            deal.action_unarchive()
            deal.write({"stage_id": self.open_stage.id, "probability": 20})
            self.diary.end(key, "open", now)

    def _pass_on(self, now, number, name, pick):
        key, deal = self._choose(self.deals, name, pick)
        user = self.people[self._get_colleague(name)][0]
        if deal and deal.user_id != user:  # else Odoo takes the company of the user for it
            deal.user_id = user
            self.diary.deals[key].user = self.diary.people[self._get_colleague(name)].user

    def _delete(self, now, number, name, pick):
        key, deal = self._choose(self.deals, name, pick)
        if deal:
            deal.unlink()
            self.diary.deals[key].state = "gone"  # what was won stays won
            del self.deals[key]

    def _sell(self, now, number, name, pick):
        amount = 50.0 * (pick + 1)
        user, employee = self.people[name]
        company = employee.company_id
        line = Command.create({"product_id": self.product.id, "price_unit": amount, "tax_ids": False})
        values = {"partner_id": self.customer.id, "company_id": company.id, "order_line": [line]}
        order = self.env["sale.order"].with_company(company).create({**values, "user_id": user.id})
        order.action_confirm()
        self.orders[number] = order
        self.diary.sell(number, name, amount, now)

    def _reprice(self, now, number, name, pick):
        key, order = self._choose(self.orders, name, pick)
        if order:
            before = order.order_line.price_unit
            order.order_line.price_unit = 30.0 * (pick + 1)
            self.diary.change(key, order.order_line.price_unit - before, now)

    def _cancel(self, now, number, name, pick):
        """It counts against the day on which it is cancelled; for pay the order was never made."""
        key, order = self._choose(self.orders, name, pick)
        if order:
            self.diary.change(key, -order.order_line.price_unit, now)
            order._action_cancel()
            del self.orders[key]

    # ------------------------------------------------------------
    # Invoices
    # ------------------------------------------------------------

    def _invoice(self, now, number, name, pick, back=0):
        if name == "zoe":  # her company keeps no books here
            name = "anna"
        amount = 60.0 * (pick + 1)
        day = self.diary.day_of(name, now) - timedelta(days=back)
        values = {"invoice_date": day, "team_id": False}
        self.invoices[number] = self._make_invoice(self.people[name][0], amount, **values)
        self.invoices_of[number] = name
        self.diary.sell(number, name, amount, now, "sales_invoiced", day)

    def _invoice_late(self, now, number, name, pick):
        """Dated some days ago."""
        self._invoice(now, number, name, pick, back=1 + pick)

    def _refund(self, now, number, name, pick):
        """All of it or half, today or dated some days ago, at most once."""
        key, invoice = self._choose(self.invoices, "anna", pick)
        if not invoice:
            return
        name = self.invoices_of[key]
        day = self.diary.day_of(name, now) - timedelta(days=pick // 3)
        day = max(day, invoice.invoice_date)
        refund = invoice._reverse_moves(
            [{"invoice_date": day, "date": day, "invoice_user_id": invoice.invoice_user_id.id}]
        )
        if pick % 2:
            refund.invoice_line_ids.price_unit /= 2
        refund.action_post()
        self.diary.refund(key, refund.invoice_line_ids.price_unit, name, now, day)
        del self.invoices[key]

    # ------------------------------------------------------------
    # Leave, targets, plans
    # ------------------------------------------------------------

    def _stay_away(self, now, number, name, pick):
        """A day off, or a morning, from tomorrow on."""
        day = self.diary.day_of(name, now) + timedelta(days=1 + pick % 3)
        zone = self.diary.people[name].zone
        stop = datetime.combine(day, time(12, 30)) if pick > 5 else datetime.combine(day, time(23, 59))
        bounds = [zone.localize(moment) for moment in (datetime.combine(day, time(0)), stop)]
        start, stop = ((moment - moment.utcoffset()).replace(tzinfo=None) for moment in bounds)
        self._make_leave(start, stop, self.people[name][1])
        self.diary.away |= {(name, day, 0)} if pick > 5 else {(name, day, 0), (name, day, 1)}

    def _ask(self, now, number, name, pick):
        """Another target of one's own, for each of the periods that begin from tomorrow on."""
        kind = ("day", "week", "month")[pick % 3]
        day = self.diary.day_of(name, now) + timedelta(days=1)
        employee = self.people[name][1]
        targets, metric = self.env["discipline.target"], self._metric("calls_done")
        mine = [("employee_id", "=", employee.id), ("metric_id", "=", metric.id), ("period", "=", kind)]
        targets.search([*mine, ("date_from", ">=", day)]).unlink()
        targets.search([*mine, ("date_to", ">=", day)]).date_to = day - timedelta(days=1)
        values = {"employee_id": employee.id, "metric_id": metric.id, "amount": pick + 1, "period": kind}
        targets.create(
            {**values, "date_from": day, "date_to": "2026-12-31", "company_id": employee.company_id.id}
        )
        asked = self.diary.asked[name, kind]
        asked[:] = [(since, amount) for since, amount in asked if since < day] + [(day, pick + 1)]

    def _change_plan(self, now, number, name, pick):
        """Another version of a plan, from a day on that has begun nowhere, with other targets."""
        company = "outside" if name == "zoe" else "company"
        kind = ("day", "week", "month")[pick % 3]
        if (company, kind) not in self.plans:
            return
        versions = self.diary.plans[company, kind].versions
        day = max(self.diary.day_of(who, now) for who in self.people) + timedelta(days=1)
        if get_bounds(kind, day)[0] != day:  # a version begins with a week, a month
            day = get_bounds(kind, day)[1] + timedelta(days=1)
        if day <= versions[-1][0] or day > self.diary.plans[company, kind].last:
            return
        plan = self.plans[company, kind]._create_version(day)
        wanted = {code: target + pick for code, target in versions[-1][1].items()}
        for line in plan.line_ids:
            line.target = wanted[line.metric_id.code]
        plan.action_activate()
        self.plans[company, kind] = plan
        versions.append((day, wanted))

    def _score(self, now, *_whatever):
        """The scheduled action, whenever it comes."""
        self._look(now)
