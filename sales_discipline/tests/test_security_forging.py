import math
from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from functools import partial

from psycopg2 import Error, IntegrityError

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .security_common import OWNERS, SecurityCase

HEAD = """\
What an administrator with all groups can change by hand in rows as they are once they count: a frozen scorecard, a
confirmed statement, a running plan. Everything is tried, by a call with a forged context: each stored field, a copy, a
deletion, and where there can be copies: new rows that hold from the start, by a value or a default, what no row takes
later ("born with"). A model that is not in here fails TestSecurityForging; DISCIPLINE_MATRIX=write makes this file anew.
"""
WRITES_HEAD = """\
Which fields of a row each of these people can change, of their own row and of somebody else's: the first that they may
write at all. Every stored field is tried, rows as they are once they count. Who is who: security_matrix.txt. A field that
is not in here fails TestSecurityForging; DISCIPLINE_MATRIX=write makes this file anew. Look at what changed.
"""
FORGED = {
    "discipline_engine": True,
    "discipline_history": True,
    "discipline_moving": True,
    "discipline_pay": True,
    "default_points": 100,
    "install_mode": True,
    "import_file": True,
    "active_test": False,
    "bin_size": True,
}
QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models", "odoo.sql_db")
TECHNICAL = {"id", "create_uid", "create_date", "write_uid", "write_date", "message_main_attachment_id"}
# states in which rows count, where the first one is only a draft
COUNTING = {
    "discipline.program": "running",
    "discipline.task": "approved",
    "discipline.forecast": "closed",
}
WRITERS = ("anna", "lena", "mark", "paula")


