from odoo import Command
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import freeze_time, tagged

from .common import DisciplineCase
from .counting import counted


@tagged("post_install", "-at_install")
class TestEvidence(DisciplineCase):
    """'Open the facts' of a frozen line: the rows that were counted, and beside each what became of it since."""

    MORNING = "2026-03-10 09:00:00"
    AFTER = "2026-03-12 09:00:00"

    def _freeze(self, *codes, user=None):
        """Anna's frozen card of March 10th, counting these metrics."""
        plan = self._make_plan(*((code, 1) for code in codes), date_from="2026-03-10")
        self._score("2026-03-10 23:00:00")
        card = self._card(self.e_anna, "2026-03-10", plan)
        self.assertEqual(card.state, "frozen")
        return card

    def _open(self, line, user=None):
        action = line.with_user(user or self.mark).action_open_facts()
        records = self.env[action["res_model"]].with_user(user or self.mark)
        return records.with_context(**{"lang": "en_US", **action["context"]}).search(
            action["domain"], order="id"
        )

    def _assert_since(self, line, *expected):
        """(state, words) beside each of the facts counted."""
        self.env.invalidate_all()
        facts = self._open(line)
        self.assertEqual(sum(facts.mapped("quantity")), line.actual, "exactly what was counted")
        self.assertEqual(len(facts), len(expected))
        for fact, (state, words) in zip(facts, expected, strict=True):
            self.assertEqual(fact.since_state, state, fact.since)
            if words:
                self.assertRegex(fact.since, words)
            else:
                self.assertFalse(fact.since)

    def test_activities(self):
        with freeze_time(self.MORNING):
            lead = self._make_lead(self.anna)
            activities = [self._make_activity(self.anna, lead) for _number in range(5)]
            for activity in activities:
                activity.with_user(self.anna).action_feedback()
        line = self._freeze("calls_done").line_ids
        self._assert_since(line, *[("same", None)] * 5)
        deleted, dated, reopened, doer, _same = activities
        with freeze_time(self.AFTER):
            deleted.unlink()
            dated.with_user(self.anna).write({"date_done": "2026-03-02"})
            reopened.with_user(self.anna).action_unarchive()
            doer.user_id = self.boris
        self._assert_since(
            line,
            ("gone", "^Deleted$"),
            ("changed", "^Now dated 03/02/2026$"),
            ("changed", "^Taken back on 3/12/26"),
            ("same", None),  # whoever did it did it: its owner changes nothing
            ("same", None),
        )
        lead.unlink()
        self._assert_since(line, *[("gone", "[Dd]eleted")] * 5)

    def test_activity_of_the_system(self):
        with freeze_time(self.MORNING):
            activity = self._make_activity(self.anna, self._make_lead(self.anna))
            activity.with_user(self.env.ref("base.user_root")).action_feedback()
        line = self._freeze("calls_done").line_ids
        activity.user_id = self.boris
        self._assert_since(line, ("changed", "^Handed over to Boris$"))

    def test_leads(self):
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        new = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        with freeze_time(self.MORNING):
            leads = [self._make_lead(self.anna, expected_revenue=100.0) for _number in range(6)]
            for lead in leads:
                lead.with_user(self.anna).stage_id = won
        line = self._freeze("deals_won").line_ids
        deleted, dated, reopened, handed, revalued, _same = leads
        with freeze_time(self.AFTER):
            deleted.unlink()
            dated.with_user(self.mark).date_closed = "2026-03-02 10:00:00"
            reopened.with_user(self.anna).write({"stage_id": new.id, "probability": 10})
            handed.user_id = self.boris
            revalued.expected_revenue = 40.0
        self._assert_since(
            line,
            ("gone", "^Deleted$"),
            ("changed", "^Now dated 03/02/2026$"),
            ("changed", "^Taken back on 3/12/26"),
            ("changed", "^Handed over to Boris$"),
            ("changed", "^Amount changed by .*-60.00"),
            ("same", None),
        )

    def test_orders(self):
        product = self.env["product.product"].create({"name": "Thing", "list_price": 100, "taxes_id": False})
        with freeze_time(self.MORNING):
            orders = [
                self.env["sale.order"].create(
                    {
                        "partner_id": self.customer.id,
                        "user_id": self.anna.id,
                        "company_id": self.company.id,
                        "order_line": [Command.create({"product_id": product.id, "price_unit": 100})],
                    }
                )
                for _number in range(5)
            ]
            for order in orders:
                order.action_confirm()
        line = self._freeze("sales_confirmed").line_ids
        cancelled, dated, handed, revalued, _same = orders
        with freeze_time(self.AFTER):
            cancelled._action_cancel()
            dated.date_order = "2026-03-02 10:00:00"
            handed.user_id = self.boris
            revalued.order_line.price_unit = 70
        self.env.invalidate_all()
        facts = self._open(line)
        self.assertEqual(sum(facts.mapped("amount")), line.actual)
        words = [
            "^Taken back on",
            "^Now dated 03/02/2026$",
            "^Handed over to Boris$",
            "^Amount changed by .*-30.00",
        ]
        for fact, expected in zip(facts, words, strict=False):
            self.assertRegex(fact.since, expected)
        self.assertEqual(facts[-1].since_state, "same")
        with freeze_time(self.AFTER):
            cancelled.unlink()
        self.env.invalidate_all()
        self.assertEqual(self._open(line)[0].since_state, "gone")

    def test_contacts(self):
        with freeze_time(self.MORNING):
            partners = [
                self.env["res.partner"].with_user(self.anna).create({"name": "New", "is_company": True})
                for _number in range(3)
            ]
        line = self._freeze("companies_added").line_ids
        partners[0].sudo().unlink()
        partners[1].sudo().active = False
        self._assert_since(line, ("gone", "^Deleted$"), ("changed", "^Archived$"), ("same", None))

    def test_statements_do_not_grow(self):
        """What became of eighty facts takes as many statements as of eight."""
        counts = []
        for number in (8, 80):
            facts = self._make_fact(self.anna, self.MORNING, count=number)
            self.env.invalidate_all()
            facts.mapped("res_name")
            with counted(self.env) as count:
                facts.mapped("since")
            counts.append(count.statements)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 8)

    @freeze_time("2026-03-10 20:00:00")
    def test_whoever_cannot_see_the_fact(self):
        fact = self._make_fact(self.anna, self.MORNING)
        with self.assertRaises(AccessError):
            fact.with_user(self.boris).read(["since"])
        self.assertEqual(fact.with_user(self.lena).read(["since_state"])[0]["since_state"], "same")

    # ------------------------------------------------------------
    # Records without a ledger
    # ------------------------------------------------------------

    def _records_metric(self):
        return self.env["discipline.metric"].create(
            {
                "name": "Events",
                "code": "events",
                "source": "records",
                "model_id": self.env["ir.model"]._get_id("calendar.event"),
                "owner_field": "user_id",
                "date_field": "start",
                "company_id": self.company.id,
                "domain": "[('show_as', '=', 'busy')]",
            }
        )

    def test_records(self):
        metric = self._records_metric()
        with freeze_time(self.MORNING):
            events = self.env["calendar.event"].create(
                [
                    {
                        "name": f"Visit {number}",
                        "start": "2026-03-10 10:00:00",
                        "stop": "2026-03-10 11:00:00",
                        "user_id": self.anna.id,
                    }
                    for number in range(5)
                ]
            )
        self.env.cr.execute("UPDATE calendar_event SET create_date = %s", [self.MORNING])
        plan = self._make_plan(date_from="2026-03-10", state="draft")
        plan.line_ids = [Command.create({"metric_id": metric.id, "target": 1})]
        plan.action_activate()
        self._score("2026-03-10 23:00:00")
        line = self._card(self.e_anna, "2026-03-10", plan).line_ids
        self.assertEqual((line.actual, line.record_ids), (5, events.ids))
        self.assertEqual(self._open(line, self.anna), events.with_user(self.anna))
        deleted, moved, handed, changed, _same = events
        deleted.unlink()
        moved.write({"start": "2026-03-02 10:00:00", "stop": "2026-03-02 11:00:00"})
        handed.user_id = self.boris
        changed.show_as = "free"
        items = self._open(line, self.anna)
        self.assertEqual(items._name, "discipline.evidence.item")
        self.assertEqual(items.mapped("res_id"), line.record_ids, "exactly those counted")
        self.assertEqual(items.mapped("since_state"), ["gone", *["changed"] * 3, "same"])
        self.assertEqual(items[0].name, f"No. {line.record_ids[0]}")
        self.assertEqual(items[-1].name, "Visit 4")
        with self.assertRaises(MissingError):
            items[0].action_open()
        self.assertEqual(items[-1].action_open()["res_id"], line.record_ids[-1])
        for user in (self.lena, self.mark, self.boris):
            with self.subTest(user.name), self.assertRaises(AccessError):
                items.with_user(user).read(["name"])

    def test_definition_stays(self):
        metric = self._metric("calls_done")
        ratio = self.env["discipline.metric"].create(
            {
                "name": "Ratio",
                "code": "ratio",
                "source": "formula",
                "unit": "percent",
                "numerator_id": self._metric("meetings_done").id,
                "denominator_id": self._metric("proposals_sent").id,
            }
        )
        plan = self._make_plan(("calls_done", 1), date_from="2026-03-10", state="draft")
        plan.line_ids = [Command.create({"metric_id": ratio.id, "target": 1})]
        mark = metric.with_user(self.mark)
        mark.write({"domain": "[('activity_type_id.category', '=', 'phonecall'), ('quantity', '>', 0)]"})
        plan.action_activate()
        self._score("2026-03-10 23:00:00")
        for record in (mark, self._metric("meetings_done").with_user(self.mark)):
            with self._refused(UserError, "“Domain”"):
                record.write({"domain": "[('quantity', '>', 0), ('amount', '=', 0)]"})
        mark.write({"name": "Phone Calls", "domain": mark.domain, "fact_kind": mark.fact_kind})
        self._metric("deals_won").with_user(self.mark).write({"domain": "[('quantity', '>', 0)]"})
        copy = mark.copy({"code": "calls_new"})
        copy.write({"domain": "[('quantity', '>', 0)]"})
