from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .correction_common import CorrectionCase


@tagged("post_install", "-at_install")
class TestAppealPay(CorrectionCase):
    """Appeals and pay: the check list shows what waits, confirming closes the month, what is granted late is corrected."""

    def setUp(self):
        super().setUp()
        self._component("points", basis="month", card_period="day", rate=5, minus_rate=5)
        self.card = self.env["discipline.scorecard"].browse(self._card(self.e_anna, "2026-09-07", -2))
        self._card_line(self.card.id, "calls_done", 10, 8)
        self.env.cr.execute("UPDATE discipline_scorecard_line SET points = -2, zone = 'red', done = FALSE")
        self.env.invalidate_all()

    def _appeal(self, at, line=True):
        vals = {"scorecard_id": self.card.id, "reason": "system", "text": "Two calls from the car"}
        vals.update({"line_id": self.card.line_ids.id, "amount": 2} if line else {})
        with freeze_time(at):
            return self.env["discipline.appeal"].with_user(self.anna).create(vals).with_user(self.lead)

    def _decide(self, appeal, *decision):
        with freeze_time("2026-10-12 10:00:00"):
            appeal._decide(*decision)
            self.env.flush_all()
            self.env.invalidate_all()

    def test_on_the_check_list(self):
        appeal = self._appeal("2026-10-02 10:00:00")
        run = self._pay("2026-09", confirm=False)
        self.assertEqual((run.appeal_count, run.has_checks), (1, True))
        action = run.with_user(self.officer).action_open_appeals()
        found = self.env["discipline.appeal"].with_user(self.officer).search(action["domain"])
        self.assertEqual(found.ids, appeal.ids)
        self._decide(appeal, "refuse", "The list says eight")
        self.assertEqual(run.appeal_count, 0)

    def test_closed_when_pay_is_confirmed(self):
        self._pay("2026-09", confirm=False)
        self._appeal("2026-10-04 10:00:00")._decide("refuse", "No")
        self._pay("2026-09")
        with self.assertRaisesRegex(UserError, "appeals are closed"):
            self._appeal("2026-10-06 10:00:00")
        with freeze_time("2026-10-06 10:00:00"), self.assertRaisesRegex(UserError, "appeals are closed"):
            self.card.with_user(self.anna).action_appeal()

    def test_closed_for_whom_nothing_was_paid_too(self):
        """A card that no line of pay refers to belongs to a month that is closed all the same."""
        self._pay("2026-09")
        other = self._card(self.e_anna, "2026-09-30", 0, trial=True)
        with self.assertRaisesRegex(UserError, "appeals are closed"):
            self.env["discipline.appeal"].with_user(self.anna).create(
                {"scorecard_id": other, "reason": "sick", "text": "Sick"}
            )

    def test_granted_late_is_corrected(self):
        appeal = self._appeal("2026-10-02 10:00:00")
        self._pay("2026-09")
        with self.assertRaisesRegex(UserError, "confirmed payroll run"):
            self.card.line_ids.with_user(self.lead)._adjust(2, "On my own")
        self._decide(appeal, "adjust", "I saw her calling", 2)
        self.assertEqual((self.card.points, self.card.line_ids.adjustment), (1, 2))
        line = self._corrections(self._pay("2026-10"))
        self.assertEqual((line.amount, line.cause, line.res_id), (15, "scorecard", self.card.id))

    def test_excused_late_is_corrected(self):
        appeal = self._appeal("2026-10-02 10:00:00", line=False)
        self._pay("2026-09")
        with self.assertRaisesRegex(UserError, "confirmed payroll run"):
            self.card.with_user(self.lead)._excuse("On my own")
        self._decide(appeal, "excuse", "The system was down")
        self.assertEqual((self.card.points, self.card.excused), (0, True))
        line = self._corrections(self._pay("2026-10"))
        self.assertEqual((line.amount, line.res_id), (10, self.card.id))
