from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.domains import parse_domain
from ..tools.effect import baseline
from .readers import for_readers
from .res_partner_class import CLASSES


class DisciplineProgram(models.Model):
    """Who is in the group of a program: clients that fit a domain, are of the classes chosen, and belong to the members
    of the teams. Fixed when it starts; who is added later is added by hand, and said to be."""

    _inherit = "discipline.program"

    domain = fields.Char("Clients", default="[]", help="Conditions on the client. None: every client.")
    class_a = fields.Boolean()
    class_b = fields.Boolean()
    class_c = fields.Boolean(help="No class ticked: clients of any class, and without one.")
    client_ids = fields.One2many("discipline.program.client", "program_id", readonly=True)
    candidate_count = fields.Integer(
        "Clients in the Group",
        compute="_compute_candidates",
        compute_sudo=False,
        help="As many clients fit now; the group is fixed when the program starts.",
    )
    candidate_amount = fields.Monetary(
        "Their Sales before",
        compute="_compute_candidates",
        compute_sudo=False,
        help="What they bought in the days that the program is compared with.",
    )

    @api.constrains("domain", "owner_id")
    def _check_domain(self):
        """Literal conditions, on what both the writer and the responsible person may read."""
        self._check_owner()
        for program in self:
            for user in self.env.user | program.sudo().owner_id:
                program._get_clients_domain(user)

    def _get_clients_domain(self, user) -> Domain:
        """The conditions, as that user may ask them. :raise ValidationError: in words, if they do not fit"""
        self.ensure_one()
        partners = self.env["res.partner"].with_user(user).with_company(self.company_id)
        try:
            domain = Domain(parse_domain(self.domain))
            self._check_operators(domain)
            domain.validate(partners)
            partners.search(domain, limit=1)
        except AccessError:
            why = self.env._("%(user)s may not read all that it asks for", user=user.sudo().name)
        except ValidationError as error:
            raise error from None
        except Exception as error:
            why = str(error).rstrip(".")
        else:
            return domain
        raise ValidationError(
            self.env._("“%(name)s”, field “Clients”: %(why)s.", name=self.name, why=why)
        ) from None

    def _check_operators(self, domain) -> None:
        """:raise ValueError: for an operator that looks past the rights of who asks, also inside 'any'"""
        for condition in domain.iter_conditions():
            if condition.operator.endswith("!"):
                raise ValueError(
                    self.env._("the operator '%(operator)s' is not allowed", operator=condition.operator)
                )
            if condition.operator in ("any", "not any"):
                self._check_operators(Domain(condition.value))

    @api.depends(
        "domain", "class_a", "class_b", "class_c", "team_ids", "owner_id", "company_id", "date_from", "date_to",
        "baseline", "state",
    )  # fmt: skip
    def _compute_candidates(self):
        for program in self:
            program.candidate_count = program.candidate_amount = 0
            if program.state != "draft" or not (program.date_from and program.date_to and program.owner_id):
                continue
            if program.date_to < program.date_from:
                continue
            try:
                clients = program._find_clients()
            except (ValidationError, UserError):
                continue  # said when it is saved
            program.candidate_count = len(clients)
            program.candidate_amount = sum(client["base_amount"] for client in clients)

    def _find_clients(self, only=None) -> list[dict]:
        """Who fits, by the ledger and the rights of the responsible person: one search and one statement.

        :param only: partners to look at, whatever the conditions say
        :return: dicts of `partner_id`, `user_id`, `team_id`, `client_class`, `base_amount`
        """
        self.ensure_one()
        partners = self.env["res.partner"].with_user(self.owner_id).with_company(self.company_id)
        query = partners._search(
            Domain("id", "in", only.ids) if only is not None else self._get_clients_domain(self.owner_id)
        )
        start, stop = self._get_moments(*baseline(self.baseline, self.date_from, self.date_to))
        classes = [key for key, _label in CLASSES if self[f"class_{key}"]] if only is None else []
        teams = (self.team_ids._origin or self.team_ids).ids
        self.env["discipline.fact"].flush_model()
        self.env["crm.team.member"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH g AS (
                    SELECT c.id, %(seller)s AS seller_id, c.discipline_class ->> %(company)s AS class FROM res_partner c
                     WHERE c.id IN (SELECT commercial_partner_id FROM res_partner WHERE id IN %(found)s)
                       AND c.active AND (c.company_id IS NULL OR c.company_id = %(company)s::int4)
                       AND (%(all)s OR c.discipline_class ->> %(company)s = ANY(%(classes)s))
                       AND NOT EXISTS (SELECT 1 FROM res_company x WHERE x.partner_id = c.id)
                       AND NOT EXISTS (SELECT 1 FROM res_users x WHERE x.partner_id = c.id AND x.share IS NOT TRUE)
                ), t AS (
                    SELECT g.*, %(team)s AS team_id FROM g
                )
                SELECT t.id AS partner_id, t.seller_id AS user_id, t.team_id, t.class AS client_class,
                       COALESCE((SELECT SUM(f.amount) FROM discipline_fact f
                                  WHERE f.partner_id = t.id AND f.kind = 'order_confirmed' AND f.is_transfer IS NOT TRUE
                                    AND f.company_id = %(company)s::int4
                                    AND f.happened_at >= %(start)s AND f.happened_at < %(stop)s), 0)::float8 AS base_amount
                  FROM t WHERE (%(anybody)s OR t.team_id = ANY(%(teams)s)) ORDER BY t.id
                """,
                seller=partners._sql_seller("c", self.company_id.id),
                team=self.env["discipline.fact"]._sql_team_of(SQL("g.seller_id")),
                company=str(self.company_id.id),
                found=query.subselect(),
                all=not classes,
                classes=classes,
                anybody=not teams,
                teams=teams,
                start=start,
                stop=stop,
            )
        )
        return rows

    def _add_clients(self, clients: list[dict], moment, added: bool = False):
        """Put them in the group for good. :return: their rows"""
        self.ensure_one()
        rows = [
            {**client, "program_id": self.id, "added_at": moment, "is_added": added} for client in clients
        ]
        rows = self.env["discipline.program.client"].sudo()._store(rows)
        rows._refresh()
        return rows

    @for_readers
    def action_add_clients(self):
        """Ask whom to add to the group of a program that runs."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Clients"),
            "res_model": "discipline.program.add",
            "view_mode": "form",
            "target": "new",
            "context": {"default_program_id": self.id},
        }


