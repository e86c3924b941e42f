import io
import json

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .security_common import CALLERS, OWNERS, ROLES, SecurityCase

HEAD = """\
What each address of ours, and each report, gives to whom who asks for what is anna's, boris', carla's, lena's, olga's:
    .  nothing, in words or as not found     o  an answer, in which is nothing that is not theirs to read
A single letter: the address is the same for all. An address that is not in here fails TestSecurityRoutes;
DISCIPLINE_MATRIX=write makes this file anew. Look at what changed. Who is who: security_matrix.txt.
"""
EVIL = "=1+1<img src=x>"  # a formula in a cell, an element in a page


def _of_run(case, owner):
    return {"payroll_id": case.rows["discipline.payroll"][owner, ""].id}


# {address: function of the test class and the owner that gives what its gaps, or its query, are filled with}
ADDRESSES = {
    "/sales_discipline/payroll/<int:payroll_id>/xlsx": _of_run,
    "/sales_discipline/payroll/<int:payroll_id>/csv": _of_run,
    "/sales_discipline/payroll/<int:payroll_id>/json": _of_run,
    "/sales_discipline/funnel/xlsx": lambda case, owner: {
        "options": json.dumps({"team_id": case.owners[owner]["crm.team"]})
    },
    "/sales_discipline/sales_plans/xlsx": lambda case, owner: {
        "metric_id": case.rows["discipline.metric"][owner, ""].id
    },
    "/sales_discipline/targets/xlsx": lambda case, owner: {
        "metric_id": case.rows["discipline.metric"][owner, ""].id,
        "company_id": case.owners[owner]["res.company"],
        "first": "2026-03-01",
        "last": "2026-04-01",
    },
    "/sales_discipline/team_board/xlsx": None,
}


@tagged("post_install", "-at_install")
@freeze_time(SecurityCase.NOW)
class TestSecurityRoutes(SecurityCase, HttpCase):
    """Over HTTP: addresses, reports, calls and files, with names that would be formulas and elements if let."""

    @classmethod
    def secret(cls, owner, model=None):
        return EVIL + super().secret(owner, model)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_addresses(self):
        addresses = [*self._get_addresses(), *self._get_reports()]
        cells = {address: [] for address, *_more in addresses}
        for role in CALLERS:
            self._log_in(role)
            for address, make in addresses:
                urls = [make(owner) for owner in OWNERS] if make else [address]
                cells[address].append("".join(self._ask(role, url) for url in urls))
        lines = [["", CALLERS], *([address, found] for address, found in sorted(cells.items()))]
        self._assert_written("security_routes.txt", self._render_table(HEAD, lines))

    def _log_in(self, role):
        user = getattr(self, role)
        if role == "public":
            self.authenticate(None, None)
        else:
            self.authenticate(user.login, user.login)

    def _get_addresses(self):
        """`(address, function of an owner that gives the url)` of all that our controllers serve"""
        for address, _endpoint in self.env["ir.http"]._generate_routing_rules(["sales_discipline"], {}):
            if address.startswith("/sales_discipline"):
                make = ADDRESSES[address]  # a KeyError: say what this address is asked with
                yield (
                    address,
                    make
                    and (lambda owner, address=address, make=make: self._fill(address, make(self, owner))),
                )

    def _fill(self, address, values):
        for name in list(values):
            if f"<int:{name}>" in address:
                address = address.replace(f"<int:{name}>", str(values.pop(name)))
        query = "&".join(f"{name}={value}" for name, value in values.items())
        return f"{address}?{query}" if query else address

    def _get_reports(self):
        """The same of our reports."""
        for report in self.env["ir.actions.report"].search(
            [("report_name", "=like", "sales\\_discipline.%")]
        ):
            address = f"/report/html/{report.report_name}"
            if report.model not in self.rows:
                yield address, None
                continue
            yield (
                f"{address}/<id>",
                lambda owner, address=address, model=report.model: (
                    f"{address}/{self.rows[model][owner, ''].id}"
                ),
            )

    def _ask(self, role, url):
        response = self.url_open(url, allow_redirects=False)
        if response.status_code != 200:
            self.assertIn(response.status_code, (303, 400, 403, 404, 422), f"{url} by {role}")
            return "."
        kind = response.headers["Content-Type"]
        text = response.text
        if "spreadsheet" in kind:
            book = openpyxl.load_workbook(io.BytesIO(response.content))
            cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
            formulas = [cell.value for cell in cells if cell.data_type == "f" and EVIL in cell.value]
            self.assertFalse(formulas, f"{url} by {role}")
            text = " ".join(str(cell.value) for cell in cells)
        elif "html" in kind:
            self.assertNotIn("<img src=x", text, f"{url} by {role}")
        with self.subTest(f"{url} by {role}"):
            self._assert_theirs(getattr(self, role), text)
        return "o"

    # ------------------------------------------------------------
    # Calls
    # ------------------------------------------------------------

    @mute_logger(
        "odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models"
    )
    def test_calls(self):
        """The rows are those of the matrix: here those of carla, for who may not read them."""
        self._log_in("anna")
        for name in self.rows:
            row = self.rows[name]["carla", ""]
            if not row.with_user(self.anna).has_access("read"):
                with self.subTest(name):
                    self.assertEqual(self._call_kw(name, "read", [row.ids]), "odoo.exceptions.AccessError")

    def _call_kw(self, model, method, args, **kwargs):
        """The name of the error, or the result."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        answer = self.url_open(
            "/web/dataset/call_kw", json={"jsonrpc": "2.0", "id": 0, "params": params}
        ).json()
        return answer["error"]["data"]["name"] if "error" in answer else answer["result"]

    @mute_logger("odoo.http")
    def test_private_methods(self):
        """What begins with an underscore, or hands out other rights, no call reaches."""
        self._log_in("admin")
        for method in (
            "sudo",
            "with_user",
            "with_context",
            "with_env",
            "browse",
            "_write",
            "_score",
            "search_fetch",
        ):
            with self.subTest(method):
                self.assertEqual(
                    self._call_kw("discipline.scorecard", method, [[], True]), "odoo.exceptions.AccessError"
                )
        for name in self.rows:
            model = self.env[name]
            for method in dir(type(model)):
                if method.startswith("_") and callable(getattr(type(model), method)):
                    self.assertTrue(self._is_private(model, method), f"{name}.{method}")

    def _is_private(self, model, method):
        try:
            get_public_method(model, method)
        except AccessError:
            return True
        return False

    # ------------------------------------------------------------
    # What hangs on records
    # ------------------------------------------------------------

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_files_and_messages(self):
        """A file, or a message, on a record is read by those who may read the record."""
        hanging = []
        for name, rows in self.rows.items():
            for row in rows.values():
                values = {"name": "proof.txt", "raw": b"Secret", "res_model": name, "res_id": row.id}
                try:
                    hanging.append((row, self.env["ir.attachment"].create(values)))
                except UserError:
                    continue  # what is closed takes no more proofs
                if "message_ids" in row._fields and row._auto:
                    values = {"model": name, "res_id": row.id, "body": "Secret", "message_type": "comment"}
                    hanging.append((row, self.env["mail.message"].create(values)))
        for role in ROLES:
            user = getattr(self, role)
            rows = {name: self._all_rows(name).with_user(user)._filtered_access("read") for name in self.rows}
            for model in ("ir.attachment", "mail.message"):
                ids = [record.id for _row, record in hanging if record._name == model]
                found = self.env[model].with_user(user).browse(ids)._filtered_access("read")
                for row, record in hanging:
                    if record._name == model and record.id in found.ids:
                        self.assertIn(row.id, rows[row._name].ids, f"{model} of {row} by {role}")

    @mute_logger("odoo.http")
    def test_file_over_http(self):
        """The same at the address of a file."""
        row = self.rows["discipline.appeal"]["carla", ""]
        values = {"name": "proof.txt", "raw": b"Secret", "res_model": row._name, "res_id": row.id}
        file = self.env["ir.attachment"].create(values)
        for role in ROLES:
            self._log_in(role)
            answer = self.url_open(f"/web/content/{file.id}")
            with self.subTest(role):
                self.assertEqual(
                    answer.text == "Secret", role in ("luis", "mark", "paula", "admin"), answer.text[:80]
                )
