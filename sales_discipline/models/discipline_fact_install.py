import time
from collections import defaultdict
from contextlib import contextmanager
from itertools import chain

from psycopg2 import errors

from odoo import api, models
from odoo.tools import SQL, sql

ADDON = "sales_discipline"
LEDGER = ["discipline_fact", "discipline_span"]
PATIENCE = "1s"  # that others queue up behind a lock which is not given yet
TRIES, PAUSE = 120, 0.5  # until it is waited for as long as Odoo has an update wait, which then gives up


class DisciplineFact(models.Model):
    """Installing in a database that people work in.

    Odoo installs an addon in one transaction, and what is changed in tables of Odoo's own stays locked until its end, also
    for reading, while the past is read as well; with people at work two such locks can even wait for each other. So each of
    these tables is committed by itself (`_extend`), the keys are declared when all tables are there and are committed at
    once, and reading the past locks nothing. What people do meanwhile bypasses hooks that their processes do not know yet:
    a scheduled action enters it right afterwards. An installation that is broken off goes on where it is started again.
    """

    _inherit = "discipline.fact"

    def init(self):
        if getattr(self.pool, "_is_install", False) and self.env.context.get("module") == ADDON:
            self.pool.post_init(self._declare_keys, True)
        return super().init()

    # ------------------------------------------------------------
    # Tables
    # ------------------------------------------------------------

    @api.model
    def _extend(self, model, extend):
        """Call `extend`, the model's `_auto_init`, which adds this addon's columns to a table that people work with, and
        commit that. Until they know the addon, other processes add rows without these columns: they get defaults."""
        if not getattr(self.pool, "_is_install", False) or self.env.context.get("module") != ADDON:
            return extend()
        queue = self.pool._post_init_queue
        others = len(queue)
        self._lock_tables([model._table], "ACCESS EXCLUSIVE")
        result = extend()
        tasks = [queue.pop() for _task in range(len(queue) - others)]
        for task in reversed(tasks):
            if getattr(task.func, "__name__", "") == "add_not_null":  # rather now than under another lock
                task()
            else:  # keys, to tables that may not be there yet
                queue.append(task)
        self.pool.check_indexes(self.env.cr, [model._name])
        for field in model._fields.values():
            if field._modules[:1] == (ADDON,) and field.store and field.required and field.default:
                value = field.convert_to_column_insert(field.default(model), model)
                table, column = SQL.identifier(model._table), SQL.identifier(field.name)
                self.env.cr.execute(
                    SQL("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s", table, column, value)
                )
        self.env.flush_all()
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return result

    @api.model
    def _declare_keys(self, again: bool) -> None:
        """Declare the keys that lock tables of Odoo's own, and commit those of each of these together."""
        if again:  # as the last of what Odoo does before it looks for keys that are missing
            self.pool.post_init(self._declare_keys, False)
            return
        cr = self.env.cr
        keys, everything, foreign = {}, [], self._get_other_tables()
        for (table, column), (target, key, ondelete, model, module) in self.pool._foreign_keys.items():
            others = tuple(sorted({table, target} & foreign))
            if others:
                definition = (table, column, target, key, ondelete)
                everything.append((model, module, definition))
                # one may be left by an installation that was broken off
                if not sql.get_foreign_keys(cr, *definition):
                    keys.setdefault(others, []).append(definition)
        for others, missing in keys.items():
            self.env.flush_all()
            cr.commit()  # pylint: disable=invalid-commit
            self._lock_tables(list(others), "SHARE ROW EXCLUSIVE")
            for definition in missing:
                sql.add_foreign_key(cr, *definition)
            cr.commit()  # pylint: disable=invalid-commit
        for model, module, definition in everything:
            name = sql.get_foreign_keys(cr, *definition)[0]
            self.env["ir.model.constraint"]._reflect_constraint(model, name, "f", None, module)

    @api.model
    def _get_other_tables(self) -> set[str]:
        """The tables of models that are not this addon's."""
        return {
            model._table
            for model in self.env.values()
            if model._auto and not model._abstract and model._original_module != ADDON
        }

    @api.model
    def _lock_tables(self, tables: list[str], mode: str) -> None:
        """Lock these tables, or none of them as long as somebody else holds one: whoever comes next does not wait.

        :raises psycopg2.errors.LockNotAvailable: if somebody holds one for minutes
        """
        cr = self.env.cr
        query = SQL("LOCK TABLE %s IN %s MODE", SQL(", ").join(map(SQL.identifier, tables)), SQL(mode))
        for _try in range(TRIES):
            try:
                with cr.savepoint(flush=False):
                    cr.execute(SQL("SET LOCAL lock_timeout = %s", PATIENCE))
                    cr.execute(query, log_exceptions=False)
                    cr.execute("SET LOCAL lock_timeout = 0")
                return
            except (errors.LockNotAvailable, errors.DeadlockDetected):
                time.sleep(PAUSE)
        cr.execute(query, log_exceptions=False)

    @api.model
    def _let_others_work(self) -> None:
        """Called by the first of the addon's data, when tables and keys have been made."""
        self.env.cr.commit()  # pylint: disable=invalid-commit

    # ------------------------------------------------------------
    # The past
    # ------------------------------------------------------------

    @contextmanager
    def _load_in_bulk(self):
        """Take the foreign keys and indexes of the ledger and the spans away, and make them again afterwards.

        A million rows are checked and sorted at once that way, in a fraction of the time that it takes row by row. What
        the keys refer to is locked while they are taken away and declared, which is committed at once, not while the past
        is read, and not while they are checked.
        """
        cr = self.env.cr
        cr.execute(
            """
            SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
                   format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s NOT VALID', conrelid::regclass, conname,
                          pg_get_constraintdef(oid)),
                   format('ALTER TABLE %%s VALIDATE CONSTRAINT %%I', conrelid::regclass, conname),
                   confrelid::regclass::text
              FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%(tables)s::regclass[])
            """,
            {"tables": LEDGER},
        )
        keys = defaultdict(list)
        for *queries, target in cr.fetchall():
            keys[target].append(queries)
        cr.execute(
            """
            SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid),
                   format('COMMENT ON INDEX %%s IS %%L', indexrelid::regclass, obj_description(indexrelid, 'pg_class'))
              FROM pg_index WHERE NOT indisunique AND indrelid = ANY(%(tables)s::regclass[])
            """,
            {"tables": LEDGER},
        )
        indexes = cr.fetchall()
        for target, queries in keys.items():
            self._commit_locked([target], "ACCESS EXCLUSIVE", [drop for drop, *_make in queries])
        for drop, *_make in indexes:
            cr.execute(drop)
        cr.execute(
            "SET LOCAL work_mem = '64MB'; SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL jit = off"
        )
        yield
        for _drop, make, comment in reversed(indexes):
            cr.execute(make)
            cr.execute(comment)  # by which Odoo knows whether it has been declared anew since
        for target, queries in keys.items():
            self._commit_locked([target], "SHARE ROW EXCLUSIVE", [make for _drop, make, _check in queries])
        for _drop, _make, check in chain(*keys.values()):
            cr.execute(check)

    @api.model
    def _commit_locked(self, tables: list[str], mode: str, queries: list[str | SQL]) -> None:
        """Commit what there is, and then these statements, which need those tables that people work in."""
        self.env.flush_all()
        self.env.cr.commit()  # pylint: disable=invalid-commit
        self._lock_tables(tables, mode)
        for query in queries:
            self.env.cr.execute(query)
        self.env.cr.commit()  # pylint: disable=invalid-commit

    @api.model
    def _expect_gap(self) -> None:
        """Have somebody look soon for what was done while the addon was being installed."""
        self.env.ref(f"{ADDON}.cron_history").sudo()._trigger()

    @api.model
    def _cron_history(self) -> None:
        """Enter what was done while the addon was being installed as what it is: a part of the past."""
        self._fill_history()


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _auto_init(self):
        return self.env["discipline.fact"]._extend(self, super()._auto_init)


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    def _auto_init(self):
        return self.env["discipline.fact"]._extend(self, super()._auto_init)


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _auto_init(self):
        return self.env["discipline.fact"]._extend(self, super()._auto_init)


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    def _auto_init(self):
        return self.env["discipline.fact"]._extend(self, super()._auto_init)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _auto_init(self):
        return self.env["discipline.fact"]._extend(self, super()._auto_init)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _auto_init(self):
        return self.env["discipline.fact"]._extend(self, super()._auto_init)


class ResUsers(models.Model):
    _inherit = "res.users"

    def _auto_init(self):
        return self.env["discipline.fact"]._extend(self, super()._auto_init)
