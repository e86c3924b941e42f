from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import HttpCase, JsonRpcException, freeze_time, tagged
from odoo.tools import mute_logger

from .common import DisciplineCase

# what a remote call can send: names, never this process's own objects
FORGED = {
    "discipline_engine": True,
    "discipline_history": True,
    "default_quantity": 5,
    "default_points": 100,
    "install_mode": True,
    "import_file": True,
    "active_test": False,
}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 20:00:00")
class TestProtection(DisciplineCase):
    """The ledger and the evidence are nobody's to write: neither an administrator's nor a program's with sudo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fact = cls._make_fact(cls.anna, "2026-03-10 09:00:00")
        cls._make_plan(("calls_done", 2), date_from="2026-03-09")
        cls._score("2026-03-10 19:00:00")
        cls.card = cls._card(cls.e_anna, "2026-03-10")
        cls.open_card = cls._card(cls.e_carla, "2026-03-10")
        with freeze_time("2026-03-10 21:00:00"):
            activity = cls._make_activity(cls.anna, cls._make_lead(cls.anna))
        with freeze_time("2026-03-10 22:00:00"):
            activity.unlink()
        cls.span = cls.env["discipline.span"].search([("res_id", "=", activity.id)])
        cls.evidence = [
            cls.fact,
            cls.span,
            cls.card,
            cls.open_card,
            cls.card.line_ids,
            cls.open_card.line_ids,
        ]

    def setUp(self):
        super().setUp()
        self.before = self._snapshot()

    def tearDown(self):
        self.assertEqual(self._snapshot(), self.before)
        super().tearDown()

    def _snapshot(self):
        """Every stored value of the evidence, as the database has it."""
        self.env.flush_all()
        tables = ("discipline_fact", "discipline_span", "discipline_scorecard", "discipline_scorecard_line")
        result = {}
        for table in tables:
            self.env.cr.execute(f"SELECT * FROM {table} ORDER BY id")  # pylint: disable=sql-injection
            result[table] = self.env.cr.fetchall()
        return result

    def _writers(self):
        """The mighty: manager, administrator, superuser; each also with a forged context."""
        for user in (self.mark, self.env.ref("base.user_admin"), self.env.ref("base.user_root")):
            env = self.env(user=user, su=False)
            yield from (env, env(su=True), env(context={**env.context, **FORGED}))

    def _fields(self, model):
        """The stored fields that make up the evidence: all but the technical ones and the chatter's."""
        technical = {
            "id",
            "create_uid",
            "create_date",
            "write_uid",
            "write_date",
            "message_main_attachment_id",
        }
        return [name for name, field in model._fields.items() if field.store and name not in technical]

    def test_writing_any_field(self):
        root = self.env(context={**self.env.context, **FORGED})
        for record in self.evidence:
            own = record.with_env(root)
            for name in self._fields(own):
                if own._fields[name].type in ("one2many", "many2many") and name != "line_ids":
                    continue
                value = record.read([name], load=False)[0][name]
                with self.subTest(f"{record._name}.{name}"), self.assertRaises(UserError):
                    own.write({name: value})

    def test_writing_as_anybody(self):
        for record, name in zip(
            self.evidence, ("amount", "deadline", "points", "points", "actual", "actual"), strict=True
        ):
            for env in self._writers():
                with self.subTest(record._name), self.assertRaises(UserError):
                    record.with_env(env).write({name: False})

    def test_writing_by_computed_and_related_fields(self):
        values = {
            "user_id": self.boris.id,
            "state": "open",
            "zone": "green",
            "period": "week",
            "date_from": "2026-01-01",
        }
        for record in (self.card, self.card.line_ids):
            for name, value in values.items():
                try:
                    record.sudo().write({name: value})
                except UserError:
                    continue
                self.env.flush_all()
                self.env.invalidate_all()

    def test_assigning(self):
        for record, name in ((self.fact, "amount"), (self.card, "points"), (self.card.line_ids, "actual")):
            with self.assertRaises(UserError):
                record.sudo()[name] = 1000
        self.env.invalidate_all()

    def test_creating(self):
        for record in self.evidence:
            vals = {name: record.read([name], load=False)[0][name] for name in self._fields(record)}
            vals = {name: value for name, value in vals.items() if not isinstance(value, list)}
            for env in self._writers():
                with self.subTest(record._name), self.assertRaises(UserError):
                    record.with_env(env).browse().create(vals)
                with self.subTest(record._name), self.assertRaises(UserError):
                    record.with_env(env).copy()
        for record in (self.fact, self.card.line_ids):
            with self.assertRaises(UserError):
                record.browse().name_create("Made up")

    def test_deleting(self):
        for record in self.evidence:
            for env in self._writers():
                with self.subTest(record._name), self.assertRaises(UserError):
                    record.with_env(env).unlink()

    def test_importing(self):
        for record, name in (
            (self.fact, "res_name"),
            (self.span, "deadline"),
            (self.card, "points"),
            (self.card.line_ids, "actual"),
        ):
            for env in self._writers():
                model = record.with_env(env).browse()
                for names, row in (([".id", name], [str(record.id), "2026-01-01"]), ([name], ["2026-01-01"])):
                    with self.subTest(f"{record._name} {names}"):
                        try:
                            result = model.load(names, [row])
                        except UserError:
                            continue
                        self.assertFalse(result["ids"])
                        self.assertTrue(result["messages"])

    def test_through_what_they_hang_on(self):
        """No cascade takes evidence away, and no parent's field rewrites it."""
        admin = self.env.ref("base.user_admin")
        for record in (
            self.card.plan_id,
            self.card.plan_id.line_ids,
            self._metric("calls_done"),
            self.e_anna,
            self.north,
            self.call,
        ):
            with self.subTest(record._name):
                with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
                    record.with_user(admin).unlink()
                    self.env.flush_all()
                self.assertIsInstance(caught.exception, (UserError, IntegrityError))
        with self.assertRaises(UserError):
            self.card.write({"line_ids": [(2, self.card.line_ids.id)]})
        with self.assertRaises(UserError):
            self.card.write({"line_ids": [(1, self.card.line_ids.id, {"actual": 9})]})

    def test_what_stays_possible(self):
        """A scorecard can be commented on."""
        message = self.card.with_user(self.mark).message_post(body="Well done")
        self.assertEqual(message.author_id, self.mark.partner_id)

    def test_server_actions_code(self):
        """Code of an administrator's action or automation meets the same walls."""
        for record, name in ((self.fact, "amount"), (self.card, "points"), (self.card.line_ids, "actual")):
            for code in (f"record.write({{'{name}': 5}})", "record.sudo().unlink()", "record.copy()"):
                action = self.env["ir.actions.server"].create(
                    {
                        "name": "Bend",
                        "model_id": self.env["ir.model"]._get_id(record._name),
                        "state": "code",
                        "code": code,
                    }
                )
                context = {"active_model": record._name, "active_id": record.id, "active_ids": record.ids}
                with self.subTest(f"{record._name} {code}"), self.assertRaises(Exception) as caught:
                    action.with_context(**context).run()
                self.assertRegex(str(caught.exception), "cannot be (changed|deleted)|by the system")


@tagged("post_install", "-at_install")
class TestProtectionRpc(DisciplineCase, HttpCase):
    """The same over the wire, where hooks capture and walls stand just so."""

    login = None

    def _call(self, login, model, method, args, kwargs=None):
        if login != self.login:
            self.authenticate(login, login)
            self.login = login
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs or {}}
        return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", params)

    def test_done_by_rpc(self):
        activity = self._make_activity(self.anna, self._make_lead(self.anna), date_deadline="2026-11-01")
        lead = activity.res_id
        self._call("sd_anna", "mail.activity", "action_feedback", [activity.ids], {"feedback": "By phone"})
        fact = self._facts_of(activity)
        self.assertEqual(
            (fact.kind, fact.user_id, fact.quantity, fact.origin), ("activity_done", self.anna, 1, "live")
        )
        self._call("sd_anna", "crm.lead", "action_set_won_rainbowman", [[lead]])
        self.assertEqual(self._facts_of(self.env["crm.lead"].browse(lead), "lead_won").user_id, self.anna)
        # a context that asks the hooks to keep silent is only a word
        lead_id = self._call(
            "sd_anna", "crm.lead", "create", [{"name": "By wire", "type": "opportunity"}], {"context": FORGED}
        )
        self.assertEqual(len(self._facts_of(self.env["crm.lead"].browse(lead_id))), 1)

    def test_evidence_by_rpc(self):
        fact = self._make_fact(self.anna)
        self._make_plan(("calls_done", 2), date_from="2026-03-09")
        self._score("2026-03-10 19:00:00")
        card = self._card(self.e_anna, "2026-03-10")
        calls = [
            ("discipline.fact", "write", [fact.ids, {"amount": 5}]),
            ("discipline.fact", "create", [{"kind": "lead_won", "quantity": 5}]),
            ("discipline.fact", "unlink", [fact.ids]),
            ("discipline.fact", "_capture", ["activity_done"]),
            ("discipline.fact", "_append_event", ["lead_won", [{"user_id": self.anna.id}]]),
            ("discipline.scorecard", "write", [card.ids, {"points": 100}]),
            ("discipline.scorecard", "web_save", [card.ids, {"points": 100}, {}]),
            ("discipline.scorecard", "_score", ["2026-03-10 19:00:00"]),
            ("discipline.scorecard", "unlink", [card.ids]),
            ("discipline.scorecard.line", "write", [card.line_ids.ids, {"actual": 100}]),
            ("discipline.scorecard.line", "_adjust", [card.line_ids.ids, 5.0, "Mine"]),
        ]
        before = fact.read(), card.read(["points", "state"]), card.line_ids.read(["actual", "adjustment"])
        self.env.ref("base.user_admin").password = "admin"
        for login in ("sd_mark", "admin"):
            for model, method, args in calls:
                with self.subTest(f"{model}.{method} by {login}"), self.assertRaises(JsonRpcException):
                    self._call(login, model, method, args, {"context": FORGED})
        self.env.invalidate_all()
        self.assertEqual(
            (fact.read(), card.read(["points", "state"]), card.line_ids.read(["actual", "adjustment"])),
            before,
        )
