from odoo.tests import HttpCase, mute_logger, tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestZeroCharacter(DisciplineCase, HttpCase):
    """PostgreSQL stores no character 0, which texts that are pasted may hold: that is said in words on every road."""

    def _call(self, url, params):
        self.authenticate(self.mark.login, self.mark.login)
        with mute_logger("odoo.http", "odoo.sql_db"):
            return self.url_open(url, json=params).json()

    def test_it_is_said_in_words(self):
        params = {"model": "discipline.regulation", "method": "create", "kwargs": {}}
        for name in ("One\x00two", "\x00"):
            with self.subTest(name):
                params["args"] = [[{"name": name, "trigger": "won"}]]
                answer = self._call("/web/dataset/call_kw", {"jsonrpc": "2.0", "params": params})
                self.assertEqual(answer["error"]["data"]["name"], "odoo.exceptions.UserError")
                self.assertIn("code 0", answer["error"]["data"]["message"])

    def test_what_is_stored_at_the_end(self):
        """A write that waits in memory until the request ends, and a text without it."""
        regulation = self.env["discipline.regulation"].create(
            {"name": "Call", "trigger": "won", "company_id": self.company.id}
        )
        self.env.flush_all()
        params = {"model": "discipline.regulation", "method": "write", "kwargs": {}}
        params["args"] = [regulation.ids, {"goal": "Bad\x00"}]
        answer = self._call("/web/dataset/call_kw", {"jsonrpc": "2.0", "params": params})
        self.assertIn("code 0", answer["error"]["data"]["message"])
        params["args"] = [regulation.ids, {"goal": "Good"}]
        self.assertTrue(self._call("/web/dataset/call_kw", {"jsonrpc": "2.0", "params": params})["result"])
        self.env.invalidate_all()
        self.assertEqual(regulation.goal, "Good")
