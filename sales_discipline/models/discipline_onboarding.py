from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class DisciplineOnboarding(models.AbstractModel):
    """The first steps of a company, told from its data: nothing is ticked off by hand."""

    _name = "discipline.onboarding"
    _description = "First Steps of Sales Discipline"

    @api.model
    def _get_panel(self) -> dict | bool:
        """What the first steps have come to in the reader's company, for its managers.

        :return: dict of `steps` (see `_prepare_steps`) and `done`, how many of them are; False for other people, once all
            are done, and for who has closed the panel
        """
        if not self.env.user.has_group("sales_discipline.group_manager"):
            return False
        [found] = self.env.execute_query_dict(self._sql_progress())
        steps = self._prepare_steps(found)
        done = sum(step["done"] for step in steps)
        return False if found["closed"] or done == len(steps) else {"steps": steps, "done": done}

    @api.model
    def _sql_progress(self) -> SQL:
        return SQL(
            """
            SELECT (SELECT u.discipline_onboarding_closed FROM res_users u WHERE u.id = %(uid)s) AS closed,
                   (SELECT ARRAY[COUNT(DISTINCT u.id), COUNT(DISTINCT e.user_id)]
                      FROM crm_team_member m
                      JOIN crm_team t ON t.id = m.crm_team_id AND t.active
                      JOIN res_users u ON u.id = m.user_id AND u.active AND u.company_id = %(company)s
                      LEFT JOIN hr_employee e ON e.user_id = u.id AND e.active AND e.company_id = %(company)s
                     WHERE m.active) AS people,
                   EXISTS (SELECT 1 FROM discipline_plan p WHERE p.company_id = %(company)s) AS plan,
                   EXISTS (SELECT 1 FROM discipline_plan p
                            WHERE p.company_id = %(company)s AND p.state IN ('active', 'closed')) AS active,
                   EXISTS (SELECT 1 FROM discipline_scorecard c
                            WHERE c.company_id = %(company)s AND c.state = 'frozen') AS board,
                   EXISTS (SELECT 1 FROM discipline_scheme s
                            WHERE s.company_id = %(company)s AND s.state IN ('active', 'closed')) AS scheme
            """,
            uid=self.env.uid,
            company=self.env.company.id,
        )

    @api.model
    def _prepare_steps(self, found: dict) -> list[dict]:
        """`key`, `title`, `text`, `done`, and `action` (an XML id, or False) with its `label`, in the order to take them."""
        people, linked = found["people"]
        scheme = "sales_discipline.action_scheme"
        may_pay = self.env.user.has_group("sales_discipline.group_payroll")
        return [
            {
                "key": "people",
                "title": self.env._("Who is measured"),
                "text": self.env._(
                    "%(linked)s of %(people)s members of sales teams have an employee. The employee's schedule and leave"
                    " say on which days somebody is measured.",
                    linked=linked,
                    people=people,
                ),
                "done": bool(people) and people == linked,
                "action": "sales_team.crm_team_action_config",
                "label": self.env._("Sales Teams"),
            },
            {
                "key": "plan",
                "title": self.env._("What a day should hold"),
                "text": self.env._(
                    "A plan names indicators, such as calls and meetings, with a target and points for each."
                ),
                "done": found["plan"],
                "action": "sales_discipline.discipline_plan_action",
                "label": self.env._("Plans"),
            },
            {
                "key": "active",
                "title": self.env._("On trial, then active"),
                "text": self.env._(
                    "A plan on trial is measured and shown, but never paid: agree on the targets, then activate it."
                ),
                "done": found["active"],
                "action": "sales_discipline.discipline_plan_action",
                "label": self.env._("Plans"),
            },
            {
                "key": "board",
                "title": self.env._("The first results"),
                "text": self.env._(
                    "Scorecards close at the deadline of the day. The team board shows them all."
                ),
                "done": found["board"],
                "action": "sales_discipline.discipline_team_board_action",
                "label": self.env._("Team Board"),
            },
            {
                "key": "scheme",
                "title": self.env._("What it is worth"),
                "text": self.env._("A pay scheme turns points, sales and KPIs into money.")
                if may_pay
                else self.env._(
                    "A pay scheme turns points, sales and KPIs into money; a payroll officer sets it up."
                ),
                "done": found["scheme"],
                "action": may_pay and scheme,
                "label": self.env._("Schemes"),
            },
        ]

    @api.model
    def close_panel(self) -> bool:
        """The reader does not want to see the first steps any more."""
        if not self.env.user.has_group("sales_discipline.group_manager"):
            raise AccessError(self.env._("The first steps are shown to managers of the discipline only."))
        self.env.user.sudo().discipline_onboarding_closed = True
        return True


class ResUsers(models.Model):
    _inherit = "res.users"

    discipline_onboarding_closed = fields.Boolean("First Steps of Sales Discipline Closed", copy=False)


class DisciplineScorecard(models.Model):
    """The pages for managers begin with the first steps, as long as there are any to take."""

    _inherit = "discipline.scorecard"

    @api.model
    @api.readonly
    def get_morning(self, date=False) -> dict:
        return {**super().get_morning(date), "onboarding": self.env["discipline.onboarding"]._get_panel()}

    @api.model
    @api.readonly
    def get_team_board(self, *args, **kwargs) -> dict:
        page = super().get_team_board(*args, **kwargs)
        return {**page, "onboarding": self.env["discipline.onboarding"]._get_panel()}
