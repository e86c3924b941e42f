import inspect
import json
import logging
import re

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.sql_db import Cursor
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .security_calls import CALLS
from .security_common import CALLERS, OWNERS, SecurityCase
from .security_rows import ROWS

_logger = logging.getLogger(__name__)

HEAD = """\
What each public method of ours does for whom, called with the rows of anna, boris, carla, lena and olga, a letter each:
    .  refused, the row is not theirs to read      x  refused in words, though they may read the row
    o  answers, or opens something                 W  changes something           -  not tried: as anna's
Of what is being typed (an adjustment, an excuse ...) the rows are the user's own, about what belongs to those people.
A single letter: the method takes no row, or the model is closed to them. A method that is not in here fails
TestSecurityMethods; DISCIPLINE_MATRIX=write makes this file anew. Look at what changed. Who is who: security_matrix.txt.
"""
CRUD = {"create", "write", "unlink", "copy_data", "web_read"}  # those are TestSecurityMatrix's
CRUD |= {"init"}  # private in Odoo
# to whom the teams of the company are one
TRIED = dict.fromkeys(("mark", "paula", "olga", "admin"), ("anna", "olga"))
TRIED["luis"] = ("anna", "carla", "olga")
CHANGES = re.compile(r'(?:INSERT INTO|DELETE FROM|(?<!FOR )(?<!KEY )UPDATE)\s+"?(?!bus_bus)(\w+)')


@tagged("post_install", "-at_install")
@freeze_time(SecurityCase.NOW)
class TestSecurityMethods(SecurityCase):
    """Every public method, as a remote call reaches it, by every role at everybody's rows."""

    @mute_logger(
        "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models", "odoo.sql_db"
    )
    def test_methods(self):
        self._shorten_refusals()
        self._watch_changes()
        self.typed = {}
        lines = [["", CALLERS]]
        for name, method in self._get_methods():
            lines.append([f"{name}.{method}", [self._get_cell(name, method, role) for role in CALLERS]])
        self._assert_written("security_methods.txt", self._render_table(HEAD, lines))

    def _get_methods(self):
        """`(model, method)` of all that our addons define and that a remote call can reach."""
        for name in sorted(self.registry):
            ours, others = set(), set()
            for cls in type(self.env[name]).mro():
                mine = cls.__module__.split(".")[2:3] == [*self.ADDONS]
                (ours if mine else others).update(key for key, value in vars(cls).items() if callable(value))
            found = ours - CRUD if name.startswith("discipline.") else ours - others
            for method in sorted(found):
                function = getattr(type(self.env[name]), method)
                private = method.startswith("_") or getattr(function, "_api_private", False)
                if not private and inspect.isfunction(function):
                    takes_rows = not getattr(function, "_api_model", False)
                    if not (takes_rows and self.env[name]._abstract):  # those are the heirs'
                        yield name, method

    def _get_cell(self, name, method, role):
        """The letters of a method and a role, for the rows of each owner."""
        model, tried = self.env[name].with_user(getattr(self, role)), TRIED.get(role, OWNERS)
        if getattr(getattr(type(model), method), "_api_model", False):
            if (name, method) not in CALLS:
                return self._call(model, method, None)
            return "".join(self._call(model, method, owner) if owner in tried else "-" for owner in OWNERS)
        ids = {owner: self._get_id(model, role, owner) for owner in OWNERS}
        readable = self._get_readable(model, ids.values())
        if not model.has_access("read"):
            return self._call(model, method, OWNERS[0], ids, readable)
        return "".join(
            self._call(model, method, owner, ids, readable) if owner in tried else "-" for owner in OWNERS
        )

    def _get_id(self, model, role, owner):
        """A row of that owner's; what is being typed is the user's own, over what is that owner's."""
        if model._name in self.owners[owner]:
            return self.owners[owner][model._name]
        if not model._transient:
            return self.rows[model._name][owner, ""].id
        key = (model._name, role, owner)
        if key not in self.typed:
            values = ROWS.get(model._name, {"": {}})[""]
            self.typed[key] = self._insert(
                self.env[model._name], owner, {**values, "create_uid": model.env.uid}
            )
        return self.typed[key]

    def _call(self, model, method, owner, ids=None, readable=()):
        """The letter of a call, after which everything is as before. What it says has to be theirs to know."""
        args = [[ids[owner]]] if ids else []
        if owner:
            args += CALLS.get((model._name, method), lambda *_all: [])(self, owner)
        allowed = not ids or ids[owner] in readable
        letter, result = "o", None
        self._begin_request(changed=bool(self.changed))
        self.changed.clear()
        with self.env.cr.savepoint(flush=False) as savepoint:
            try:
                result = call_kw(model, method, args, {})
                self.env.flush_all()
                letter = "W" if self.changed else letter
            except UserError as error:
                letter, result = "x" if allowed else ".", str(error)  # a refusal tells nothing either
            except (
                Exception
            ):  # as bad as an answer: it came so far, and it is a screen full of code for somebody
                letter = "!"
                _logger.exception("%s.%s of %s by %s", model._name, method, owner, model.env.user.login)
            self._begin_request(changed=bool(self.changed))
            savepoint.rollback()
        with self.subTest(f"{model._name}.{method} of {owner} by {model.env.user.login}"):
            self.assertTrue(letter in ".x" or letter in "oW" and allowed, f"{letter}: {self.changed}")
            self._assert_theirs(model.env.user, json.dumps(result, default=str))
        return letter

    def _watch_changes(self):
        """Note the tables that are changed from now on, but for those of what is thrown away anyway."""
        self.changed = set()
        passing = {model._table for model in map(self.env.__getitem__, self.registry) if model._transient}
        execute = Cursor.execute

        def watch(cursor, query, *args, **kwargs):
            result = execute(cursor, query, *args, **kwargs)
            if cursor.rowcount > 0:
                text = query.code if isinstance(query, SQL) else str(query)
                self.changed.update(table for table in CHANGES.findall(text) if table not in passing)
            return result

        self.patch(Cursor, "execute", watch)
