import inspect
from datetime import datetime

from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .security_common import SecurityCase

SAID = (403, 404, 422)  # not yours, there is none, another call: in words
# what may be asked for with nothing but a name, by whom the rows are not for
PLAIN = {
    "read": {},
    "web_read": {"specification": {"display_name": {}}},
    "write": {"vals": {"active": True}},
    "copy": {},
    "unlink": {},
    "export_data": {"fields_to_export": [".id", "display_name"]},
}
FORGED = {"active_test": False, "allowed_company_ids": [1], "default_state": "confirmed", "su": True}


@tagged("post_install", "-at_install")
@freeze_time(SecurityCase.NOW)
class TestSecurityJson2(SecurityCase, HttpCase):
    """The same rows and methods over Odoo's second road for programs, with a key and arguments by name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "rpc" not in cls.registry._init_modules:
            cls.skipTest(cls, "Odoo's module rpc, which installs itself, is not there")

    def setUp(self):
        super().setUp()
        keys = self.env["res.users.apikeys"].with_user(self.anna).sudo()
        key = keys._generate("rpc", "test", datetime(2099, 1, 1))
        self.headers = {"Authorization": f"Bearer {key}"}

    def _ask(self, model, method, **values):
        return self.url_open(f"/json/2/{model}/{method}", json=values, headers=self.headers)

    def _get_closed(self):
        """`(model, row)` of carla's that anna may not read."""
        for name in sorted(self.rows):
            row = self.rows[name]["carla", ""]
            if not row.with_user(self.anna).has_access("read"):
                yield name, row

    @mute_logger(
        "odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models"
    )
    def test_rows_of_others(self):
        """By no name, whatever the context pretends. There is no such method, or the answer is a refusal."""
        closed = list(self._get_closed())
        self.assertGreater(len(closed), 20)
        for name, row in closed:
            for method, values in PLAIN.items():
                with self.subTest(f"{name}.{method}"):
                    answer = self._ask(name, method, ids=row.ids, context=FORGED, **values)
                    self.assertIn(answer.status_code, SAID, answer.text[:300])
                    self.assertNotIn("Secret", answer.text)
            self.assertTrue(row.exists())

    @mute_logger(
        "odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models"
    )
    def test_methods_of_others(self):
        """Every method of ours that takes rows, without arguments and with wrong ones: refused, and never code."""
        tried = 0
        for name, row in self._get_closed():
            for method, function in inspect.getmembers(type(self.env[name]), inspect.isfunction):
                ours = function.__module__.startswith("odoo.addons.sales_discipline")
                if method.startswith("_") or not ours or getattr(function, "_api_model", False):
                    continue
                if hasattr(self.env["base"], method):  # Odoo's own, with Odoo's own words for wrong types
                    continue
                tried += 1
                arguments = list(inspect.signature(function).parameters)[1:]
                for value in ([], {}, "x", -1, None):
                    with self.subTest(f"{name}.{method} of {value!r}"):
                        given = dict.fromkeys(
                            (one for one in arguments if one not in ("ids", "context")), value
                        )
                        answer = self._ask(name, method, ids=row.ids, context=FORGED, **given)
                        self.assertIn(answer.status_code, SAID, answer.text[:300])
                        self.assertNotIn("Secret", answer.text)
                    if not arguments:
                        break
        self.assertGreater(tried, 20)

    @mute_logger("odoo.http")
    def test_private(self):
        """What begins with an underscore is not there, and without a key there is nothing."""
        self.assertEqual(self._ask("discipline.scorecard", "_score", ids=[1]).status_code, 403)
        self.headers = {}
        self.assertEqual(self._ask("discipline.scorecard", "read", ids=[1]).status_code, 401)
