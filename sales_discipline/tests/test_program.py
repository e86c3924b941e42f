from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .program_common import ProgramCase


@tagged("post_install", "-at_install")
@freeze_time(ProgramCase.NOW)
class TestProgram(ProgramCase):
    """A group of clients, fixed when the program starts, and what it has bought since."""

    def _rows(self, program):
        return {row.partner_id.name: row for row in program.sudo().client_ids}

    # ------------------------------------------------------------
    # The group
    # ------------------------------------------------------------

    def test_group_is_fixed(self):
        self._order(self.big, "2026-02-10 10:00:00", 700)
        program = self._make_program()
        self.assertEqual((program.candidate_count, program.candidate_amount), (4, 700))
        program.action_start()
        rows = self._rows(program)
        self.assertEqual(sorted(rows), ["Big", "Middle", "New", "Small"])
        big = rows["Big"]
        self.assertEqual((big.user_id, big.team_id, big.base_amount), (self.anna, self.north, 700))
        self._make_client("Middle", self.anna)  # fits, but came later
        self.big.user_id = self.boris
        self.assertEqual(program.client_count, 4)
        self.assertEqual(big.user_id, self.anna)

    def test_group_by_class_and_team(self):
        self._order(self.big, "2026-02-10 10:00:00", 800)
        self._order(self.small, "2026-02-10 10:00:00", 200)
        self.env["res.partner"]._classify(self.company, self.TODAY)
        program = self._make_program(domain="[]", class_a=True)
        self.assertEqual([row["partner_id"] for row in program._find_clients()], self.big.ids)
        program.write({"class_b": True})
        found = [(row["partner_id"], row["client_class"]) for row in program._find_clients()]
        self.assertEqual(found, [(self.big.id, "a"), (self.small.id, "b")])
        program.team_ids = self.south
        self.assertEqual([row["partner_id"] for row in program._find_clients()], self.small.ids)

    def test_group_is_of_clients(self):
        """Contacts stand for their company; colleagues, the company itself and archived ones are no clients."""
        contact = self.env["res.partner"].create({"name": "Contact of Big", "parent_id": self.big.id})
        self.new.active = False
        ids = (contact + self.middle + self.new + self.anna.partner_id + self.company.partner_id).ids
        program = self._make_program(domain=f"[('id', 'in', {ids})]")
        found = [row["partner_id"] for row in program._find_clients()]
        self.assertEqual(found, (self.big + self.middle).ids)

    def test_client_without_salesperson(self):
        """Is that of who sold last, in this company."""
        client = self._make_client("Middle", None)
        self._order(client, "2026-01-10 10:00:00", user=self.anna)
        self._order(client, "2026-02-10 10:00:00", user=self.carla)
        self._order(client, "2026-02-20 10:00:00", user=self.olga, company=self.outside)
        program = self._running(domain=f"[('id', '=', {client.id})]")
        self.assertEqual((program.client_ids.user_id, program.client_ids.team_id), (self.carla, self.south))

    def test_nobody_fits(self):
        program = self._make_program(domain="[('name', '=', 'Nobody')]")
        with self._refused(UserError, "nobody is in the group"):
            program.action_start()
        self.assertEqual(program.state, "draft")

    def test_bad_domain(self):
        for domain, words in (
            ("[('no_such_field', '=', 1)]", "Clients"),
            ("[(1", "not a list"),
            ("[('user_id', '=', uid)]", "not a list"),
            ("__import__('os')", "not a list"),
            ("[('name', 'bad', 1)]", "Clients"),
            ("[('child_ids', 'any!', [('id', '>', 0)])]", "Clients"),
            ("[('user_ids.password', '!=', False)]", "Clients"),
            ("[('user_ids.employee_ids.wage', '>', 1)]", "may not read"),
        ):
            with self.subTest(domain), self._refused(ValidationError, words):
                self._make_program(domain=domain)

    def test_rights_of_who_is_responsible(self):
        """Clients that the responsible person may not read are not in the group, whoever starts it."""
        foreign = self._make_client("Middle", self.anna, company_id=self.outside.id)
        program = self._running()
        self.assertNotIn(foreign, program.client_ids.partner_id)
        with self._refused(ValidationError, "neither a team leader nor a manager"):
            self._make_program(owner_id=self.anna.id)
        with self._refused(ValidationError, "does not work in"):
            self._make_program(owner_id=self.olga.id)

    def test_added_later(self):
        program = self._running(domain="[('name', '=', 'Big')]", team_ids=self.north.ids)
        wizard = self.env["discipline.program.add"].with_user(self.mark)
        contact = self.env["res.partner"].create({"name": "Contact of New", "parent_id": self.new.id})
        with freeze_time("2026-03-12 09:00:00"):
            wizard.create({"program_id": program.id, "partner_ids": (contact + self.big).ids}).action_apply()
        row = self._rows(program)["New"]
        self.assertEqual((row.is_added, str(row.added_at)), (True, "2026-03-12 09:00:00"))
        for partner, words in ((self.big, "already"), (self.small, "no clients of the teams")):
            with self.subTest(partner.name), self._refused(UserError, words):
                wizard.create({"program_id": program.id, "partner_ids": partner.ids}).action_apply()
        with self.assertRaises(AccessError):
            wizard.with_user(self.lena).create(
                {"program_id": program.id, "partner_ids": self.middle.ids}
            ).action_apply()

    # ------------------------------------------------------------
    # What stays
    # ------------------------------------------------------------

    def test_terms_stay(self):
        program = self._running()
        for values in ({"date_to": "2026-04-30"}, {"domain": "[]"}, {"baseline": "year"}, {"class_a": True},
                       {"team_ids": [Command.set(self.north.ids)]}):  # fmt: skip
            with self.subTest(values), self._refused(UserError, "running"):
                program.write(values)
        for values in (
            {"state": "closed"},
            {"result": {"amount": 1}},
            {"started_at": False},
            {"ends_at": "2027-01-01"},
        ):
            with self.subTest(values), self._refused(UserError, "buttons"):
                program.sudo().write(values)
        program.write({"goal": "More service", "planned_amount": 500, "date_to": "2026-03-30"})
        with self._refused(UserError, "only drafts"):
            program.unlink()
        row = program.sudo().client_ids[0]
        for attempt in (
            lambda: row.write({"amount": 1}),
            lambda: row.unlink(),
            lambda: row.create({"program_id": program.id, "partner_id": self.customer.id}),
            lambda: row.with_context(discipline_group=True).write({"amount": 1}),
            lambda: program.sudo().write({"client_ids": [Command.clear()]}),
        ):
            with self._refused(UserError, "fixed when it starts"):
                attempt()

    def test_each_step_once(self):
        program = self._make_program()
        with self._refused(UserError, "is draft"):
            program.action_close()  # there is nothing yet that it could be compared with
        program.action_start()
        with self._refused(UserError, "is running"):
            program.action_start()
        program.action_close()
        with self._refused(UserError, "is closed"):
            program.action_close()

    def test_forged_start(self):
        for forged in ({"state": "closed"}, {"started_at": "2020-01-01"}, {"result": {"amount": 1e9}}):
            with self.subTest(forged), self._refused(UserError, "buttons"):
                self._make_program(**forged)

    def test_bad_input(self):
        for values, words in (
            ({"date_to": "2026-02-01"}, "“To”"),
            ({"date_to": "2036-02-01"}, "two years"),
            ({"name": "  "}, "“Name”"),
            ({"planned_amount": 1e300}, "Planned Effect"),
        ):
            with self.subTest(values), self._refused(ValidationError, words):
                self._make_program(**values)

    def test_closed(self):
        """Its numbers stay, whatever is sold afterwards."""
        self._order(self.big, "2026-02-10 10:00:00", 300)
        program = self._running()
        self._order(self.big, "2026-03-11 10:00:00", 1000)
        with freeze_time("2026-03-30 23:00:00"):
            self.programs._close_ended(datetime(2026, 3, 30, 23))
            self.assertEqual(program.state, "running")
        with freeze_time("2026-03-31 03:00:00"):
            self.programs._close_ended(datetime(2026, 3, 31, 3))
        self.env.invalidate_all()
        self.assertEqual((program.state, program.amount, program.effect_amount), ("closed", 1000, 700))
        late = self._order(self.big, "2026-03-20 10:00:00", 5000)
        self.assertTrue(late)
        self.env.invalidate_all()
        self.assertEqual((program.amount, program.ordered_count), (1000, 1))
        self.assertEqual(self._rows(program)["Big"].amount, 1000)
        for values in ({"name": "Other"}, {"planned_amount": 1}):
            with self.subTest(values), self._refused(UserError, "closed"):
                program.write(values)
        with self._refused(UserError, "it is closed"):
            program.action_close()

    # ------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------

    def test_who_sees_what(self):
        program = self._running(domain="[('name', 'in', ('Big', 'Middle'))]", team_ids=self.north.ids)
        for user, sees, rows in (
            (self.anna, True, ["Big"]), (self.boris, True, ["Middle"]), (self.carla, False, []),
            (self.lena, True, ["Big", "Middle"]), (self.luis, False, []), (self.mark, True, ["Big", "Middle"]),
            (self.olga, False, []),
        ):  # fmt: skip
            with self.subTest(user.name):
                found = self.programs.with_user(user).search([("id", "=", program.id)])
                self.assertEqual(bool(found), sees)
                clients = self.env["discipline.program.client"].with_user(user).search([])
                self.assertEqual(sorted(clients.partner_id.sudo().mapped("name")), rows)
        for user in (self.portal, self.paula):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.programs.with_user(user).search([])
        self.big.user_id = self.carla  # who has a client of the group now sees it
        self.assertTrue(self.programs.with_user(self.carla).search([("id", "=", program.id)]))

    def test_who_writes(self):
        program = self._running(team_ids=self.north.ids)
        for user in (self.anna, self.lena, self.olga):
            for method in ("action_close", "action_add_clients"):
                if method == "action_close":
                    with self.subTest(user.name), self.assertRaises(AccessError):
                        getattr(program.with_user(user), method)()
            with self.subTest(user.name), self.assertRaises(AccessError):
                program.with_user(user).name = "Mine"
        with self.assertRaises(AccessError):
            self._make_program(self.anna)
        mine = self._make_program(self.lena, team_ids=self.north.ids)
        mine.action_start()
        self.assertEqual(sorted(self._rows(mine)), ["Big", "Middle", "New"])
        for values in ({"team_ids": []}, {"team_ids": self.south.ids}, {"owner_id": self.mark.id}):
            with self.subTest(values), self.assertRaises(AccessError):
                self._make_program(self.lena, **{"team_ids": self.north.ids, **values})
        with self._refused(ValidationError, "does not work in"):
            self._make_program(self.lena, company_id=self.outside.id, team_ids=self.north.ids)

    def test_form(self):
        with Form(self.programs.with_user(self.lena)) as form:
            form.name = "Spring"
            form.date_from, form.date_to = "2026-03-01", "2026-03-31"
            form.team_ids.add(self.north)
            form.domain = "[('name', '=', 'Big')]"
            self.assertEqual(form.candidate_count, 1)
        self.assertEqual(form.record.owner_id, self.lena)


