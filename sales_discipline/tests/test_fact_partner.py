from datetime import datetime

from odoo.tests import freeze_time, tagged

from .common import DisciplineCase

NOW = datetime(2026, 3, 10, 12)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFactPartner(DisciplineCase):
    def _create(self, user=None, **vals):
        return self.env["res.partner"].with_user(user or self.anna).create({"name": "New", **vals}).sudo()

    def test_company_and_contact(self):
        for vals, kind in (({"is_company": True}, "company_created"), ({}, "contact_created")):
            with self.subTest(kind):
                partner = self._create(**vals)
                fact = self._facts_of(partner)
                self.assertEqual((fact.kind, fact.user_id, fact.team_id), (kind, self.anna, self.north))
                self.assertEqual((fact.quantity, fact.partner_id, fact.res_name), (1, partner, "New"))
                self.assertEqual((fact.happened_at, fact.entered_at), (NOW, NOW))

    def test_contact_of_a_company(self):
        contact = self._create(parent_id=self.customer.id)
        fact = self._facts_of(contact)
        self.assertEqual((fact.kind, fact.partner_id), ("contact_created", self.customer))

    def test_addresses_are_no_contacts(self):
        for kind in ("invoice", "delivery", "other"):
            self.assertFalse(self._facts_of(self._create(parent_id=self.customer.id, type=kind)), kind)

    def test_imported(self):
        result = (
            self.env["res.partner"]
            .with_user(self.anna)
            .load(["name", "is_company"], [["A", "1"], ["B", "1"], ["C", "0"]])
        )
        facts = self._facts_of(self.env["res.partner"].browse(result["ids"]))
        self.assertEqual(facts.mapped("kind"), ["company_created", "company_created", "contact_created"])
        self.assertEqual(facts.user_id, self.anna)

    def test_company_later(self):
        partner = self._create()
        with freeze_time("2026-03-11 10:00:00"):
            partner.with_user(self.boris).write({"is_company": True})
        contact, company = self._facts_of(partner)
        self.assertEqual((contact.kind, company.kind), ("contact_created", "company_created"))
        self.assertEqual((company.user_id, company.happened_at), (self.anna, datetime(2026, 3, 11, 10)))
        partner.write({"is_company": False})
        partner.write({"is_company": True})
        self.assertEqual(len(self._facts_of(partner)), 2, "a company is added once")

    def test_merged_or_deleted(self):
        partner = self._create(is_company=True)
        before = self._facts_of(partner)
        partner.unlink()
        self.assertEqual(self._facts_of(partner), before)
        self.assertFalse(before.partner_id)

    def test_users_and_companies_of_ones_own_are_not_counted(self):
        partners = self.anna.partner_id + self.portal.partner_id + self.company.partner_id
        self.assertFalse(self._facts_of(partners).filtered("user_id"))

    def test_what_the_system_adds_is_nobodys(self):
        partner = self._create(self.env.ref("base.user_root"))
        self.assertFalse(self._facts_of(partner).user_id)
