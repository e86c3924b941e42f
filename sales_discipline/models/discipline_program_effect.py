from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import effect

MONEY = ("amount", "base_amount", "base_now", "effect_amount", "forecast_amount", "forecast_effect")
SHARES = ("ordered_share", "progress", "client_progress", "growth_share")


class DisciplineProgram(models.Model):
    """What a program brings: the sales of its group in its days, beside what the same clients bought in the days that
    they are compared with, and beside the clients who are not in the group. What is closed keeps its numbers.

    Sales are orders confirmed less cancellations, without taxes, by the days of the company. So far means: the days
    gone by, beside as many of the days compared with.
    """

    _inherit = "discipline.program"

    result = fields.Json(readonly=True, copy=False, help="The numbers as they were when it was closed.")
    client_count = fields.Integer("Clients in It", compute="_compute_effect")
    ordered_count = fields.Integer("Clients Who Ordered", compute="_compute_effect")
    ordered_share = fields.Float("Have Ordered (%)", compute="_compute_effect")
    day_count = fields.Integer("Days", compute="_compute_effect")
    days_passed = fields.Integer("Days Gone By", compute="_compute_effect")
    amount = fields.Monetary(
        "Sales", compute="_compute_effect", help="Of the group, in the days of the program."
    )
    base_amount = fields.Monetary(
        "Sales before",
        compute="_compute_effect",
        help="Of the same clients, in all of the days compared with.",
    )
    base_now = fields.Monetary(
        "Before, so Far",
        compute="_compute_effect",
        help="Of the same clients, in as many days as have gone by.",
    )
    effect_amount = fields.Monetary(
        "Effect so Far",
        compute="_compute_effect",
        help="Sales, less those of as many of the days compared with.",
    )
    forecast_amount = fields.Monetary(
        "Forecast",
        compute="_compute_effect",
        help="Where the sales come out if they go on exceeding those compared with at the pace of the days gone by.",
    )
    forecast_effect = fields.Monetary(
        "Effect by Pace",
        compute="_compute_effect",
        help="The forecast, less the sales of the days compared with.",
    )
    progress = fields.Float("Of the Planned Effect (%)", compute="_compute_effect")
    client_progress = fields.Float("Of the Planned Clients (%)", compute="_compute_effect")
    growth_share = fields.Float(
        "Change (%)",
        compute="_compute_effect",
        help="Of the group, against as many of the days compared with.",
    )
    has_growth = fields.Boolean(compute="_compute_effect")
    others_amount = fields.Monetary("Sales of the Others", compute="_compute_others")
    others_base = fields.Monetary("Their Sales before, so Far", compute="_compute_others")
    others_growth = fields.Float(
        "Change of the Others (%)",
        compute="_compute_others",
        help="Of all clients of the company who are not in the group, over the same days: what the market did by itself.",
    )
    has_others = fields.Boolean(compute="_compute_others")

    @api.depends("state", "planned_amount", "planned_clients", "client_ids")
    def _compute_effect(self):
        """Two statements, however many programs."""
        running = self.filtered(lambda program: program.state == "running")
        sums = running._get_group_sums()
        for program in self:
            numbers = program.result if program.state == "closed" else None
            if not numbers:
                numbers = program._prepare_numbers(sums.get(program.id, {}))
            for name in (*MONEY, "client_count", "ordered_count", "day_count", "days_passed"):
                program[name] = numbers.get(name) or 0
            done = (
                numbers.get("effect_amount") if program.state == "closed" else numbers.get("forecast_effect")
            )
            growth = effect.change(numbers.get("amount"), numbers.get("base_now"))
            program.ordered_share = effect.share(program.ordered_count, program.client_count) or 0
            program.progress = effect.share(done, program.planned_amount) or 0
            program.client_progress = effect.share(program.ordered_count, program.planned_clients) or 0
            program.growth_share = growth or 0
            program.has_growth = growth is not None

    @api.depends("state")
    def _compute_others(self):
        """A look at all orders of the days: for a form, not for a list."""
        for program in self:
            if program.state == "closed":
                numbers = program.result or {}
            else:
                numbers = program._get_others() if program.state == "running" else {}
            program.others_amount = numbers.get("others_amount") or 0
            program.others_base = numbers.get("others_base") or 0
            growth = effect.change(numbers.get("others_amount"), numbers.get("others_base"))
            program.others_growth = growth or 0
            program.has_others = growth is not None

    def _prepare_result(self) -> dict:
        """The numbers to keep of a program that ends now."""
        self.ensure_one()
        return self._prepare_numbers(self._get_group_sums().get(self.id, {})) | self._get_others()

    def _prepare_numbers(self, sums: dict) -> dict:
        """All that is shown, from what was summed up of the group; plain numbers, None where there is no data."""
        self.ensure_one()
        if not (self.date_from and self.date_to):
            return {}
        passed = effect.days_passed(self.date_from, self.date_to, self._get_today())
        days = (self.date_to - self.date_from).days + 1
        amount, base = sums.get("amount") or 0.0, sums.get("base_amount") or 0.0
        base_now = sums.get("base_now") or 0.0
        forecast = effect.outcome(amount, base_now, base, passed, days) if sums else None
        return {
            "client_count": sums.get("client_count") or 0,
            "ordered_count": sums.get("ordered_count") or 0,
            "day_count": days,
            "days_passed": passed if self.state != "draft" else 0,
            "amount": amount,
            "base_amount": base,
            "base_now": base_now,
            "effect_amount": amount - base_now,
            "forecast_amount": forecast,
            "forecast_effect": None if forecast is None else forecast - base,
        }

    def _get_baseline_now(self) -> tuple:
        """`[start, stop)` of as many of the days compared with as have gone by."""
        first = effect.baseline(self.baseline, self.date_from, self.date_to)[0]
        passed = effect.days_passed(self.date_from, self.date_to, self._get_today())
        start, stop = self._get_moments(first, fields.Date.add(first, days=max(passed - 1, 0)))
        return (start, stop) if passed else (start, start)

    def _get_group_sums(self) -> dict[int, dict]:
        """By program: clients, those who ordered, sales, sales before and those before so far."""
        if not self:
            return {}
        self.env["discipline.program.client"].flush_model()
        windows = [(program.id, *program._get_baseline_now()) for program in self]
        columns = [list(column) for column in zip(*windows, strict=True)]
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH w AS (SELECT * FROM unnest(%s::int4[], %s::timestamp[], %s::timestamp[]) AS w(program_id, start, stop)),
                     b AS (SELECT w.program_id, SUM(f.amount) AS amount
                             FROM w JOIN discipline_program_client c ON c.program_id = w.program_id
                             JOIN discipline_fact f ON f.partner_id = c.partner_id AND f.kind = 'order_confirmed'
                                  AND f.company_id = c.company_id AND f.is_transfer IS NOT TRUE
                                  AND f.happened_at >= w.start AND f.happened_at < w.stop
                            GROUP BY 1)
                SELECT c.program_id AS id, COUNT(*) AS client_count, COUNT(*) FILTER (WHERE c.ordered) AS ordered_count,
                       SUM(c.amount)::float8 AS amount, SUM(c.base_amount)::float8 AS base_amount,
                       COALESCE(MAX(b.amount), 0)::float8 AS base_now
                  FROM w JOIN discipline_program_client c ON c.program_id = w.program_id
                  LEFT JOIN b ON b.program_id = c.program_id
                 GROUP BY c.program_id
                """,
                *columns,
            )
        )
        return {row.pop("id"): row for row in rows}

    def _get_others(self) -> dict:
        """Sales, and those before so far, of the clients of the company who are not in the group."""
        self.ensure_one()
        start, stop = self._get_baseline_now()
        [row] = self.env.execute_query_dict(
            SQL(
                """
                SELECT SUM(f.amount) FILTER (WHERE f.happened_at >= %(first)s AND f.happened_at < %(last)s)::float8
                           AS others_amount,
                       SUM(f.amount) FILTER (WHERE f.happened_at >= %(start)s AND f.happened_at < %(stop)s)::float8
                           AS others_base
                  FROM discipline_fact f
                 WHERE f.kind = 'order_confirmed' AND f.company_id = %(company)s AND f.is_transfer IS NOT TRUE
                   AND (f.happened_at >= %(first)s AND f.happened_at < %(last)s
                        OR f.happened_at >= %(start)s AND f.happened_at < %(stop)s)
                   AND NOT EXISTS (SELECT 1 FROM discipline_program_client c
                                    WHERE c.program_id = %(program)s AND c.partner_id = f.partner_id)
                """,
                first=self.starts_at,
                last=self.ends_at,
                start=start,
                stop=stop,
                company=self.company_id.id,
                program=self.id,
            )
        )
        return row
