import os
from functools import partial
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_actions_report

from ..controllers import sheet
from .test_payroll_output import OutputCase

FILES = """funnel/xlsx sales_plans/xlsx targets/xlsx?metric_id={metric}&company_id={company}&first=2026-09-01&last=2026-12-31
    team_board/xlsx payroll/{run}/xlsx payroll/{run}/csv
    payroll/{run}/json""".split()


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 12:00:00")
class TestFullDisk(OutputCase):
    """There is no room for the file: that is said in words, there is nothing of it, and nothing has changed."""

    def test_every_file(self):
        manager = (
            "sales_discipline.group_manager,sales_discipline.group_payroll,sales_team.group_sale_manager"
        )
        everything = self._new_user("everything", manager)
        full = partial(open, "/dev/full", "w+b")
        self.authenticate(everything.login, everything.login)
        values = {"run": self.run_.id, "company": self.company.id}
        values["metric"] = self.env.ref("sales_discipline.metric_sales_confirmed").id
        for name in FILES:
            address = "/sales_discipline/" + name.format(**values)
            with self.subTest(address):
                self.assertEqual(self.url_open(address).status_code, 200, "with room")
                with (
                    patch.object(sheet.tempfile, "TemporaryFile", full),
                    mute_logger("odoo.http", "odoo.addons.sales_discipline.controllers.sheet"),
                ):
                    answer = self.url_open(address)
                self.assertEqual(answer.status_code, 422)
                self.assertIn("no room left", answer.text)
                self.assertNotIn("attachment", answer.headers.get("Content-Disposition", ""))

    def _print(self):
        reports = (
            self.env["ir.actions.report"].with_user(self.officer).with_context(force_report_rendering=True)
        )
        return reports._render_qweb_pdf("sales_discipline.report_payroll", self.run_.ids)[0]

    def test_pdf(self):
        """Also half a file, which is what wkhtmltopdf leaves on a full disk, and calls done."""
        self.assertIn(b"%%EOF", self._print()[-1024:], "with room")
        run = ir_actions_report._run_wkhtmltopdf

        def run_out_of_room(args):
            done = run(args)
            os.truncate(args[-1], os.path.getsize(args[-1]) // 2)
            return done

        with (
            patch.object(ir_actions_report, "_run_wkhtmltopdf", run_out_of_room),
            self.assertRaisesRegex(UserError, "no room left"),
        ):
            self._print()
        full = patch.object(
            ir_actions_report.tempfile,
            "mkstemp",
            lambda **_names: (os.open("/dev/full", os.O_WRONLY), "/nowhere"),
        )
        with (
            full,
            mute_logger("odoo.addons.base.models.ir_actions_report"),
            self.assertRaisesRegex(UserError, "no room left"),
        ):
            self._print()
