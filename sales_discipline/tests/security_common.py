"""A row of every table for five people, made from the registry: what the tests of security look at."""

import difflib
import os
import re
from pathlib import Path

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .common import DisciplineCase
from .security_rows import ROWS

# who looks: the cast of DisciplineCase, and people who have nothing to look for here
ROLES = "anna lena luis mark paula olga ivan hanna ada sid portal public admin".split()
CALLERS = [
    role for role in ROLES if role not in ("hanna", "ada", "sid")
]  # to the slower tests these are like ivan
# whose rows there are: a salesperson, one of the same team, one of another, their leader, one of another company
OWNERS = ("anna", "boris", "carla", "lena", "olga")
# of whom somebody may know everything that is said of a person
KNOWN = {
    "anna": "anna",
    "lena": "anna boris lena",
    "luis": "carla",
    "mark": "anna boris carla lena",
    "paula": "anna boris carla lena",
    "olga": "olga",
    "admin": "anna boris carla lena olga",
}
# what a request reads of itself, and in which nobody has a row: looked up once for all requests of a test
PLAIN = {"res.users", "res.groups", "res.groups.privilege", "res.company", "res.lang", "res.currency"}
PLAIN |= {"ir.rule", "ir.model", "ir.model.access", "ir.model.data", "ir.default", "ir.embedded.actions"}
PLAIN |= {"ir.actions.act_window", "ir.actions.act_window.view", "ir.actions.client"}


