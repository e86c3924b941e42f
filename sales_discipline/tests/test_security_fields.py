from datetime import timedelta

from psycopg2 import Error

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .security_common import OWNERS, SecurityCase

HEAD = """\
What an administrator with all groups can change by hand in rows as they are once they count: a frozen scorecard, a
confirmed statement, a running plan. Everything is tried, by a call with a forged context: each stored field, a copy, a
deletion. A model that is not in here fails TestSecurityFields; DISCIPLINE_MATRIX=write makes this file anew.
"""
PROTECTED_HEAD = """\
Fields of ours that only members of a group may read, search, group by or export.
"""
FORGED = {
    "discipline_engine": True,
    "discipline_history": True,
    "default_points": 100,
    "install_mode": True,
    "import_file": True,
    "active_test": False,
    "bin_size": True,
}
QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models", "odoo.sql_db")
READERS = ("anna", "lena", "paula")


@tagged("post_install", "-at_install")
@freeze_time(SecurityCase.NOW)
class TestSecurityFields(SecurityCase):
    """Below the rows: fields for some only, paths that lead out of what one may read, and what nobody changes."""

    # ------------------------------------------------------------
    # Fields for some only
    # ------------------------------------------------------------

    def test_protected_fields(self):
        lines = [["", ["groups"]]]
        for name in sorted(self.registry):
            for field in self.env[name]._fields.values():
                ours = "sales_discipline" in field._modules
                if ours and field.groups and not self.env[name]._abstract:
                    lines.append([str(field), [field.groups]])
        self._assert_written("security_fields.txt", self._render_table(PROTECTED_HEAD, lines))

    @mute_logger(*QUIET)
    def test_paths(self):
        """From a row that one may read no path leads to a field, or to a row, that one may not."""
        self._shorten_refusals()
        for employee in self.env["hr.employee"].search(
            [("company_id", "in", (self.company + self.outside).ids)]
        ):
            employee.wage = 4711.25
        seen, self.hidden = set(), {}
        for role in READERS:
            for name in self.rows:
                model = self.env[name].with_user(getattr(self, role))
                if not model.has_access("read") or not model.search([("id", "in", self._all_rows(name).ids)]):
                    continue
                fields = [field for field in model._fields.values() if field.relational and field.store]
                fields = [field for field in fields if model._has_field_access(field, "read")]
                for field in fields:
                    self._assert_no_way_to_rows(model, field)
                for field in {field.comodel_name: field for field in fields}.values():
                    key = (role, field.comodel_name)
                    if key not in seen or field.comodel_name == "hr.employee":  # where the wages are
                        self._assert_no_way_to_fields(model, field)
                    seen.add(key)

    def _assert_no_way_to_fields(self, model, field):
        """What is protected over there is neither read nor searched nor grouped nor exported from here."""
        there = model.env[field.comodel_name]
        closed = [other for other in there._fields.values() if not there._has_field_access(other, "read")]
        closed = [other for other in closed if other.store or other.inherited]
        closed.sort(key=lambda other: other.name != "wage")
        rows = model.browse(self._all_rows(model._name)._ids)._filtered_access("read")
        for other in closed[:1]:
            path = f"{field.name}.{other.name}"
            roads = {
                "domain": lambda path=path: model.search([(path, "!=", False)]),
                "any": lambda other=other: model.search([(field.name, "any", [(other.name, "!=", False)])]),
                "any!": lambda other=other: model.search([(field.name, "any!", [(other.name, "!=", False)])]),
                "group": lambda path=path: model.formatted_read_group([], [path], ["__count"]),
                "order": lambda path=path: model.search([], order=path),
            }
            if (
                other.type == "many2many"
            ):  # Odoo groups by those whom one may read anyway, and does not ask for more
                del roads["group"]
            for road, take in roads.items():
                with self.subTest(f"{path} of {model._name} by {model.env.user.login}: {road}"):
                    self.assertTrue(self._is_refused(take), "answered")
            values = (
                lambda path=path: rows.export_data([path.replace(".", "/")]),
                lambda other=other: rows.web_read({field.name: {"fields": {other.name: {}}}}),
            )
            for take in values:
                try:
                    found = str(take())
                except (UserError, ValueError, KeyError):
                    continue
                self.assertNotIn("4711", found, path)

    def _is_refused(self, take):
        try:
            take()
        except (UserError, ValueError, KeyError):
            return True
        return False

    def _assert_no_way_to_rows(self, model, field):
        """A condition on rows that one may not read is true of nothing, so that nothing is learned by asking."""
        if field.comodel_name not in self.rows:
            return
        key = (model.env.uid, field.comodel_name)
        if key not in self.hidden:
            theirs = self._all_rows(field.comodel_name).with_user(model.env.user)
            self.hidden[key] = theirs - theirs._filtered_access("read")
        with self.subTest(f"{field.name} of {model._name} by {model.env.user.login}"):
            try:
                self.assertFalse(model.search([(field.name, "any", [("id", "in", self.hidden[key].ids)])]))
            except UserError:  # the model over there is closed
                return

    # ------------------------------------------------------------
    # What nobody changes
    # ------------------------------------------------------------

    @mute_logger(*QUIET)
    def test_forging(self):
        lines = [["", "copy", "delete", ["fields"]]]
        for name in sorted(self.rows):
            row = self.rows[name]["anna", ""]
            if row._auto and not row._transient and not row._table_query:
                lines.append([name, *self._forge(row.with_user(self.admin).with_context(**FORGED))])
        self._assert_written("security_forging.txt", self._render_table(HEAD, lines))

    def _forge(self, row):
        """What of all attempts went through: `[copy, delete, [names of fields]]`"""
        copied = "yes" if self._goes(lambda: row.copy()) else "."
        deleted = "yes" if self._goes(lambda: row.unlink()) else "."
        technical = {
            "id",
            "create_uid",
            "create_date",
            "write_uid",
            "write_date",
            "message_main_attachment_id",
        }
        changed = []
        for name, field in sorted(row._fields.items()):
            if (
                field.store
                and field.column_type
                and "sales_discipline" in field._modules
                and name not in technical
            ):
                value = self._get_other(row, field)
                if value is not None and self._goes(lambda name=name, value=value: row.write({name: value})):
                    changed.append(name)
        return [copied, deleted, [" ".join(changed) or "."]]

    def _get_other(self, row, field):
        """A value that the row has not."""
        value = row.sudo()[field.name]
        if field.type == "many2one":
            rows = self.rows.get(field.comodel_name, {})
            ids = [
                self.owners[owner].get(field.comodel_name) or rows.get((owner, ""), value).id
                for owner in OWNERS
            ]
            return next((id_ for id_ in ids if id_ and id_ != value.id), None)
        if field.type == "selection":
            return next((key for key in field.get_values(self.env) if key != value), None)
        if field.type in ("date", "datetime"):
            return value + timedelta(days=1) if value else self.TODAY
        others = {
            "boolean": not value,
            "json": {"forged": 1},
            **dict.fromkeys(("char", "text", "html"), "Forged"),
            **dict.fromkeys(("integer", "float", "monetary", "many2one_reference"), 7),
        }
        return others.get(field.type)

    def _goes(self, change):
        """Whether an attempt changes the database. Afterwards it has not."""
        with self.env.cr.savepoint(flush=False) as savepoint:
            self.env.transaction.clear()
            try:
                change()
                self.env.flush_all()
                return True
            except (UserError, ValueError, Error):
                return False
            finally:
                self.env.transaction.clear()
                savepoint.rollback()
