from collections import defaultdict

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .security_common import OWNERS, ROLES, SecurityCase

HEAD = """\
Who may do what with whose rows, by access rights and record rules: r read, w write, c create, d delete. What is frozen,
confirmed or somebody else's to decide is refused on top of it, in words: see the tests of each.
A model that is not in here fails TestSecurityMatrix; DISCIPLINE_MATRIX=write makes this file anew. Look at what changed.

anna    a salesperson of team North
lena    the leader of North; luis leads the other team, South
mark    manager of the discipline: all teams of the company
paula   payroll officer, without rights in CRM
olga    manager of the discipline in another company
ivan    an internal user without any group of ours; hanna is the head of HR, ada of accounting, sid has the settings
portal  a client's login; public is nobody's
admin   all groups, all companies

Rows are those of anna, boris (also in North), carla (South), lena and olga; "all" are the rows of all five.
"""


@tagged("post_install", "-at_install")
@freeze_time(SecurityCase.NOW)
class TestSecurityMatrix(SecurityCase):
    """Each role at each model: what rights and rules say is what is written down, and no road leads around them."""

    def test_rights(self):
        self._assert_written("security_matrix.txt", self._render(self._get_rights()))

    def test_every_report_has_rows(self):
        """A report without a row of somebody's proves nothing: let ROWS make what it is made of."""
        for name in self._own_models(reports=True):
            with self.subTest(name):
                self.assertEqual({owner for owner, _variant in self.rows[name]}, set(OWNERS))

    # ------------------------------------------------------------
    # What the rights are
    # ------------------------------------------------------------

    def _get_rights(self):
        """`{(model, owner, variant): [letters of a role, ...]}`"""
        rights = defaultdict(list)
        for name, rows in self.rows.items():
            for role in ROLES:
                everything = self._all_rows(name).with_user(getattr(self, role))
                allowed = {
                    letter: set(everything._filtered_access(operation)._ids)
                    for letter, operation in zip("rwcd", ("read", "write", "create", "unlink"), strict=True)
                }
                for key, row in rows.items():
                    letters = "".join(letter for letter, ids in allowed.items() if row.id in ids)
                    rights[(name, *key)].append(letters or ".")
        return rights

    def _render(self, rights):
        """The table as text: a line for the rows of a model that are treated alike."""
        models = defaultdict(lambda: defaultdict(list))
        for (name, owner, variant), letters in sorted(rights.items()):
            models[name][tuple(letters)].append((owner, variant))
        lines = [("", "", ROLES)]
        for name, groups in models.items():
            whole = {key for keys in groups.values() for key in keys}
            label = name
            for letters, keys in sorted(groups.items(), key=lambda group: group[1]):
                lines.append((label, self._get_label(keys, whole), letters))
                label = ""
        return self._render_table(HEAD, lines)

    def _get_label(self, keys, whole):
        """Whose rows these are, in short."""
        if set(keys) == whole:
            return "all"
        texts = []
        for owner in OWNERS:
            mine = [variant for name, variant in keys if name == owner]
            if len(mine) == sum(name == owner for name, _variant in whole):
                texts.append(owner)
            elif mine:
                texts.extend(f"{owner}({variant or 'first'})" for variant in mine)
        return " ".join(texts)

    # ------------------------------------------------------------
    # No road around them
    # ------------------------------------------------------------

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models")
    def test_roads(self):
        """Every way of reading gives exactly the rows that may be read, of the others not even the number."""
        self._shorten_refusals()
        for name in self.rows:
            rows = self._all_rows(name)
            for role in ROLES:
                allowed = rows.with_user(getattr(self, role))._filtered_access("read")
                for road, reach in self._get_roads(rows.with_user(getattr(self, role))).items():
                    with self.subTest(f"{name}: {road} by {role}"):
                        self._assert_reached(reach, allowed, rows)

    def _assert_reached(self, reach, allowed, rows):
        try:
            found = reach()
        except AccessError:
            found = None
        if found is None:  # the model is closed, or it is a road to records that says so
            self.assertFalse(allowed)
        elif isinstance(found, int):
            self.assertEqual(found, len(allowed))
        else:
            self.assertEqual(set(found), set(allowed.ids))

    def _get_roads(self, rows):
        """`{road: function that gives ids, or how many}` from these rows as their user"""
        model, domain = rows.browse(), [("id", "in", rows.ids)]
        first = next(
            name for name, field in model._fields.items() if field.type == "many2one" and field.store
        )
        spec = {"display_name": {}}
        return {
            "search": lambda: model.search(domain).ids,
            "search_read": lambda: [row["id"] for row in model.search_read(domain, ["display_name"])],
            "search_count": lambda: model.search_count(domain),
            "name_search": lambda: [row[0] for row in model.name_search("", domain, limit=None)],
            "web_name_search": lambda: [
                row["id"] for row in model.web_name_search("", spec, domain, limit=None)
            ],
            "web_search_read": lambda: [row["id"] for row in model.web_search_read(domain, spec)["records"]],
            "group": lambda: model.formatted_read_group(domain, [], ["__count"])[0]["__count"],
            "groups": lambda: sum(
                group["__count"] for group in model.formatted_read_group(domain, [first], ["__count"])
            ),
            "web_read_group": lambda: sum(
                group["__count"] for group in model.web_read_group(domain, [first], ["__count"])["groups"]
            ),
            "read": lambda: self._reach_each(rows, lambda some: [row["id"] for row in some.read()]),
            "web_read": lambda: self._reach_each(
                rows, lambda some: [row["id"] for row in some.web_read(spec)]
            ),
            "export": lambda: self._reach_each(rows, self._export),
        }

    def _export(self, rows):
        return [row[0] for row in rows.export_data([".id", "display_name"])["datas"]]

    def _reach_each(self, rows, take):
        """Ids of the rows that can be taken: those allowed at once, the first and the last of the others alone."""
        allowed = rows._filtered_access("read")
        refused = rows - allowed
        found = []
        for some in filter(None, (allowed, refused[:1], refused[-1:])):
            try:
                found += take(some)
            except UserError:  # AccessError is one; the export has another for who may not export at all
                continue
        return map(int, found)
