from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .signal_common import SignalCase

ROLES = ("anna", "boris", "carla", "lena", "luis", "mark", "paula", "olga", "portal")


@tagged("post_install", "-at_install")
class TestSignalAccess(SignalCase):
    """A signal of Anna's (team North, led by Lena) and one of Lena's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north.member_ids += cls.lena
        cls.env.flush_all()
        cls.env.cr.execute("UPDATE crm_team_member SET create_date = '2020-01-01'")
        cls.env.invalidate_all()
        cls._make_plan(("calls_done", 1), date_from="2026-03-10")
        for user in (cls.anna, cls.lena):
            cls._log(10, "10:00:00", gap=1, user=user)
        cls._score("2026-03-10 23:00:00")
        cls.signal = cls.signals.search([("user_id", "=", cls.anna.id)])
        cls.own = cls.signals.search([("user_id", "=", cls.lena.id)])

    def _readers(self, signal):
        found = []
        for role in ROLES:
            user = getattr(self, role)
            try:
                if self.signals.with_user(user).search([("id", "=", signal.id)]):
                    signal.with_user(user).read()
                    found.append(role)
            except AccessError:
                self.assertFalse(signal.with_user(user).has_access("read"))
        return found

    def test_reading(self):
        self.assertEqual(self._readers(self.signal), ["lena", "mark"])
        self.assertEqual(self._readers(self.own), ["mark"])

    def test_own_by_setting(self):
        self.company.discipline_signals_own = True
        self.assertEqual(self._readers(self.signal), ["anna", "lena", "mark"])
        self.assertEqual(self._readers(self.own), ["lena", "mark"])
        with self._refused(AccessError, "."):
            self.own.with_user(self.lena).action_harmless()
        with self._refused(AccessError, "."):
            self.signal.with_user(self.anna).action_harmless()
        self.assertEqual(
            self.signal.with_user(self.anna).action_open_records()["res_model"], "discipline.fact"
        )

    def test_counted_on_the_scorecard(self):
        """Everybody who sees the card counts what they may see of its signals."""
        card = self.signal.scorecard_id

        def count(user):
            return card.with_user(user).signal_count

        self.assertEqual(
            [count(user) for user in (self.anna, self.lena, self.mark, self.paula)], [0, 1, 1, 0]
        )
        self.company.discipline_signals_own = True
        self.env.invalidate_all()
        self.assertEqual(count(self.anna), 1)
        action = card.with_user(self.anna).action_open_signals()
        self.assertEqual(self.signals.with_user(self.anna).search(action["domain"]), self.signal)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_deciding(self):
        for role in ROLES:
            signal = self.signal.with_user(getattr(self, role))
            with self.subTest(role):
                if role in ("lena", "mark"):
                    signal.comment = f"Asked, says {role}"
                    signal.action_confirm()
                    self.assertEqual((signal.state, signal.decided_by_id.login), ("confirmed", f"sd_{role}"))
                    signal.action_reopen()
                    self.assertFalse(signal.decided_by_id)
                    signal.action_harmless()
                else:
                    for action in ("action_confirm", "action_harmless", "action_reopen"):
                        with self._refused(AccessError, "."):
                            getattr(signal, action)()
                    with self._refused(AccessError, "."):
                        signal.write({"comment": "x"})
        self.assertEqual(self.signal.state, "harmless")
        self.signal.with_user(self.mark).with_context(tracking_disable=False).action_reopen()
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertTrue(self.signal.message_ids, "what was decided is logged")

    def test_nobody_decides_about_themselves(self):
        self.env.cr.execute(
            "UPDATE discipline_signal SET user_id = %s WHERE id = %s", [self.mark.id, self.signal.id]
        )
        self.env.invalidate_all()
        own = self.signal.with_user(self.mark)
        self.assertFalse(own.can_decide)
        with self._refused(AccessError, "about themselves"):
            own.action_harmless()
        with self._refused(AccessError, "about themselves"):
            own.comment = "All in order"

    def test_nobody_decides_by_another_login(self):
        """The employee's contact is the manager's: it is the same person."""
        self.signal.employee_id.work_contact_id = self.mark.partner_id
        own = self.signal.with_user(self.mark)
        self.env.invalidate_all()
        self.assertFalse(own.can_decide)
        with self._refused(AccessError, "about themselves"):
            own.action_harmless()

    def test_confirmed_needs_words(self):
        with self._refused(UserError, "'Comment' is empty"):
            self.signal.with_user(self.lena).action_confirm()

    def test_confirmed_from_a_card(self):
        """A card has no room for the comment: its button asks for one."""
        action = self.signal.with_user(self.lena).action_ask_confirm()
        self.assertEqual((action["res_id"], action["target"]), (self.signal.id, "new"))
        view = self.env["ir.ui.view"].browse(action["views"][0][0])
        self.assertIn("action_confirm", view.arch)
        with self._refused(AccessError, "."):
            self.own.with_user(self.lena).action_ask_confirm()

    def test_reports_open_with_the_numbers_stated(self):
        """Leaders see day, indicator, what was stated and what was measured; the person their own indicators."""
        lines = self.signal.scorecard_id.line_ids
        self.env.cr.execute(
            "UPDATE discipline_signal SET kind = 'claimed', line_ids = %s WHERE id = %s",
            [str(lines.ids), self.signal.id],
        )
        self.signal.invalidate_recordset()
        action = self.signal.with_user(self.lena).action_open_records()
        self.assertEqual(action["res_model"], "discipline.claim.report")
        self.assertEqual(action["views"][0][1], "list")
        self.assertEqual(action["domain"], [("id", "in", lines.ids)])
        self.company.discipline_signals_own = True
        action = self.signal.with_user(self.anna).action_open_records()
        self.assertEqual(action["res_model"], "discipline.scorecard.line")

    def test_protected(self):
        vals = {"kind": "lost", "employee_id": self.e_anna.id, "user_id": self.anna.id, "date": "2026-03-10"}
        vals.update(company_id=self.company.id, scorecard_id=self.signal.scorecard_id.id)
        for user in (self.mark, self.env.user):
            with self._refused(UserError, "."):
                self.signals.with_user(user).create(vals)
            for change in (
                {"state": "harmless"},
                {"strength": 1},
                {"fact_ids": []},
                {"user_id": self.boris.id},
            ):
                with self._refused(UserError, "stays as it was found"):
                    self.signal.with_user(user).write(change)
            with self._refused(UserError, "."):
                self.signal.with_user(user).unlink()
        with self._refused(UserError, "stays as it was found"):
            self.signal.with_user(self.mark).with_context(discipline_engine=True).write({"state": "new"})

    def test_records(self):
        action = self.signal.with_user(self.lena).action_open_records()
        self.assertEqual(len(self.env[action["res_model"]].with_user(self.lena).search(action["domain"])), 10)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_rules(self):
        """Limits are the manager's; of another company's, nobody's else."""
        rule = self._rule("burst")
        own = rule.copy({"company_id": self.company.id})
        for role in ROLES:
            with self.subTest(role):
                if role == "mark":
                    own.with_user(self.mark).at_least = 20
                    continue
                with self._refused(AccessError, "."):
                    own.with_user(getattr(self, role)).at_least = 20
        self.assertEqual(rule.with_user(self.olga).at_least, 10)
        with self._refused(AccessError, "."):
            own.with_user(self.olga).read(["at_least"])

    def test_rules_in_words(self):
        rule = self._rule("deadline").with_user(self.mark)
        self.assertEqual(
            rule.sentence,
            "8 activities, and 80 % of the day's, done in the last 30 min before the deadline, 50 % of them without"
            " words of their own",
        )
        for name, value in (("at_least", 0), ("share", 101), ("minutes", -1), ("days", -1)):
            with self.subTest(name), self._refused(IntegrityError, f"discipline_signal_rule_{name}_check"):
                rule[name] = value
                rule.flush_recordset()
        with self._refused(IntegrityError, "discipline_signal_rule_once"):
            rule.copy()
