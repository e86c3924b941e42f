from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools import effect
from .readers import for_readers


class DisciplineTask(models.Model):
    """Tasks belong to a program, if they are part of one."""

    _inherit = "discipline.task"

    program_id = fields.Many2one(
        "discipline.program",
        "Sales Program",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        help="The sales program that it is a part of.",
    )
    template_id = fields.Many2one(
        "discipline.program.task", readonly=True, copy=False, ondelete="set null", index="btree_not_null"
    )

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get("default_program_id")
        self._check_program({vals.get("program_id", default) for vals in vals_list})
        return super().create(vals_list)

    def write(self, vals):
        self._check_program({vals.get("program_id")})
        return super().write(vals)

    @api.constrains("program_id", "template_id")
    def _check_template(self):
        for task in self:
            if task.template_id and task.template_id.program_id != task.program_id:
                raise ValidationError(
                    self.env._("“Sales Program” of “%(name)s” is the one that gave the task.", name=task.name)
                )

    @api.model
    def _check_program(self, ids: set) -> None:
        """Tasks are put into programs that one may read before: a task in it is a way to take part."""
        programs = self.env["discipline.program"].browse(filter(None, ids))
        if programs and not programs.has_access("read"):
            raise AccessError(self.env._("“Sales Program”: you do not take part in this program yourself."))


