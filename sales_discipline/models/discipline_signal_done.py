from odoo import api, models
from odoo.tools import SQL


class DisciplineSignal(models.Model):
    """What all kinds of signals look at, as SELECTs: closed days, the rules, and the activities that counted."""

    _inherit = "discipline.signal"

    @api.model
    def _sql_days(self, cards: list[int]) -> SQL:
        """The closed days of these cards, in UTC bounds; where late entries count for the next day, from the deadline
        before, and of who moved to another time zone overnight, from when the day before ended. Of two plans of one day
        the one that pays."""
        return SQL(
            """
            SELECT DISTINCT ON (c.employee_id, g.day)
                   c.id AS card_id, c.employee_id, c.user_id, c.team_id, c.company_id, g.day AS date, c.deadline,
                   COALESCE(CASE WHEN g.day = c.date_from THEN (
                                 SELECT CASE WHEN c.period = 'day' AND p.late_policy = 'next_period' THEN last.deadline
                                             WHEN last.tz <> c.tz AND last.date_to + 1 = c.date_from
                                             THEN (g.day::timestamp AT TIME ZONE last.tz) AT TIME ZONE 'UTC' END
                                   FROM (%(previous)s) last) END,
                            (g.day::timestamp AT TIME ZONE c.tz) AT TIME ZONE 'UTC') AS start,
                   ((g.day + 1)::timestamp AT TIME ZONE c.tz) AT TIME ZONE 'UTC' AS stop
              FROM discipline_scorecard c
              JOIN discipline_plan p ON p.id = c.plan_id
             CROSS JOIN LATERAL (SELECT CASE WHEN c.period <> 'day' THEN ARRAY(
                   SELECT o.date_from FROM discipline_scorecard o
                    WHERE o.employee_id = c.employee_id AND o.period = 'day'
                      AND o.date_from BETWEEN c.date_from AND c.date_to) END AS dates OFFSET 0) own
             CROSS JOIN LATERAL (SELECT c.date_from + n AS day FROM GENERATE_SERIES(0, c.date_to - c.date_from) n) g
             WHERE c.id = ANY(%(cards)s) AND (c.period = 'day' OR g.day <> ALL(own.dates))
             ORDER BY c.employee_id, g.day, COALESCE(c.trial, FALSE), c.deadline DESC, c.id
            """,
            previous=self.env["discipline.scorecard"]._sql_previous(),
            cards=cards,
        )

    @api.model
    def _sql_rules(self, kind: str | None = None) -> SQL:
        """The rule of `kind`, or of each kind, for each company that looks for it."""
        return SQL(
            """
            SELECT * FROM (
                SELECT DISTINCT ON (co.id, r.kind) co.id AS company_id, r.active, r.at_least, r.minutes, r.share,
                       r.bare_share, r.days
                  FROM res_company co
                  JOIN discipline_signal_rule r ON %s AND (r.company_id = co.id OR r.company_id IS NULL)
                 ORDER BY co.id, r.kind, r.company_id NULLS LAST) each
             WHERE active
            """,
            SQL("r.kind = %s", kind) if kind else SQL("TRUE"),
        )

    @api.model
    def _sql_done(self) -> SQL:
        """The activities counted on these days, of companies that look for anything and where it is as many as the least
        of their rules asks for. `mute`: without a result text. `usual`: with one that may repeat. `bare`: without one of
        its own, which is none at all, or one that another of that day has as well and that may not repeat."""
        return SQL(
            """
            WITH company AS MATERIALIZED (%(companies)s)
            SELECT x.*, x.mute OR (x.twins > 1 AND NOT x.usual) AS bare
              FROM (SELECT d.card_id, d.date, d.deadline, d.company_id, f.*, f.text = ANY(c.allowed) AS usual,
                           f.text IS NULL OR COALESCE(f.chars < c.length, FALSE) AS mute,
                           COUNT(*) OVER (PARTITION BY d.card_id, d.date, f.text) AS twins,
                           COUNT(*) OVER (PARTITION BY d.card_id, d.date) AS total, c.least
                      FROM discipline_signal_day d
                      JOIN company c ON c.company_id = d.company_id
                     CROSS JOIN LATERAL (
                           SELECT f.id AS fact_id, f.happened_at, f.activity_type_id, f.partner_id, f.res_model, f.res_id,
                                  f.res_name, f.details->>'text' AS text, (f.details->>'age')::int4 AS age,
                                  (f.details->>'chars')::int4 AS chars
                             FROM discipline_fact f WHERE %(counted)s OFFSET 0) f
                   ) x
             WHERE x.total >= x.least
            """,
            companies=self._sql_companies(),
            counted=self._sql_counted(),
        )

    @api.model
    def _sql_companies(self) -> SQL:
        """What each company that looks for anything says of texts, and the least that one of its rules asks for."""
        return SQL(
            """
            SELECT co.id AS company_id, co.discipline_text_length AS length, r.least,
                   ARRAY(SELECT %(hash)s
                           FROM REGEXP_SPLIT_TO_TABLE(COALESCE(co.discipline_allowed_texts, ''), E'\\n') t(line)
                        ) AS allowed
              FROM res_company co
              JOIN (SELECT company_id, MIN(at_least) AS least FROM (%(rules)s) every GROUP BY company_id
                   ) r ON r.company_id = co.id
            """,
            hash=self.env["discipline.fact"]._sql_text_hash(SQL("t.line")),
            rules=self._sql_rules(),
        )

    @api.model
    def _sql_counted(self) -> SQL:
        """That fact `f` is an activity that counted on day `d` and was not taken back by its deadline."""
        return SQL(
            """
            f.kind = 'activity_done' AND f.user_id = d.user_id AND f.company_id = d.company_id
                AND f.happened_at >= d.start AND f.happened_at < d.stop AND f.entered_at <= d.deadline
                AND f.quantity > 0 AND f.origin = 'live'
                AND NOT EXISTS (SELECT FROM discipline_fact b WHERE b.reverses_id = f.id AND b.entered_at <= d.deadline)
            """
        )

    @api.model
    def _sql_found(self, wanted: SQL, enough: SQL = SQL("TRUE")) -> SQL:  # noqa: B008
        """Days on which `at_least` of the activities are `wanted` and the group is `enough`."""
        return SQL(
            """
            SELECT card_id, date, COUNT(*) AS strength, JSONB_AGG(fact_id ORDER BY happened_at, fact_id) AS fact_ids,
                   NULL::jsonb AS line_ids,
                   JSONB_BUILD_OBJECT('n', COUNT(*), 'of', MAX(total), 'bare', COUNT(*) FILTER (WHERE bare)) AS numbers
              FROM done WHERE %s
             GROUP BY card_id, date HAVING COUNT(*) >= MAX(at_least) AND %s
            """,
            wanted,
            enough,
        )