class DisciplineProgramAdd(models.TransientModel):
    """Adds clients to the group of a program that has begun."""

    _name = "discipline.program.add"
    _description = "Add Clients to a Program"

    program_id = fields.Many2one("discipline.program", required=True, ondelete="cascade")
    partner_ids = fields.Many2many("res.partner", string="Clients", required=True)

    def action_apply(self):
        """:raise UserError: where nobody is new to the group, or somebody is not a client of the program's teams"""
        self.ensure_one()
        program = self.program_id
        program.check_access("write")
        program._check_whose()
        if program.state != "running":
            raise UserError(
                self.env._("Clients are added to a program that is running; a draft has its conditions.")
            )
        self.partner_ids.check_access("read")
        known = program.sudo().client_ids.partner_id
        wanted = self.partner_ids.commercial_partner_id - known
        if not wanted:
            raise UserError(self.env._("They are all in the group already."))
        clients = program._find_clients(only=wanted)
        if missing := wanted - wanted.browse([client["partner_id"] for client in clients]):
            raise UserError(
                self.env._(
                    "These cannot be added, they are no clients of the teams of the program: %(names)s",
                    names=", ".join(missing[:5].mapped("display_name")),
                )
            )
        program._add_clients(clients, fields.Datetime.now(), added=True)
        self.partner_ids = [Command.clear()]
        return {"type": "ir.actions.act_window_close"}
