from unittest.mock import patch

from odoo.orm.table_objects import Index
from odoo.tests import TransactionCase, tagged
from odoo.tools import sql

ADDON = "sales_discipline"


@tagged("post_install", "-at_install")
class TestIndexes(TransactionCase):
    """What this addon adds to tables that everybody writes to."""

    def _get_indexes(self, name):
        """Of a model of Odoo's: the names of this addon's indexes, and those of its columns that have one."""
        model = self.env[name]
        declared = [one.name for one in model._table_objects.values() if one._module == ADDON]
        fields = [
            f.name for f in model._fields.values() if f._modules[:1] == (ADDON,) and f.store and f.index
        ]
        return declared + fields

    def test_activities(self):
        """One index more, whatever is built on activities."""
        self.assertEqual(self._get_indexes("mail.activity"), ["open_idx"])
        self.env.cr.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = 'mail_activity' AND indexname ~ 'discipline|open_idx'"
        )
        self.assertEqual(self.env.cr.fetchall(), [("mail_activity_open_idx",)])

    def test_declared_anew(self):
        """Odoo knows the indexes that are declared, also those that a bulk load took away and made again: one without a
        comment would stay as it is for ever."""
        model = self.env["discipline.fact"]
        missing = []

        indexes = [
            (one.full_name(ledger), one.get_definition(self.env.registry))
            for ledger in (model, self.env["discipline.span"])
            for one in ledger._table_objects.values()
            if isinstance(one, Index)
        ]
        self.assertGreater(len(indexes), 5)

        def check():
            for name, definition in indexes:
                if sql.index_definition(self.env.cr, name)[1] != definition:
                    missing.append(name)

        check()
        with patch.object(type(model), "_commit_locked", self._execute), model._load_in_bulk():
            self.assertEqual(sql.index_definition(self.env.cr, "discipline_fact_count_idx"), (None, None))
        check()
        self.assertFalse(missing)

    def _execute(self, _table, _mode, queries):
        for query in queries:
            self.env.cr.execute(query)

    def test_messages(self):
        """None on what is written with each of them."""
        for name in ("mail.message", "res.users", "sale.order.line"):
            with self.subTest(name):
                self.assertEqual(self._get_indexes(name), [])
