from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .freeze_common import FreezeCase

NEW = "2026-03-10 23:00:00"


@tagged("post_install", "-at_install")
class TestScorecardKeys(FreezeCase):
    """Lines copy what their cards and their plans' lines say, without keys of their own: what they name stays all the same."""

    def setUp(self):
        super().setUp()
        dates = {"date_from": "2026-03-10", "date_to": "2026-03-10", "employee_ids": self.e_anna.ids}
        self.plan = self._make_plan(("companies_added", 1.0), ("contacts_added", 1.0), **dates)
        self._score(NEW)
        self.lines = self.cards.search([("plan_id", "=", self.plan.id)]).line_ids

    def _refuse(self, record, error=UserError):
        with self.assertRaises(error), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            record.sudo().unlink()
            record.env.flush_all()

    def test_copies(self):
        """They say what the card and the plan's line say."""
        for line in self.lines:
            self.assertEqual(line.metric_id, line.plan_line_id.metric_id)
            self.assertEqual(line.company_id, line.scorecard_id.company_id)
            self.assertEqual(line.currency_id, self.company.currency_id)
        self.assertEqual(len(self.lines), 2)

    def test_metric(self):
        """A metric that is on a scorecard is not deleted, and its plan's line does not take another."""
        metric = self._metric("companies_added").copy({"code": "copied"})
        vals = {"employee_ids": self.e_boris.ids, "date_from": "2026-03-10"}
        plan = self._make_plan(("companies_added", 1.0), state="draft", **vals)
        plan.line_ids.metric_id = metric
        plan.action_activate()
        self._score(NEW)
        self.assertTrue(self.cards.search([("plan_id", "=", plan.id)]).line_ids)
        self._refuse(metric, IntegrityError)
        self.assertTrue(metric.exists())
        with self.assertRaises(UserError):
            plan.line_ids.metric_id = self._metric("contacts_added")
        self._refuse(plan.line_ids)

    def test_currency(self):
        """One that the company has left behind is not deleted while scorecards are in it."""
        currency = self.env["res.currency"].create({"name": "OLD", "symbol": "o"})
        other = self.env["res.currency"].create({"name": "XTR", "symbol": "x"})
        self.env.cr.execute(
            "UPDATE discipline_scorecard_line SET currency_id = %s WHERE id = ANY(%s)",
            [currency.id, self.lines.ids],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "OLD"):
            (currency + other).unlink()
        self.lines.invalidate_recordset()
        self.assertEqual(self.lines.currency_id.symbol, "o")
        other.unlink()

    def test_keys(self):
        """The keys that there are; without them a freeze takes a fifth less."""
        self.env.cr.execute(
            "SELECT a.attname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE c.contype = 'f' AND c.conrelid = 'discipline_scorecard_line'::regclass ORDER BY 1"
        )
        self.assertEqual(self.env.cr.fetchall(), [("plan_line_id",), ("scorecard_id",)])

    @freeze_time(NEW)
    def test_opened_elsewhere(self):
        """A card that another process has opened meanwhile is left to it, with its lines."""
        values = [
            {
                **{
                    name: card[name] for name in ("period", "trial", "date_from", "date_to", "tz", "deadline")
                },
                **{name: card[name] for name in ("hours", "scheduled_hours", "norm_hours", "day_hours")},
                **{f"{name}_id": card[f"{name}_id"].id for name in ("employee", "user", "plan", "company")},
                "team_id": card.team_id.id or None,
            }
            for card in self.lines.scorecard_id
        ]
        other = dict(values[0], employee_id=self.e_boris.id, user_id=self.boris.id)
        before = self.lines.read(), self.lines.scorecard_id.read(["state", "points", "write_date"])
        new = self.cards._open_cards([*values, other])
        self.assertEqual((new.employee_id, new.state, len(new.line_ids)), (self.e_boris, "open", 2))
        self.env.invalidate_all()
        self.assertEqual(
            (self.lines.read(), self.lines.scorecard_id.read(["state", "points", "write_date"])), before
        )
