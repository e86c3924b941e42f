import ast
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from .freeze_common import FreezeCase

MEASURES = ("efficiency:avg", "done_percent:avg", "points:sum", "target:sum", "actual:sum")


@tagged("post_install", "-at_install")
class TestScorecardReport(FreezeCase):
    """Scorecards in pivot, graph and list: what groups of them add up to, who sees which, and what is ready to be chosen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lines = (("companies_added", 4), ("deals_won_amount", 1000), ("crm_fill_rate", 80))
        cls.plan = cls._make_plan(*lines, date_from="2026-03-09", late_policy="ignore")
        for line, weight in zip(cls.plan.line_ids, (2, 1, 1), strict=True):
            line.weight = weight
        cls.plan.completion_cap = 150

    def _freeze(self):
        """Anna: 8 companies of 4 on Monday, 2 on Tuesday; Boris none, Carla 4 on Monday."""
        self._work(self.anna, "2026-03-09", 8)
        self._work(self.anna, "2026-03-10", 2)
        self._work(self.carla, "2026-03-09", 4, hour=15)
        self._fact(self.anna, "2026-03-09 10:30:00", kind="lead_won", amount=500)
        self._score("2026-03-11 04:00:00")
        self.env.flush_all()
        return self.env["discipline.scorecard.report"].with_user(self.mark)

    def _group(self, report, domain=(), by=(), measures=MEASURES):
        base = [("plan_id", "=", self.plan.id), ("state", "=", "frozen")]
        rows = report._read_group([*base, *domain], list(by), list(measures))
        return [tuple(round(v, 4) if isinstance(v, float) else v for v in row) for row in rows]

    def test_efficiency_of_a_card_is_the_card_s(self):
        """One by one, as scorecards say; of a group, by the weights of all its indicators with data."""
        report = self._freeze()
        cards = self.cards.search([("plan_id", "=", self.plan.id), ("state", "=", "frozen")])
        self.assertGreater(len(cards), 5)
        by_card = dict(self._group(report, by=["scorecard_id"], measures=["efficiency:avg"]))
        for card in cards:
            self.assertAlmostEqual(by_card[card], card.efficiency, 3)
        lines = cards.line_ids.filtered(lambda line: line.zone != "none")
        total = sum(line.weight * min(line.completion, 150) for line in lines) / sum(lines.mapped("weight"))
        [(efficiency, done, _points, target, actual)] = self._group(report)
        self.assertAlmostEqual(efficiency, total, 3)
        self.assertAlmostEqual(done, 100 * len(lines.filtered("done")) / len(lines), 3)
        self.assertEqual((target, actual), (False, False), "different indicators are not added up")

    def test_numbers_of_one_indicator(self):
        report = self._freeze()
        of_anna = [("user_id", "=", self.anna.id), ("date_from", "<=", "2026-03-10")]
        rows = self._group(report, of_anna, ["metric_id"], ["target:sum", "actual:sum", "efficiency:avg"])
        by_code = {metric.code: tuple(numbers) for metric, *numbers in rows}
        self.assertEqual(by_code["companies_added"], (8.0, 10.0, 100.0))  # (150 % + 50 %) / 2, capped
        self.assertEqual(by_code["deals_won_amount"][:2], (2000.0, 500.0))
        self.assertEqual(
            by_code["crm_fill_rate"], (80.0, False, False), "the mean of percentages; no data is none"
        )

    def test_adjustment_is_part_of_the_fact(self):
        report = self._freeze()
        line = self._line(self._card(self.e_anna, "2026-03-10", self.plan), "companies_added")
        line.with_user(self.lena)._adjust(2.0, "The list was imported by another")
        self.env.flush_all()
        row = report.browse(line.id)
        self.assertEqual((row.actual, row.completion, row.done_count), (4.0, 100.0, 1))

    def test_excused_counts_for_nothing(self):
        report = self._freeze()
        card = self._card(self.e_boris, "2026-03-10", self.plan)
        card.with_user(self.lena)._excuse("Sick")
        self.env.flush_all()
        rows = self._group(
            report,
            [("scorecard_id", "=", card.id)],
            [],
            ["missed_count:sum", "efficiency:avg", "done_percent:avg"],
        )
        self.assertEqual(rows, [(0, False, False)])

    def test_weekdays_and_trends(self):
        report = self._freeze()
        domain = [("metric_id", "=", self._metric("companies_added").id), ("user_id", "=", self.anna.id)]
        rows = self._group(
            report, domain, ["weekday"], ["done_count:sum", "missed_count:sum", "worse_count:sum"]
        )
        self.assertEqual(rows, [("1", 1, 0, 0), ("2", 0, 1, 1)])

    def test_roads_from_a_row(self):
        """To the facts and to the card, under the rights of who goes there."""
        report = self._freeze()
        line = self._line(self._card(self.e_anna, "2026-03-09", self.plan), "companies_added")
        row = report.browse(line.id).with_user(self.lena)
        facts = self.facts.with_user(self.lena).search(row.action_open_facts()["domain"])
        self.assertEqual(len(facts), 8)
        self.assertEqual(row.action_open_card()["params"]["date"], "2026-03-09")
        for action in ("action_open_facts", "action_open_card"):
            with self.assertRaises(AccessError):
                getattr(row.with_user(self.luis), action)()

    def test_statements_do_not_grow(self):
        """As many for a pivot of one person as of all."""
        report = self._freeze()
        by = ["user_id", "date_from:week"]
        few, _rows = self._count_again(self._group, report, [("user_id", "=", self.anna.id)], by)
        many, _rows = self._count_again(self._group, report, (), by)
        self.assertEqual(few, many)


@tagged("post_install", "-at_install")
class TestFavorites(FreezeCase):
    """The favorites shipped: what they choose exists, and their names are the reader's."""

    def _favorites(self):
        shipped = self.env["ir.model.data"].search(
            [("module", "=", "sales_discipline"), ("model", "=", "ir.filters")]
        )
        return self.env["ir.filters"].browse(shipped.mapped("res_id"))

    @freeze_time("2026-03-10 12:00:00")
    def test_favorites_can_be_read(self):
        favorites = self._favorites()
        self.assertGreaterEqual(len(favorites), 16)
        for favorite in favorites:
            with self.subTest(favorite.name):
                report = self.env[favorite.model_id].with_user(self.mark)
                context = ast.literal_eval(favorite.context)
                helpers = {"context_today": lambda: date(2026, 3, 10), "relativedelta": relativedelta}
                domain = safe_eval(favorite.domain, helpers)
                measures = {*context.get("pivot_measures", ()), context.get("graph_measure", "__count")} - {
                    "__count"
                }
                specs = ["__count", *(f"{name}:{report._fields[name].aggregator}" for name in measures)]
                for by in ("group_by", "pivot_row_groupby", "pivot_column_groupby", "graph_groupbys"):
                    report.formatted_read_group(domain, context.get(by, []), specs)

    def test_names_are_the_reader_s(self):
        """Every name that is shipped is known; a favorite of one's own keeps the name it was given."""
        filters = self.env["ir.filters"].with_user(self.mark)
        names = filters._get_discipline_names()
        self.assertEqual(sorted(self._favorites().mapped("name")), sorted(names))
        own = filters.create(
            {"name": "Who Improves", "model_id": "discipline.scorecard.report", "user_ids": self.mark.ids}
        )
        self.patch(type(filters), "_get_discipline_names", lambda self: {"Who Improves": "Wer besser wird"})
        action = self.env.ref("sales_discipline.discipline_scorecard_report_action")
        found = {
            row["id"]: row["name"] for row in filters.get_filters("discipline.scorecard.report", action.id)
        }
        self.assertEqual(found[own.id], "Who Improves")
        self.assertEqual(found[self.env.ref("sales_discipline.filter_who_improves").id], "Wer besser wird")