class SecurityCase(DisciplineCase):
    """Rows are inserted by SQL, a set for each of OWNERS, so that no table and no field of it is left out.

    More people than DisciplineCase has:
        ivan    an internal user without any group of ours
        hanna   head of HR
        ada     accounting manager
        sid     administrator of the settings, without groups of ours
        public  somebody who is not logged in
        admin   all groups, all companies
    """

    ADDONS = frozenset({"sales_discipline"})  # whose fields, methods and addresses are tried
    FOLDER = Path(__file__).parent  # where it is written what to expect

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ivan = cls._make_user("ivan", "base.group_user", "UTC")
        cls.hanna = cls._make_user("hanna", "hr.group_hr_manager", "UTC")
        cls.ada = cls._make_user("ada", "account.group_account_manager", "UTC")
        cls.sid = cls._make_user("sid", "base.group_system", "UTC")
        cls.public = cls.env.ref("base.public_user")
        cls.admin = cls.env.ref("base.user_admin")
        cls.admin.write({"company_ids": [Command.link(cls.company.id), Command.link(cls.outside.id)]})
        cls.admin.company_id = cls.company
        internal = [getattr(cls, role) for role in ROLES if role not in ("portal", "public")]
        for user in internal:  # Odoo's own lock on exports is not what keeps anybody out
            user.group_ids = [Command.link(cls.env.ref("base.group_allow_export").id)]
        cls.elsewhere = cls._make_team("Elsewhere", cls.olga, cls.olga)
        cls.owners = {owner: cls._make_owner(owner) for owner in OWNERS}
        cls.rows = {}
        cls.env.flush_all()
        for name in cls._own_models():
            cls._make_rows(name)
        cls.env.invalidate_all()
        for name in cls._own_models(reports=True):
            cls._find_rows(name)

    # ------------------------------------------------------------
    # Which models
    # ------------------------------------------------------------

    @classmethod
    def _own_models(cls, reports=False):
        """Names of our models with a table, or those of our reports in SQL."""
        names = sorted(name for name in cls.registry if name.startswith("discipline."))
        models = [cls.env[name] for name in names]
        models = [
            model for model in models if not model._abstract and model._original_module == "sales_discipline"
        ]
        return [model._name for model in models if cls._is_report(model) == reports]

    @classmethod
    def _is_report(cls, model):
        return not model._auto or bool(model._table_query)

    # ------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------

    @classmethod
    def _make_owner(cls, owner):
        """Documents of theirs, and what a column that points at such a thing holds: `{model: id}`."""
        user, employee = getattr(cls, owner), getattr(cls, f"e_{owner}")
        team = {"carla": cls.south, "olga": cls.elsewhere}.get(owner, cls.north)
        name = f"Lead-of-{owner}"
        partner = cls.env["res.partner"].create(
            {"name": name, "is_company": True, "user_id": user.id, "company_id": user.company_id.id}
        )
        lead = cls._make_lead(user, name=name, partner_id=partner.id, team_id=team.id)
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "user_id": user.id,
                "team_id": team.id,
                "company_id": user.company_id.id,
            }
        )
        plan = cls.env["mail.activity.plan"].create(
            {"name": name, "res_model": "crm.lead", "company_id": user.company_id.id}
        )
        account = cls.env["account.account"].create(
            {"name": name, "code": f"99{user.id}", "company_ids": [Command.set(user.company_id.ids)]}
        )
        records = (user, employee, team, user.company_id, partner, lead, order, plan, account)
        ids = {record._name: record.id for record in records}
        ids["res.currency"] = user.company_id.currency_id.id
        ids["ir.model"] = cls.env["ir.model"]._get_id("crm.lead")
        return ids

    @classmethod
    def secret(cls, owner, model=None):
        """A text that is in everything of theirs; in what is their company's, one that colleagues may read."""
        return f"{'Secret' if model is None or cls._is_personal(model) else 'Rule'}-of-{owner}"

    @classmethod
    def number(cls, owner, model=None):
        """A number that is in everything of theirs, likewise."""
        base = 50 if model is None or cls._is_personal(model) else 70
        return round(base + 1.37 * (OWNERS.index(owner) + 1), 2)

    @classmethod
    def _is_personal(cls, model):
        """Whether a model says whose its rows are."""
        people = ("hr.employee", "res.users", "crm.team", "res.partner", "crm.lead", "sale.order")
        return any(
            field.comodel_name in people or cls._is_personal(cls.env[field.comodel_name])
            for name, field in model._fields.items()
            if field.type == "many2one" and field.store and not name.endswith(("_uid", "_by_id"))
            if field.comodel_name in people or field.comodel_name.startswith("discipline.")
            if field.comodel_name != model._name
        )

    @classmethod
    def _make_rows(cls, name, path=()):
        """Insert what ROWS says of this model for each of OWNERS, after the rows that its columns point at."""
        if name in cls.rows or name in path:
            return
        model = cls.env[name]
        for field in model._fields.values():
            if field.relational and field.type != "one2many" and field.comodel_name.startswith("discipline."):
                cls._make_rows(field.comodel_name, (*path, name))
        cls.rows[name] = {
            (owner, variant): model.browse(cls._insert(model, owner, values))
            for owner in OWNERS
            for variant, values in ROWS.get(name, {"": {}}).items()
        }

    @classmethod
    def _insert(cls, model, owner, values):
        stamps = ("create_uid", "create_date", "write_uid", "write_date")
        row = {}
        for name, field in model._fields.items():
            if (
                field.store
                and field.column_type
                and name != "id"
                and (model._log_access or name not in stamps)
            ):
                value = values[name] if name in values else cls._get_value(model, field, owner)
                value = value(cls, owner) if callable(value) else value
                row[name] = None if value is None else field.convert_to_column_insert(value, model)
        row = {name: value for name, value in row.items() if value is not None}
        columns = SQL(", ").join(map(SQL.identifier, row))
        [[new]] = cls.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(model._table),
                columns,
                tuple(row.values()),
            )
        )
        for field in model._fields.values():
            other = field.type == "many2many" and field.store and cls._get_linked(field, owner)
            if other:
                relation, columns = SQL.identifier(field.relation), (field.column1, field.column2)
                columns = SQL(", ").join(map(SQL.identifier, columns))
                cls.env.cr.execute(SQL("INSERT INTO %s (%s) VALUES %s", relation, columns, (new, other)))
        return new

    @classmethod
    def _get_value(cls, model, field, owner):
        """What a column holds unless ROWS says more: something of the owner's, of the type that fits."""
        if field.type == "many2one":
            return cls._get_pointed(field, owner)
        if field.type == "selection" and (field.required or "sales_discipline" in field._modules):
            return next(iter(field.get_values(cls.env)), None)
        kinds = {
            "char": {"res_model": "crm.lead", "tz": "UTC"}.get(field.name, cls.secret(owner, model)),
            "text": cls.secret(owner, model),
            "html": cls.secret(owner, model),
            "date": cls.TODAY,
            "datetime": cls.NOW,
            "float": cls.number(owner, model),
            "monetary": cls.number(owner, model),
            "integer": 1,
            "many2one_reference": cls.owners[owner]["crm.lead"],
            "boolean": True if field.name == "active" else None,
        }
        return kinds.get(field.type)

    @classmethod
    def _get_pointed(cls, field, owner):
        ids = cls.owners[owner]
        if field.comodel_name in ids:
            return ids[field.comodel_name]
        if field.comodel_name in cls.rows:
            return cls.rows[field.comodel_name][owner, ""].id
        if field.required:
            return cls.env[field.comodel_name].search([], limit=1).id
        return None

    @classmethod
    def _get_linked(cls, field, owner):
        """What is in a list of records: the team, and what has to be in it."""
        if field.comodel_name == "crm.team":
            return cls.owners[owner]["crm.team"]
        if field.required and field.comodel_name in cls.rows:
            return cls.rows[field.comodel_name][owner, ""].id
        return None

    @classmethod
    def _find_rows(cls, name):
        """The rows of a report: whose they are is said by the first field that points at something of one owner."""
        model = cls.env[name].sudo().with_context(active_test=False)
        fields = [field for field in model._fields.values() if field.type == "many2one" and field.store]
        comodels = [
            "hr.employee",
            "res.users",
            "crm.lead",
            "res.partner",
            "discipline.scorecard",
            "discipline.fact",
        ]
        comodels += ["crm.team", "res.company"]
        fields.sort(
            key=lambda field: comodels.index(field.comodel_name) if field.comodel_name in comodels else 99
        )
        rows = {owner: model.browse() for owner in OWNERS}
        for row in model.search([]):
            owner = next(filter(None, (cls._find_owner(row[field.name]) for field in fields)), None)
            if owner:
                rows[owner] += row
        cls.rows[name] = {
            (owner, str(number or "")): row.with_env(cls.env)
            for owner in OWNERS
            for number, row in enumerate(rows[owner])
        }

    @classmethod
    def _find_owner(cls, record):
        """Who alone this record belongs to."""
        owners = {owner for (owner, _variant), row in cls.rows.get(record._name, {}).items() if row == record}
        owners |= {owner for owner in OWNERS if record and record.id == cls.owners[owner].get(record._name)}
        return owners.pop() if len(owners) == 1 else None

    # ------------------------------------------------------------
    # Looking
    # ------------------------------------------------------------

    @classmethod
    def _all_rows(cls, name):
        """Everybody's rows of a model."""
        return cls.env[name].browse([row.id for row in cls.rows[name].values()])

    def _begin_request(self, changed=False):
        """As a request begins: what is in the cache of records is not checked again.

        :param changed: whether the request before changed, and undid, something
        """
        transaction = self.env.transaction
        plain = {}
        if not changed and not transaction.field_dirty and not transaction.tocompute:
            plain = {
                field: data for field, data in transaction.field_data.items() if field.model_name in PLAIN
            }
        transaction.clear()
        transaction.field_data.update(plain)

    def _get_readable(self, model, ids):
        """Those of the ids that the model's user may read, looked up once."""
        key = (model._name, model.env.uid)
        known = self.__dict__.setdefault("readable", {})
        if key not in known or not known[key][0].issuperset(ids):
            known[key] = (set(ids), set(model.browse(ids)._filtered_access("read")._ids))
        return known[key][1].intersection(ids)

    def _shorten_refusals(self):
        """The words of Odoo's refusals cost more than all the rest of these tests."""
        for model in ("ir.rule", "ir.model.access"):
            self.patch(self.registry[model], "_make_access_error", lambda *_args: AccessError("refused"))

    def _assert_theirs(self, user, text):
        """Nothing in a text that a user gets is of people whose rows are not theirs to read."""
        role = next(role for role in ROLES if getattr(self, role) == user)
        for owner in set(OWNERS) - set(KNOWN.get(role, "").split()):
            for secret in (self.secret(owner), str(self.number(owner))):
                self.assertNotIn(secret, text, f"{role} knows of {owner}")
        for owner in OWNERS:
            if (owner == "olga") != (role == "olga") and role != "admin":
                self.assertNotIn(f"Rule-of-{owner}", text, f"{role} knows of another company")

    def _assert_written(self, file, text):
        """What is found is what is written in that file of expectations, which DISCIPLINE_MATRIX=write makes anew."""
        path = self.FOLDER / file
        if os.environ.get("DISCIPLINE_MATRIX") == "write":
            path.write_text(text)
        known = path.read_text().splitlines()
        changes = difflib.unified_diff(known, text.splitlines(), "as it was", "as it is", lineterm="", n=0)
        if lines := list(changes):
            self.fail(
                f"{file} says otherwise. If this is right, DISCIPLINE_MATRIX=write ./dev test :{type(self).__name__}"
                f" writes it down.\n" + "\n".join(re.sub(" {3,}", "  ", line) for line in lines)
            )

    def _render_table(self, head, lines):
        """A head in words, and a table: `lines` are lists of texts, the last of each a list of cells."""
        widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]) - 1)]
        width = max(len(cell) for *_texts, cells in lines for cell in cells) + 1
        table = [
            "  ".join(f"{text:{size}}" for text, size in zip(texts, widths, strict=True))
            + "  "
            + "".join(f"{cell:{width}}" for cell in cells)
            for *texts, cells in lines
        ]
        return head + "\n" + "\n".join(line.rstrip() for line in table) + "\n"
