from odoo.tests import tagged

from .page_common import PageCase

# What each page may cost: who opens it, the action, what it shows when it is ready, and the requests it makes, each with
# the most SQL statements that it may take. One request a page; a request that is not named here fails the test.
PAGES = {
    "my_day": (
        "anna",
        "sales_discipline.discipline_day_action",
        ".o_discipline_day_page",
        {"discipline.scorecard/get_my_day": 30, "discipline.statement/get_my_pay_summary": 90},
    ),
    "kpi": (
        "lena",
        "sales_discipline.discipline_kpi_action",
        ".o_discipline_kpi_page",
        {"discipline.scorecard/get_kpi_page": 10},
    ),
    "my_report": (
        "anna",
        "sales_discipline.discipline_my_report_action",
        ".o_discipline_report_page",
        {"discipline.scorecard/get_report_page": 6},
    ),
    "morning": (
        "lena",
        "sales_discipline.discipline_morning_action",
        ".o_discipline_morning_page",
        {"discipline.scorecard/get_morning": 44},
    ),
    "my_pay": (
        "anna",
        "sales_discipline.action_my_pay_page",
        ".o_discipline_pay_page",
        {"discipline.statement/get_my_pay": 60},
    ),
    "team_board": (
        "lena",
        "sales_discipline.discipline_team_board_action",
        ".o_discipline_board_page",
        {"discipline.scorecard/get_team_board": 20},
    ),
    "sales_plans": (
        "lena",
        "sales_discipline.discipline_sales_plan_action",
        ".o_discipline_sales_plans",
        {"discipline.target/get_sales_plans": 52},
    ),
    "time_study": (
        "anna",
        "sales_discipline.discipline_time_study_page_action",
        ".o_discipline_time_page",
        {"discipline.time.study/get_time_page": 16},
    ),
    "time_result": (
        "lena",
        "sales_discipline.discipline_time_result_action",
        ".o_discipline_time_result_page",
        {"discipline.time.study/get_time_result": 24},
    ),
    "funnel": (
        "lena",
        "sales_discipline.discipline_funnel_action",
        ".o_discipline_funnel",
        {"discipline.funnel.report/get_funnel_page": 8},
    ),
}


@tagged("post_install", "-at_install")
class TestPageCost(PageCase):
    """One request opens a page, and it takes as many SQL statements for 40 people as for a few."""

    def test_pages(self):
        few = self._open_all()
        self._add_people(30)
        many = self._open_all()
        for name, (_who, _action, _css, limits) in PAGES.items():
            with self.subTest(name):
                self.assertEqual(few[name].keys(), limits.keys(), "asked of the server")
                for what, limit in limits.items():
                    self.assertEqual(len(few[name][what]), 1, "once")
                    self.assertLessEqual(few[name][what][0], limit, f"SQL statements of {what}")
                self.assertEqual(many[name], few[name], "40 people cost what a few do")

    def _open_all(self):
        found = {}
        for who in dict.fromkeys(page[0] for page in PAGES.values()):
            pages = {name: page[1:3] for name, page in PAGES.items() if page[0] == who}
            found.update(self._open(getattr(self, who), pages))
        return found