@tagged("post_install", "-at_install")
@freeze_time(ProgramCase.NOW)
class TestProgramTasks(ProgramCase):
    """The tasks of a program, given to people in one step."""

    def setUp(self):
        super().setUp()
        self.program = self._running(
            user=self.lena,
            team_ids=self.north.ids,
            template_ids=[
                Command.create(
                    {"name": "Visit every client", "measure": "A visit each", "days": 9, "value": 50}
                ),
                Command.create({"name": "Report what they need"}),
            ],
        )

    def _give(self, user=None, **vals):
        return (
            self.env["discipline.program.give"]
            .with_user(user or self.lena)
            .create({"program_id": self.program.id, **vals})
        )

    def test_given(self):
        wizard = self._give()
        self.assertEqual(wizard.user_ids, self.anna + self.boris)
        self.assertEqual(wizard.new_count, 4)
        wizard.action_apply()
        tasks = self.program.task_ids.sorted("id")
        self.assertEqual(
            [(task.employee_id, task.name, str(task.date_due), task.value, task.state) for task in tasks[:2]],
            [
                (self.e_anna, "Visit every client", "2026-03-10", 50, "open"),
                (self.e_anna, "Report what they need", "2026-03-30", 0, "open"),
            ],
        )
        self.assertEqual((self.program.task_count, self.program.task_done_count), (4, 0))
        task = tasks[0]
        task.with_user(self.anna).result = "All visited"
        task.with_user(self.anna).action_submit()
        task.with_user(self.lena).action_approve()
        self.env.invalidate_all()
        self.assertEqual((self.program.task_done_count, self.program.task_progress), (1, 25))
        template = self.program.template_ids[0]
        self.assertEqual((template.given_count, template.approved_count), (2, 1))

    def test_never_twice(self):
        self._give(user_ids=self.anna.ids).action_apply()
        wizard = self._give()
        self.assertEqual(wizard.new_count, 2)
        wizard.action_apply()
        self.assertEqual(len(self.program.task_ids), 4)
        with self._refused(UserError, "already"):
            self._give().action_apply()

    def test_to_whom(self):
        for user, people, error in (
            (self.lena, self.carla, AccessError),
            (self.lena, self.mark, AccessError),
            (self.anna, self.anna, AccessError),
            (self.luis, self.carla, AccessError),
        ):
            with self.subTest(user.name, people=people.name), self.assertRaises(error):
                self._give(user, user_ids=people.ids).action_apply()
        other = self._make_program(self.mark, template_ids=[Command.create({"name": "Foreign"})])
        with self._refused(UserError, "tasks of this program"):
            self._give(self.mark, template_ids=other.template_ids.ids, user_ids=self.anna.ids).action_apply()

    def test_drafts(self):
        self._give(start=False, user_ids=self.anna.ids).action_apply()
        self.assertEqual(set(self.program.task_ids.mapped("state")), {"draft"})

    def test_own_tasks_show_the_program(self):
        """Who has a task of it takes part, also without a client."""
        self.assertFalse(self.programs.with_user(self.carla).search([]))
        self.env["discipline.task"].with_user(self.mark).create(
            {"name": "Help", "date_due": "2026-03-20", "employee_id": self.e_carla.id,
             "company_id": self.company.id, "program_id": self.program.id}
        )  # fmt: skip
        self.assertEqual(self.programs.with_user(self.carla).search([]), self.program)
        with self.assertRaises(AccessError):
            self.env["discipline.task"].with_user(self.luis).create(
                {"name": "Sneak", "date_due": "2026-03-20", "employee_id": self.e_luis.id,
                 "company_id": self.company.id, "program_id": self.program.id}
            )  # fmt: skip

    def test_contacts_are_planned(self):
        """With those who have not ordered yet and whom the reader sees, through the wizard of contacts."""
        self._order(self.big, "2026-03-09 10:00:00", 100)
        for user, clients in ((self.lena, self.middle + self.new), (self.anna, self.new)):
            with self.subTest(user.name):
                context = self.program.with_user(user).action_plan_contacts()["context"]
                self.assertEqual(sorted(context["default_partner_ids"]), sorted(clients.ids))
                self.assertEqual(context["default_summary"], "Autumn")
        context = self.program.with_user(self.lena).action_plan_contacts()["context"]
        wizard = self.env["discipline.contact.plan"].with_user(self.lena).with_context(**context).create({})
        wizard.action_preview()
        wizard.action_apply()
        planned = self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("summary", "=", "Autumn")]
        )
        self.assertEqual(sorted(planned.user_id.mapped("name")), ["Anna", "Boris"])
        self._order(self.middle, "2026-03-09 10:00:00", 100)
        self._order(self.new, "2026-03-09 10:00:00", 100)
        with self._refused(UserError, "has ordered already"):
            self.program.with_user(self.lena).action_plan_contacts()
