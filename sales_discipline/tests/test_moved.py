from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import DisciplineCase

OTHERS = {
    "selection": lambda field, record: next(
        key
        for key in field.get_values(record.env)
        if key not in (record[field.name], record._get_fresh()[field.name])
    ),
    "datetime": lambda _field, _record: "2020-01-01 00:00:00",
    "date": lambda _field, _record: "2020-01-01",
    "integer": lambda _field, _record: 7,
    "monetary": lambda _field, _record: 7.0,
    "float": lambda _field, _record: 7.0,
    "boolean": lambda field, record: not record[field.name],
    "json": lambda _field, _record: {"amount": 1e9},
    "text": lambda _field, _record: "Forged",
    "many2one": lambda _field, record: record.id,
}


@tagged("post_install", "-at_install")
@freeze_time(DisciplineCase.NOW)
class TestMoved(DisciplineCase):
    """What only buttons change is changed over no other road, whoever asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan(("calls_done", 1.0))
        cls.scheme = cls.env["discipline.scheme"].create({"name": "Pay", "company_id": cls.company.id})
        component = {"scheme_id": cls.scheme.id, "name": "Points", "kind": "points"}
        cls.component = cls.env["discipline.component"].create(component)
        cls.scheme.action_activate()

    def _records(self):
        """One record of each model that is moved by its buttons."""
        own = {"name": "Own", "company_id": self.company.id}
        client = self.env["res.partner"].create({"name": "Client", "is_company": True})
        made = {
            "discipline.time.study": own,
            "discipline.program": {**own, "date_from": "2026-03-01", "date_to": "2026-03-31"},
            "discipline.task": {**own, "date_due": "2026-03-31", "employee_id": self.e_anna.id},
            "discipline.forecast": {
                "partner_id": client.id,
                "company_id": self.company.id,
                "date_from": "2026-04-01",
                "user_id": self.anna.id,
                "amount": 5,
            },
            "discipline.regulation": {**own, "trigger": "won"},
        }
        records = [self.env[name].with_user(self.mark).create(vals) for name, vals in made.items()]
        records += [self.plan.with_user(self.mark), self.scheme.with_user(self.paula)]
        return [*records, self.component.with_user(self.paula)]

    def _moved(self, record):
        """`[(name, other value)]` of what is moved in that record"""
        fields = [record._fields[name] for name in sorted(record._moved)]
        return [(field.name, OTHERS[field.type](field, record)) for field in fields if field.column_type]

    def test_every_model_is_tried(self):
        mixin = type(self.env["discipline.moved.mixin"])
        heirs = {
            name
            for name in self.registry
            if issubclass(type(self.env[name]), mixin) and not self.env[name]._abstract
        }
        tried = {record._name for record in self._records()}
        # campaigns are made by the program alone, see TestCampaign
        self.assertEqual(tried, heirs - {"discipline.winback.campaign"})

    def test_written(self):
        for record in self._records():
            for name, value in self._moved(record):
                for again in (record, record.sudo(), record.with_context(discipline_moving=True).sudo()):
                    with self.subTest(f"{record._name}.{name}"), self._refused(UserError, "Use the buttons"):
                        again.write({name: value})
                before = record[name] if record._fields[name].type != "many2one" else record[name].id
                record.sudo().write({name: before})  # what is so already may be said

    def test_created(self):
        for record in self._records():
            vals = record.sudo().copy_data()[0]
            for name, value in self._moved(record):
                with self.subTest(f"{record._name}.{name}"), self._refused(UserError, "Use the buttons"):
                    record.browse().create({**vals, name: value})

    def test_copied(self):
        for record in self._records():
            if record._name == "discipline.forecast":
                continue  # one a client and quarter
            for name, value in self._moved(record):
                with self.subTest(f"{record._name}.{name}"), self._refused(UserError, "Use the buttons"):
                    record.sudo().copy({name: value})

    def test_default_values(self):
        forged = {"default_state": "active", "default_trial": True, "default_version": 9}
        plans = self.env["discipline.plan"].with_user(self.mark).with_context(**forged)
        plan = plans.create({"name": "Own", "company_id": self.company.id, "date_from": "2026-03-01"})
        self.assertEqual((plan.state, plan.trial, plan.version), ("draft", False, 1))
        self.env["ir.default"].set("discipline.scheme", "state", "active")
        scheme = self.env["discipline.scheme"].with_user(self.paula).create({"name": "Own"})
        self.assertEqual(scheme.state, "draft")

    def test_imported(self):
        for record in self._records():
            if "state" not in record._fields:
                continue
            value = OTHERS["selection"](record._fields["state"], record)
            label = dict(record._fields["state"]._description_selection(self.env))[value]
            for names, row in (
                ([".id", "state"], [str(record.id), label]),
                ([record._rec_name or "id", "state"], ["Imported", label]),
            ):
                with self.subTest(f"{record._name} {names}"):
                    result = record.browse().load(names, [row])
                    self.assertFalse(result["ids"])
                    self.assertTrue(result["messages"])
                    self.assertNotEqual(record.state, value)

    def test_buttons_still_move(self):
        self.scheme.with_user(self.paula).action_close()
        self.assertEqual(self.scheme.state, "closed")
        self.plan.with_user(self.mark).action_close()
        self.assertEqual(self.plan.state, "closed")

    def test_archived_at_work(self):
        for record, user in ((self.plan, self.mark), (self.scheme, self.paula)):
            with (
                self.subTest(record._name),
                self._refused(UserError, "cannot be archived while it is active"),
            ):
                record.with_user(user).action_archive()
        self.scheme.action_close()
        self.scheme.with_user(self.paula).action_archive()
        self.assertFalse(self.scheme.active)

    def test_company_stays(self):
        both = self.company | self.outside
        self.mark.company_ids = self.paula.company_ids = both
        for record, user in ((self.plan, self.mark), (self.scheme, self.paula)):
            record = record.with_user(user).with_context(allowed_company_ids=both.ids)
            with self.subTest(record._name), self._refused(UserError, "is active: the field “Company”"):
                record.company_id = self.outside
        draft = self._make_plan(("calls_done", 1.0), state="draft", date_from="2026-04-01")
        draft.with_user(self.mark).with_context(allowed_company_ids=both.ids).company_id = self.outside
        self.assertEqual(draft.company_id, self.outside)
