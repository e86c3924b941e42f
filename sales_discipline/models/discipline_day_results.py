from odoo import api, models
from odoo.tools import SQL

from ..tools import scoring
from ..tools.periods import DAY, period_bounds


class DisciplineScorecard(models.Model):
    """What has come of the days before, on the page 'My Day'."""

    _inherit = "discipline.scorecard"

    @api.model
    def _get_day_results(self, today) -> dict:
        """Results of the reader that stand: of frozen scorecards that count.

        :return: dict of `week` and `month`: points so far, None before the first result; and `last`: the last day that
            has one, False or a dict of `id`, `employee_id`, `plan_id`, `date`, `is_yesterday`, `points`, `done`,
            `count`, `efficiency`, `zone`, `excused`
        """
        week, month = (period_bounds(period, today)[0] for period in ("week", "month"))
        query = SQL(
            """
            WITH own AS MATERIALIZED (
                SELECT c.* FROM discipline_scorecard c
                 WHERE c.user_id = %(uid)s AND c.company_id = ANY(%(companies)s) AND c.state = 'frozen'
                   AND c.trial IS NOT TRUE AND c.date_from <= %(today)s)
            SELECT (SELECT SUM(points) FROM own WHERE date_to >= %(week)s AND period <> 'month'),
                   (SELECT SUM(points) FROM own WHERE date_to >= %(month)s),
                   (SELECT row_to_json(l) FROM (
                        SELECT o.id, o.employee_id, o.plan_id, o.date_from AS date, o.points, o.done_count AS done,
                               o.line_count AS count, o.efficiency, o.excused, (
                               SELECT json_agg(json_build_array(pl.weight, pl.green_from, pl.yellow_from))
                                 FROM discipline_plan_line pl WHERE pl.plan_id = o.plan_id) AS rules
                          FROM own o WHERE o.period = 'day' AND o.date_to < %(today)s
                         ORDER BY o.date_from DESC, o.id LIMIT 1) l)
            """,
            uid=self.env.uid,
            companies=self.env.companies.ids,
            today=today,
            week=week,
            month=month,
        )
        [(week_points, month_points, last)] = self.env.execute_query(query)
        if last:
            last["zone"] = scoring.overall_zone(last["efficiency"], last.pop("rules") or ())
            last["excused"] = bool(last["excused"])
            last["is_yesterday"] = last["date"] == str(today - DAY)
        return {"week": week_points, "month": month_points, "last": last or False}
