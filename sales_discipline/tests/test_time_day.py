from odoo.tests import freeze_time, tagged

from .time_common import TimeCase


@tagged("post_install", "-at_install")
class TestTimeDay(TimeCase):
    """The time study on My Day."""

    def _card(self, user, at=TimeCase.NOW):
        with freeze_time(at):
            return self.cards.with_user(user).get_my_day()["work"]["time"]

    def test_card(self):
        self._as(self.anna, "start_timer", self.selling.id, at="2026-03-10 08:00:00")
        self._add(self.anna, self.claims, 30)
        card = self._card(self.anna)
        self.assertEqual((card["timer"]["category_id"], card["timer"]["minutes"]), (self.selling.id, 240))
        self.assertEqual((card["today"]["minutes"], card["today"]["planned"]), (30, 480))
        self.assertEqual((card["behind"], card["asked"], card["is_over"]), (1, False, False))
        self.assertEqual(len(card["categories"]), len(self.study.category_ids))

    def test_none(self):
        """For whoever takes part in none, before it begins, and once it is closed."""
        self.assertFalse(self._card(self.carla))
        self.assertFalse(self._card(self.anna, at="2026-03-06 13:00:00"))
        with freeze_time("2026-03-15 12:00:00"):
            self.study.with_user(self.mark).action_close()
        self.assertFalse(self._card(self.anna))

    def test_forgotten_timer(self):
        """My Day stores nothing, so it shows a forgotten timer as it will be cut."""
        self._as(self.anna, "start_timer", self.selling.id, at="2026-03-10 14:00:00")
        card = self._card(self.anna, at="2026-03-11 08:00:00")
        self.assertEqual(card["timer"]["minutes"], 120)
