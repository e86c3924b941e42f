"""The statements that are measured, put together from the parts in limit.py."""

import limit

INSERT = """
, card AS (
    INSERT INTO discipline_scorecard (employee_id, user_id, team_id, plan_id, company_id, period, date_from, date_to, tz,
           hours, scheduled_hours, norm_hours, deadline, trial, backfilled, state, frozen_at, points, efficiency, done_count,
           line_count, create_uid, create_date, write_uid, write_date)
    SELECT p.employee_id, p.user_id, p.team_id, %(plan)s, p.company_id, %(period)s, %(first)s, %(day)s, p.tz,
           %(hours)s, %(hours)s, %(hours)s, p.deadline,
           FALSE, %(now)s::timestamp - interval '1 day' > p.deadline, 'frozen', %(now)s, t.points, t.efficiency, t.done,
           t.lines, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC'
      FROM p JOIN total t USING (employee_id)
    RETURNING id, employee_id, company_id
)
INSERT INTO discipline_scorecard_line (scorecard_id, plan_line_id, metric_id, company_id, currency_id, sequence, category,
       scope, weight, target, actual, late, previous, adjustment, completion, zone, trend, done, points, record_ids)
SELECT c.id, j.plan_line_id, j.metric_id, c.company_id, co.currency_id, j.sequence, j.category, j.scope, j.weight, j.target,
       j.actual, j.late, j.previous, 0, j.completion, j.zone, j.trend, j.done, j.points, j.ids
  FROM judged j
  JOIN card c USING (employee_id)
  JOIN res_company co ON co.id = c.company_id
"""

# of cards that are open already, with the lines of this morning
UPDATE = """
, card AS (
    UPDATE discipline_scorecard c
       SET points = t.points, efficiency = t.efficiency, done_count = t.done, line_count = t.lines, state = 'frozen',
           frozen_at = %(now)s
      FROM total t
     WHERE c.employee_id = t.employee_id AND c.plan_id = %(plan)s AND c.date_from = %(first)s AND c.state = 'open'
    RETURNING c.id, c.employee_id
)
UPDATE discipline_scorecard_line l
   SET actual = j.actual, late = j.late, previous = j.previous, completion = j.completion, zone = j.zone, trend = j.trend,
       done = j.done, points = j.points, record_ids = j.ids
  FROM judged j
  JOIN card c USING (employee_id)
 WHERE l.scorecard_id = c.id AND l.plan_line_id = j.plan_line_id
   AND (l.actual, l.late, l.previous, l.completion, l.zone, l.trend, l.done, l.points, l.record_ids) IS DISTINCT FROM
       (j.actual, j.late, j.previous, j.completion, j.zone, j.trend, j.done, j.points, j.ids)
"""

COUNT = "SELECT employee_id, code, actual, late, ids FROM measured"

FREEZE = limit.PEOPLE + limit.COUNTS + limit.JUDGE + limit.JUDGED + INSERT
FREEZE_LEDGER = limit.PEOPLE + limit.LEDGER_COUNTS + limit.JUDGE + limit.JUDGED + INSERT
FREEZE_OPEN = limit.PEOPLE + limit.COUNTS + limit.JUDGE + limit.JUDGED + UPDATE
FREEZE_OPEN_LEDGER = limit.PEOPLE + limit.LEDGER_COUNTS + limit.JUDGE + limit.JUDGED + UPDATE
MEASURE = limit.PEOPLE + limit.COUNTS + limit.JUDGE + COUNT
MEASURE_LEDGER = limit.PEOPLE + limit.LEDGER_COUNTS + limit.JUDGE + COUNT


def is_freeze(query: str) -> bool:
    """Whether it freezes cards."""
    return query not in (MEASURE, MEASURE_LEDGER)


# everything that a day's cards and lines hold, but for their ids and the stamps of who stored them when
EVIDENCE = """
SELECT c.employee_id, l.metric_id, c.user_id, c.team_id, c.plan_id, c.company_id, c.period, c.date_from, c.date_to, c.tz, c.hours,
       c.scheduled_hours, c.norm_hours, c.deadline, c.state, c.frozen_at, ROUND(c.points::numeric, 4),
       ROUND(c.efficiency::numeric, 4), c.done_count, c.line_count, c.trial, c.backfilled, l.plan_line_id, l.company_id,
       l.currency_id, l.sequence, l.category, l.scope, l.weight, ROUND(l.target::numeric, 4), ROUND(l.actual::numeric, 4),
       ROUND(l.late::numeric, 4), ROUND(l.previous::numeric, 4), l.adjustment, ROUND(l.completion::numeric, 4), l.zone, l.trend,
       l.done, ROUND(l.points::numeric, 4), l.record_ids::text
  FROM discipline_scorecard c
  JOIN discipline_scorecard_line l ON l.scorecard_id = c.id
 WHERE c.plan_id = %(plan)s AND c.date_from >= %(since)s
 ORDER BY c.date_from, c.employee_id, l.metric_id
"""

DIGEST = f"""
SELECT e.date_from, COUNT(*), md5(string_agg(e::text, '|' ORDER BY e.employee_id, e.metric_id))
  FROM ({EVIDENCE}) e GROUP BY e.date_from ORDER BY e.date_from
"""