@tagged("post_install", "-at_install")
@freeze_time(SecurityCase.NOW)
class TestSecurityForging(SecurityCase):
    """What nobody changes, and who changes which field of what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, state in COUNTING.items():
            cls.env.cr.execute(SQL("UPDATE %s SET state = %s", SQL.identifier(cls.env[name]._table), state))
        cls.env.invalidate_all()

    @mute_logger(*QUIET)
    def test_forging(self):
        self._shorten_refusals()
        lines = [["", "copy", "delete", "born with", ["fields"]]]
        for name in self._get_tables():
            row = self.rows[name]["anna", ""]
            lines.append([name, *self._forge(row.with_user(self.admin).with_context(**FORGED))])
        self._assert_written("security_forging.txt", self._render_table(HEAD, lines))

    @mute_logger(*QUIET)
    def test_writes(self):
        self._shorten_refusals()
        lines = [["", "by", "of", ["fields"]]]
        for name in self._get_tables():
            for role in WRITERS:
                lines += self._get_written(name, role)
        self._assert_written("security_writes.txt", self._render_table(WRITES_HEAD, lines))

    @mute_logger(*QUIET)
    def test_imports_and_onchanges(self):
        """A row that cannot be written cannot be imported either, and what is typed changes nothing."""
        for name in self._get_tables():
            row = self.rows[name]["anna", ""].with_user(self.admin).with_context(**FORGED)
            values = {field.name: self._get_other(row, field) for field in self._get_fields(row)}
            kept = [
                field.name
                for field in self._get_fields(row)
                if values[field.name] is not None
                and field.type in ("char", "integer", "float", "date", "datetime")
                and not self._changes(row, field, values[field.name])
            ]
            for field in kept[:2]:
                with self.subTest(f"{name}.{field}"):
                    self.assertFalse(self._goes(partial(self._import, row, field, values[field])))
            with self.subTest(name):
                self._assert_typing_changes_nothing(row, values)

    @mute_logger(*QUIET)
    def test_numbers(self):
        """What is no number, infinite or endless is refused in words, in new rows as in old ones, or not looked at."""
        for name in [*self._get_tables(), *self._get_windows()]:
            model = self.env[name].with_user(self.admin)
            rows = {variant: row for (owner, variant), row in self.rows[name].items() if owner == "anna"}
            base = next(iter(rows.values())).sudo().copy_data()[0]
            for field in self._get_fields(model):
                if field.type not in ("float", "monetary"):
                    continue
                for number in (math.nan, math.inf, -math.inf, 1e308):
                    attempts = [
                        partial(row.with_user(self.admin).write, {field.name: number})
                        for row in rows.values()
                    ]
                    attempts.append(partial(model.create, {**base, field.name: number}))
                    for attempt in attempts:
                        with self.subTest(f"{field} {number}"):
                            self.assertFalse(self._is_stored(model, field, attempt))

    def _get_windows(self):
        return [name for name in sorted(self.rows) if self.env[name]._transient]

    def _is_stored(self, model, field, attempt):
        """Whether a number beyond all bounds has come into the table; anything but a refusal in words is an error."""
        with self.env.cr.savepoint(flush=False) as savepoint:
            self._begin_request(changed=True)
            try:
                attempt()
                self.env.flush_all()
                [[found]] = self.env.execute_query(
                    SQL(
                        "SELECT COUNT(*) FROM %s WHERE %s = 'NaN' OR %s > 1e300 OR %s < -1e300",
                        SQL.identifier(model._table),
                        *[SQL.identifier(field.name)] * 3,
                    )
                )
                return bool(found)
            except (UserError, IntegrityError):  # what the database does not take has words of its own
                return False
            finally:
                self._begin_request(changed=True)
                savepoint.rollback()

    # ------------------------------------------------------------
    # Attempts
    # ------------------------------------------------------------

    def _get_tables(self):
        for name in sorted(self.rows):
            row = self.rows[name]["anna", ""]
            if row._auto and not row._transient and not row._table_query:
                yield name

    def _get_fields(self, row):
        """What of a row is stored in its table and of ours, by name."""
        return [
            field
            for name, field in sorted(row._fields.items())
            if field.store
            and field.column_type
            and self.ADDONS.intersection(field._modules)
            and name not in TECHNICAL
        ]

    def _forge(self, row):
        """What of all attempts went through: `[copy, delete, names of fields, [names of fields]]`"""
        copied = "yes" if self._goes(lambda: row.copy()) else "."
        deleted = "yes" if self._goes(lambda: row.unlink()) else "."
        changed, born = [], []
        for field in self._get_fields(row):
            value = self._get_other(row, field)
            if value is None:
                continue
            if self._changes(row, field, value):
                changed.append(field.name)
            elif copied == "yes" and self._is_born_with(row, field, value):
                born.append(field.name)
        return [copied, deleted, " ".join(born) or ".", [" ".join(changed) or "."]]

    def _changes(self, row, field, value):
        """Whether the row, as its user, takes that value, and holds it."""

        def write():
            row.write({field.name: value})
            self._assert_held(row, field, value)

        return self._goes(write)

    def _is_born_with(self, row, field, value):
        """Whether a new row can hold what an old one does not take: given, or as the default of a context."""
        base = row.copy_data()[0]
        rest = {name: base[name] for name in base if name != field.name}

        def create(vals, **context):
            new = row.browse().with_context(**{**row.env.context, **context}).create(vals)
            self._assert_held(new, field, value)

        return self._goes(lambda: create({**base, field.name: value})) or self._goes(
            lambda: create(rest, **{f"default_{field.name}": value})
        )

    def _assert_held(self, row, field, value):
        """:raise ValueError: where a value was passed over in silence"""
        row.flush_recordset()
        row.invalidate_recordset()
        wanted = field.convert_to_record(field.convert_to_cache(value, row), row)
        if row.sudo()[field.name] != wanted:
            raise ValueError("passed over")

    def _get_written(self, name, role):
        """Lines of the fields that somebody can change: of an own row, and of one of somebody else."""
        rows = self._all_rows(name).with_user(getattr(self, role))
        allowed = rows._filtered_access("write")
        for row in (rows - allowed)[:1]:
            field = next(
                (field for field in self._get_fields(row) if self._get_other(row, field) is not None), None
            )
            with self.subTest(f"{name} by {role}"):
                self.assertFalse(field and self._changes(row, field, self._get_other(row, field)))
        by_owner = defaultdict(list)
        for (owner, _variant), row in self.rows[name].items():
            if row.id in allowed.ids:
                by_owner[owner].append(row.with_user(getattr(self, role)))
        others = [owner for owner in OWNERS if owner != role and owner in by_owner][:1]
        for owner in [role] * (role in by_owner) + others:
            row = by_owner[owner][0]
            changed = [
                field.name
                for field in self._get_fields(row)
                if row._has_field_access(field, "write")
                for value in [self._get_other(row, field)]
                if value is not None and self._changes(row, field, value)
            ]
            yield [name, role, owner, [" ".join(changed) or "."]]

    def _import(self, row, name, value):
        result = row.browse().load([".id", name], [[str(row.id), str(value)]])
        if not result["ids"]:
            raise UserError(str(result["messages"]))

    def _assert_typing_changes_nothing(self, row, values):
        spec = {name: {} for name, value in values.items() if value is not None}
        before = row.sudo().read(list(spec))
        with suppress(UserError):  # said in words
            row.onchange({name: values[name] for name in spec}, list(spec), spec)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(row.sudo().read(list(spec)), before)

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
            begins = row._get_fresh().get(field.name) if field.name in getattr(row, "_moved", ()) else None
            return next((key for key in field.get_values(self.env) if key not in (value, begins)), None)
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
            self._begin_request()
            try:
                change()
                self.env.flush_all()
                return True
            except (UserError, ValueError, Error):
                return False
            finally:
                self._begin_request(changed=True)
                savepoint.rollback()