class DisciplineProgramTask(models.Model):
    """A task that a program asks of people: the template of the SMART tasks that they are given."""

    _name = "discipline.program.task"
    _description = "Task of a Sales Program"
    _inherit = ["discipline.amount.mixin", "discipline.own.company.mixin"]
    _order = "sequence, id"

    program_id = fields.Many2one("discipline.program", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="program_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char("Goal", required=True)
    measure = fields.Text(help="How to tell that the goal is reached.")
    days = fields.Integer("Due after (Days)", help="Days after the program's first day; 0 for its last day.")
    date_due = fields.Date("Due Date", compute="_compute_date_due")
    value = fields.Monetary(
        help="What it pays each person if it is approved, where the pay scheme pays for tasks."
    )
    given_count = fields.Integer("Given", compute="_compute_given_count")
    approved_count = fields.Integer("Approved", compute="_compute_given_count")

    _days_check = models.Constraint(
        "CHECK(days BETWEEN 0 AND 731)", "The field “Due after” has to be between 0 and 731 days."
    )
    _value_check = models.Constraint("CHECK(value >= 0)", "The value of a task cannot be negative.")

    @api.depends("days", "program_id.date_from", "program_id.date_to")
    def _compute_date_due(self):
        for template in self:
            program = template.program_id
            due = program.date_from and fields.Date.add(program.date_from, days=template.days)
            template.date_due = due if template.days else program.date_to

    def _compute_given_count(self):
        groups = self.env["discipline.task"]._read_group(
            [("template_id", "in", self.ids)], ["template_id", "state"], ["__count"]
        )
        for template in self:
            found = {state: count for one, state, count in groups if one == template}
            template.given_count = sum(found.values())
            template.approved_count = found.get("approved", 0)

    @api.constrains("name")
    def _check_name(self):
        for template in self:
            if not (template.name or "").strip():
                raise ValidationError(self.env._("Fill in “Goal”."))


class DisciplineProgram(models.Model):
    """The tasks of a program, and how far they have come."""

    _inherit = "discipline.program"

    template_ids = fields.One2many("discipline.program.task", "program_id", "Tasks to Give", copy=True)
    task_ids = fields.One2many("discipline.task", "program_id", "Tasks")
    task_count = fields.Integer("SMART Tasks", compute="_compute_task_count")
    task_done_count = fields.Integer("Tasks Approved", compute="_compute_task_count")
    task_progress = fields.Float("Tasks Approved (%)", compute="_compute_task_count")

    @api.depends("task_ids.state")
    def _compute_task_count(self):
        """Of all tasks of the program, whoever asks."""
        groups = (
            self.env["discipline.task"]
            .sudo()
            ._read_group([("program_id", "in", self.ids)], ["program_id", "state"], ["__count"])
        )
        for program in self:
            found = {state: count for one, state, count in groups if one.id == program.id}
            program.task_count = sum(found.values())
            program.task_done_count = found.get("approved", 0)
            program.task_progress = effect.share(program.task_done_count, program.task_count) or 0

    def action_give_tasks(self):
        """Ask whom to give the tasks to."""
        self.ensure_one()
        if not self.template_ids:
            raise UserError(
                self.env._("“%(name)s” asks for no tasks yet: add them in “Tasks to Give”.", name=self.name)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Give Tasks to People"),
            "res_model": "discipline.program.give",
            "view_mode": "form",
            "target": "new",
            "context": {"default_program_id": self.id},
        }

    @for_readers
    def action_open_tasks(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.discipline_task_action")
        context = {"default_program_id": self.id, "search_default_by_employee": 1}
        return {**action, "domain": [("program_id", "=", self.id)], "context": context}

    def _get_people(self):
        """Users who can take part: members and leaders of its teams (of all of the company's if it has none)."""
        self.ensure_one()
        teams = self.sudo().team_ids
        if not teams:
            teams = teams.search([("company_id", "in", [False, self.company_id.id])])
        me = self.env.user
        if not me.has_group("sales_discipline.group_manager"):
            teams = teams.filtered(lambda team: team.user_id == me)
        users = teams.crm_team_member_ids.user_id | (teams.user_id - me)
        return users.filtered(lambda user: user.active and self.company_id in user.company_ids).sudo(False)


class DisciplineProgramGive(models.TransientModel):
    """Gives the tasks of a program to people: one SMART task for each of them and each task chosen, in one step."""

    _name = "discipline.program.give"
    _description = "Give Tasks of a Sales Program"

    program_id = fields.Many2one("discipline.program", required=True, ondelete="cascade")
    possible_user_ids = fields.Many2many("res.users", compute="_compute_possible")
    user_ids = fields.Many2many(
        "res.users", string="People", compute="_compute_user_ids", store=True, readonly=False
    )
    template_ids = fields.Many2many(
        "discipline.program.task",
        string="Tasks",
        compute="_compute_template_ids",
        store=True,
        readonly=False,
        domain="[('program_id', '=', program_id)]",
    )
    start = fields.Boolean(
        "Start Them at Once", default=True, help="Otherwise they are drafts, and each is started by a button."
    )
    new_count = fields.Integer("New Tasks", compute="_compute_new_count")

    @api.depends("program_id")
    def _compute_possible(self):
        for wizard in self:
            wizard.possible_user_ids = wizard.program_id and wizard.program_id._get_people()

    @api.depends("program_id")
    def _compute_user_ids(self):
        """Those who have clients in the group, if there are any."""
        for wizard in self:
            program = wizard.program_id
            people = program._get_people() if program else wizard.possible_user_ids
            wizard.user_ids = people & program.sudo().client_ids.user_id.sudo(False) or people

    @api.depends("program_id")
    def _compute_template_ids(self):
        for wizard in self:
            wizard.template_ids = wizard.program_id.template_ids

    @api.depends("user_ids", "template_ids")
    def _compute_new_count(self):
        for wizard in self:
            wizard.new_count = len(wizard._prepare_tasks()) if wizard.program_id else 0

    def _prepare_tasks(self) -> list[dict]:
        """Values of the tasks that these people do not have yet, whether they are still draft or done with."""
        program = self.program_id
        employees = self.env["hr.employee"].sudo()
        employees = employees.search(
            [("user_id", "in", self.user_ids.ids), ("company_id", "=", program.company_id.id)]
        )
        groups = self.env["discipline.task"].sudo()
        groups = groups._read_group(
            [("template_id", "in", self.template_ids.ids)], ["template_id", "employee_id"]
        )
        given = {(template.id, employee.id) for template, employee in groups}
        return [
            {
                "name": template.name,
                "measure": template.measure,
                "date_due": template.date_due,
                "value": template.value,
                "employee_id": employee.id,
                "company_id": program.company_id.id,
                "program_id": program.id,
                "template_id": template.id,
            }
            for employee in employees.sorted("name")
            for template in self.template_ids
            if (template._origin.id or template.id, employee.id) not in given
        ]

    def action_apply(self):
        """:raise AccessError, UserError: in words; then nobody has got anything"""
        self.ensure_one()
        program = self.program_id
        program.check_access("write")
        if program.state != "running":
            raise UserError(self.env._("Start the program first: then its tasks can be given to people."))
        if self.user_ids - program._get_people():
            raise AccessError(self.env._("“People”: tasks are given to members of the program's teams."))
        if self.template_ids.program_id - program:
            raise UserError(self.env._("“Tasks”: choose tasks of this program."))
        values = self._prepare_tasks()
        if not values:
            raise UserError(self.env._("All of them have these tasks already, or none is chosen."))
        tasks = self.env["discipline.task"].create(values)
        if self.start:
            startable = tasks.filtered("can_judge")
            startable.action_open()
        return program.action_open_tasks()
