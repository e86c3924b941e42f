from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .security_common import SecurityCase

PROTECTED_HEAD = """\
Fields of ours that only members of a group may read, search, group by or export.
"""
QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models", "odoo.sql_db")
READERS = ("anna", "lena", "paula")


@tagged("post_install", "-at_install")
@freeze_time(SecurityCase.NOW)
class TestSecurityFields(SecurityCase):
    """Below the rows: fields for some only, and paths that lead out of what one may read."""

    # ------------------------------------------------------------
    # Fields for some only
    # ------------------------------------------------------------

    def test_protected_fields(self):
        lines = [["", ["groups"]]]
        for name in sorted(self.registry):
            for field in self.env[name]._fields.values():
                ours = self.ADDONS.intersection(field._modules)
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
