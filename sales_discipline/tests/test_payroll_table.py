from odoo import Command
from odoo.tests import freeze_time, tagged

from .pay_common import PayCase


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 12:00:00")
class TestPayrollTable(PayCase):
    def test_components_of_one_name_share_a_column(self):
        """Two schemes that both call a component the same are one column; another name is a column of its own."""
        self.scheme.employee_ids = self.e_anna
        other = self._new_scheme("Others", activate=False, basis="month", rate=10.0, minus_rate=0.0)
        other.component_ids.copy({"name": "Extra", "rate": 1.0})
        other.write({"employee_ids": [Command.set(self.e_boris.ids)]})
        other.action_activate()
        self._card(self.e_anna, "2026-09-08", 3)
        self._card(self.e_boris, "2026-09-08", 2)
        run = self._run()
        run.action_compute()
        table = run._get_table()
        labels = [column["label"] for column in table["columns"]]
        self.assertEqual(labels.count("Daily points"), 1)
        shared, extra, total = (labels.index(name) for name in ("Daily points", "Extra", "Total"))
        rows = {row[0]: (row[shared], row[extra], row[total]) for row in table["rows"]}
        self.assertEqual(rows, {"Anna": (15.0, 0.0, 15.0), "Boris": (20.0, 2.0, 22.0)})
        self.assertEqual((table["totals"][shared], table["totals"][total]), (35.0, 37.0))
        for row in table["rows"]:
            self.assertEqual(sum(row[i] for i in table["parts"]), row[total])
