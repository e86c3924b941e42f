from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .res_partner_class import CLASSES

# In the context of this process's own code: nobody else puts clients in a group or takes them out.
GROUPING = object()


class DisciplineProgramClient(models.Model):
    """A client of the group of a program, as they were when they came into it, and what they have bought in its days.

    The sales are the ledger's, brought up to date with every order (discipline_program_fact.py) while it runs; nobody
    writes them.
    """

    _name = "discipline.program.client"
    _description = "Client of a Sales Program"
    _order = "amount desc, base_amount desc, id"
    _rec_name = "partner_id"

    program_id = fields.Many2one(
        "discipline.program", required=True, readonly=True, ondelete="cascade", index=True
    )
    program_state = fields.Selection(related="program_id.state", string="Program's Status")
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Client", required=True, readonly=True, ondelete="restrict", index=True
    )
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True, ondelete="restrict")
    client_class = fields.Selection(CLASSES, "Class", readonly=True, help="When the program started.")
    base_amount = fields.Monetary(
        "Before", readonly=True, help="What they bought in all the days that the program is compared with."
    )
    amount = fields.Monetary("Sales", readonly=True, help="What they have bought in the days of the program.")
    growth = fields.Monetary(
        "Above Before",
        readonly=True,
        help="Sales less those of all the days compared with: below zero until the client has bought as much.",
    )
    order_count = fields.Integer("Orders", readonly=True)
    last_order = fields.Date(readonly=True)
    ordered = fields.Boolean("Has Ordered", readonly=True)
    is_added = fields.Boolean("Added Later", readonly=True)
    added_at = fields.Datetime("In the Group since", readonly=True)

    _once = models.Constraint("UNIQUE(program_id, partner_id)", "A client is in the group of a program once.")

    # ------------------------------------------------------------
    # Protection
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_grouping()
        return super().create(vals_list)

    def write(self, vals):
        self._check_grouping()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._check_grouping()

    def _check_grouping(self):
        if self.env.context.get("discipline_group") is not GROUPING:
            raise UserError(
                self.env._(
                    "The group of a program is fixed when it starts: use “Add Clients” on the program."
                )
            )

    @api.model
    def _store(self, rows: list[dict]):
        return self.with_context(discipline_group=GROUPING).create(rows).with_context(discipline_group=None)

    # ------------------------------------------------------------
    # Sales
    # ------------------------------------------------------------

    def _refresh(self) -> None:
        """Bring these rows up to date with the ledger."""
        if self:
            self._refresh_where(SQL("c.id = ANY(%s)", self.ids))

    @api.model
    def _refresh_where(self, condition: SQL) -> None:
        """Bring the rows `c` of running programs that fit up to date with the ledger: one statement."""
        self.env["discipline.program"].flush_model()
        self.flush_model()
        self.env.cr.execute(self._sql_refresh(condition))
        if self.env.cr.rowcount:
            self.invalidate_model()
            self.env["discipline.program"].invalidate_model()

    @api.model
    def _sql_refresh(self, condition: SQL) -> SQL:
        return SQL(
            """
            UPDATE discipline_program_client c
               SET amount = n.amount, growth = n.amount - c.base_amount, order_count = n.orders, last_order = n.last,
                   ordered = n.orders > 0
              FROM (SELECT c.id, COALESCE(SUM(f.amount), 0) AS amount, COALESCE(SUM(f.quantity), 0)::int4 AS orders,
                           (MAX(f.happened_at) FILTER (WHERE f.quantity > 0))::date AS last
                      FROM discipline_program_client c
                      JOIN discipline_program p ON p.id = c.program_id AND p.state = 'running'
                      LEFT JOIN discipline_fact f ON f.partner_id = c.partner_id AND f.kind = 'order_confirmed'
                           AND f.company_id = p.company_id AND f.is_transfer IS NOT TRUE
                           AND f.happened_at >= p.starts_at AND f.happened_at < p.ends_at
                     WHERE %s GROUP BY c.id) n
             WHERE n.id = c.id AND (c.amount, c.order_count, c.last_order, c.growth)
                   IS DISTINCT FROM (n.amount, n.orders, n.last, n.amount - c.base_amount)
            """,
            condition,
        )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_plan_contacts(self):
        """Plan contacts with the clients of these rows: of one program, or of several."""
        return self._plan_contacts(self.program_id if len(self.program_id) == 1 else self.program_id[:0])

    def _plan_contacts(self, program) -> dict:
        """The wizard that spreads contacts over people and days, filled in for the first thousand of these clients.

        :raise UserError: without a client
        """
        self.check_access("read")
        if not self:
            raise UserError(self.env._("Every client of the group that you see has ordered already."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_discipline.discipline_contact_plan_action"
        )
        context = {"default_partner_ids": self.partner_id.ids[:1000]}
        if program:
            context |= {"default_summary": program.name, "default_note": program.goal}
        return {**action, "context": context}

    def action_open_partner(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }
