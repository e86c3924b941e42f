import csv
import io
import json

from odoo.tests import freeze_time, tagged

from .test_payroll_output import OutputCase


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 12:00:00")
class TestPayrollFiles(OutputCase):
    def _file(self, kind, user=None):
        response = self._get(f"/sales_discipline/payroll/{self.run_.id}/{kind}", user or self.officer)
        self.assertEqual(response.status_code, 200)
        self.assertIn(f"payroll_Pay_Co_2026-09.{kind}", response.headers["Content-Disposition"])
        return response

    def test_csv(self):
        """A row a line under the documented names; they add up to the run; no cell is a formula."""
        self.e_boris.barcode = "0042"
        response = self._file("csv")
        self.assertTrue(response.content.startswith(b"\xef\xbb\xbf"))
        rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
        self.assertEqual(
            list(rows[0]),
            [
                *("run_id", "company_id", "company", "month", "state", "currency"),
                *("employee_id", "personnel_number", "name", "department", "team"),
                *("line_id", "kind", "component_id", "component", "date_from", "date_to", "base", "rate"),
                *("amount", "corrected_month", "cause", "documents", "explanation"),
            ],
        )
        self.assertEqual(sum(float(row["amount"]) for row in rows), self.run_.total)
        self.assertEqual({row["name"] for row in rows}, {"'" + self.e_anna.name, "Борис Иванов"})
        boris = next(row for row in rows if row["employee_id"] == str(self.e_boris.id))
        found = {
            key: boris[key] for key in ("month", "state", "currency", "personnel_number", "kind", "amount")
        }
        self.assertEqual(
            found,
            {
                "month": "2026-09",
                "state": "computed",
                "currency": "EUR",
                "personnel_number": "0042",
                "kind": "points",
                "amount": "-70.0",
            },
        )
        self.assertEqual((boris["date_from"], boris["date_to"]), ("2026-09-07", "2026-09-13"))
        self.assertEqual((boris["corrected_month"], boris["documents"]), ("", ""))

    def test_json(self):
        data = json.loads(self._file("json").content)
        self.assertEqual((data["format"], data["version"]), ("sales_discipline.payroll", 1))
        self.assertEqual((data["run"]["run_id"], data["run"]["month"]), (self.run_.id, "2026-09"))
        self.assertEqual(
            [(person["name"], person["total"]) for person in data["statements"]],
            [(self.e_anna.name, 60), ("Борис Иванов", -70)],
        )
        line = data["statements"][1]["lines"][0]
        self.assertEqual((line["amount"], line["documents"], line["cause"]), (-70, [], None))
        self.assertEqual(line["date_from"], "2026-09-07")
        self.assertEqual(line["explanation"], self.run_.statement_ids[1].line_ids.explanation)

    def test_nobody(self):
        self.run_ = self._run("2019-01-01")
        url = f"/sales_discipline/payroll/{self.run_.id}/"
        self.assertEqual(json.loads(self._get(url + "json", self.officer).content)["statements"], [])
        self.assertEqual(len(self._get(url + "csv", self.officer).content.splitlines()), 1)

    def test_refused(self):
        for kind in ("csv", "json"):
            url = f"/sales_discipline/payroll/{self.run_.id}/{kind}"
            for user in (self.anna, self.lead, self.head):
                self.assertEqual(self._get(url, user).status_code, 403)
            self.assertEqual(self._get(f"/sales_discipline/payroll/0/{kind}", self.officer).status_code, 404)

    def test_actions(self):
        """The entries of the Action menu."""
        for kind in ("csv", "json"):
            action = self.env.ref(f"sales_discipline.action_payroll_{kind}").with_user(self.officer)
            found = action.with_context(active_model=self.run_._name, active_id=self.run_.id).run()
            self.assertEqual(found["url"], f"/sales_discipline/payroll/{self.run_.id}/{kind}")
