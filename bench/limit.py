"""The same work in hand-written SQL: what the addon is measured against.

One statement counts ten metrics of everybody on their own local day (or month), judges them and stores cards and lines by
INSERT .. SELECT, in the addon's own tables with all their keys and indexes. It knows what the addon has to find
out: that nobody has leave or works part time, that no target is personal, that no plan carries late entries over.
COUNTS reads Odoo's tables, with the indexes that Odoo gives them; LEDGER_COUNTS the addon's ledger.
"""

# whose day (or month, from `first` to `day`) it is, from when until when, and what counts as entered in time
PEOPLE = """
WITH p AS MATERIALIZED (
    SELECT e.id AS employee_id, e.user_id, u.sale_team_id AS team_id, e.company_id, r.tz,
           %(first)s::timestamp AT TIME ZONE r.tz AT TIME ZONE 'UTC' AS start,
           (%(day)s::date + 1)::timestamp AT TIME ZONE r.tz AT TIME ZONE 'UTC' AS stop,
           (%(day)s::date + time '18:00') AT TIME ZONE r.tz AT TIME ZONE 'UTC' AS deadline
      FROM hr_employee e
      JOIN resource_resource r ON r.id = e.resource_id
      JOIN res_users u ON u.id = e.user_id
     WHERE e.active AND u.sale_team_id IS NOT NULL AND e.create_date::date <= %(day)s::date
)
"""

COUNTS = """
, a AS (
    SELECT p.employee_id, a.write_date <= p.deadline AS in_time, t.id = %(proposal)s AS is_proposal, a.res_id AS lead_id,
           t.category = 'phonecall' AS is_call, t.id = %(cold)s AS is_cold, t.category = 'meeting' AS is_meeting
      FROM mail_activity a
      JOIN p ON p.user_id = a.user_id AND a.write_date >= p.start AND a.write_date < p.stop
      JOIN mail_activity_type t ON t.id = a.activity_type_id
     WHERE NOT a.active AND a.date_done BETWEEN %(first)s::date - 1 AND %(day)s::date + 1
), activities AS (
    SELECT employee_id,
           COUNT(*) FILTER (WHERE is_call AND in_time) AS calls, COUNT(*) FILTER (WHERE is_call AND NOT in_time) AS calls_late,
           COUNT(*) FILTER (WHERE is_cold AND in_time) AS cold, COUNT(*) FILTER (WHERE is_cold AND NOT in_time) AS cold_late,
           COUNT(*) FILTER (WHERE is_meeting AND in_time) AS meetings,
           COUNT(*) FILTER (WHERE is_meeting AND NOT in_time) AS meetings_late
      FROM a GROUP BY employee_id
), proposals AS (
    SELECT employee_id, SUM(sent) FILTER (WHERE in_time) AS sent, SUM(sent) FILTER (WHERE NOT in_time) AS sent_late
      FROM (SELECT employee_id, in_time, GREATEST(COUNT(order_id), COUNT(*) - COUNT(order_id)) AS sent
              FROM (SELECT p.employee_id, so.date_order <= p.deadline AS in_time, so.opportunity_id AS lead_id, so.id AS order_id
                      FROM sale_order so
                      JOIN p ON p.user_id = so.user_id AND so.date_order >= p.start AND so.date_order < p.stop
                     WHERE so.state = 'sent' AND so.date_order BETWEEN %(first)s::date - 1 AND %(day)s::date + 2
                     UNION ALL
                    SELECT employee_id, in_time, lead_id, NULL FROM a WHERE is_proposal) s
             GROUP BY employee_id, in_time, lead_id, CASE WHEN lead_id IS NULL THEN order_id END) d
     GROUP BY employee_id
), begun AS (
    SELECT p.employee_id, COUNT(*) FILTER (WHERE t.at <= p.deadline) AS deals,
           COUNT(*) FILTER (WHERE t.at > p.deadline) AS deals_late
      FROM crm_lead ld
     CROSS JOIN LATERAL (SELECT COALESCE(ld.date_conversion, ld.create_date) AS at) t
      JOIN p ON p.user_id = ld.user_id AND t.at >= p.start AND t.at < p.stop
     WHERE ld.type = 'opportunity' AND t.at BETWEEN %(first)s::date - 1 AND %(day)s::date + 2
     GROUP BY p.employee_id
), closed AS (
    SELECT p.employee_id,
           COUNT(*) FILTER (WHERE ld.won_status = 'won' AND ld.date_closed <= p.deadline) AS won,
           COUNT(*) FILTER (WHERE ld.won_status = 'won' AND ld.date_closed > p.deadline) AS won_late,
           SUM(ld.expected_revenue) FILTER (WHERE ld.won_status = 'won' AND ld.date_closed <= p.deadline) AS amount,
           SUM(ld.expected_revenue) FILTER (WHERE ld.won_status = 'won' AND ld.date_closed > p.deadline) AS amount_late,
           COUNT(*) FILTER (WHERE ld.won_status = 'lost' AND ld.date_closed <= p.deadline) AS lost,
           COUNT(*) FILTER (WHERE ld.won_status = 'lost' AND ld.date_closed > p.deadline) AS lost_late
      FROM crm_lead ld
      JOIN p ON p.user_id = ld.user_id AND ld.date_closed >= p.start AND ld.date_closed < p.stop
     WHERE ld.won_status IN ('won', 'lost') AND ld.date_closed BETWEEN %(first)s::date - 1 AND %(day)s::date + 2
     GROUP BY p.employee_id
), sold AS (
    SELECT p.employee_id, SUM(so.amount_untaxed) FILTER (WHERE so.date_order <= p.deadline) AS sales,
           SUM(so.amount_untaxed) FILTER (WHERE so.date_order > p.deadline) AS sales_late
      FROM sale_order so
      JOIN p ON p.user_id = so.user_id AND so.date_order >= p.start AND so.date_order < p.stop
     WHERE so.state = 'sale' AND so.date_order BETWEEN %(first)s::date - 1 AND %(day)s::date + 2
     GROUP BY p.employee_id
), overdue AS (
    SELECT p.employee_id, COUNT(*) AS overdue, jsonb_agg(a.id ORDER BY a.id) AS ids
      FROM mail_activity a
      JOIN p ON p.user_id = a.user_id
     WHERE a.date_deadline < %(day)s AND a.create_date <= p.deadline AND (a.active OR a.write_date > p.deadline)
       AND (a.active OR a.date_done >= %(day)s::date - 1)
     GROUP BY p.employee_id
)
"""

# the same seven common tables out of the ledger, one scan of its index for all kinds
LEDGER_COUNTS = """
, f AS (
    SELECT p.employee_id, f.kind, f.entered_at <= p.deadline AS in_time, f.quantity, f.amount, f.activity_type_id AS type_id,
           t.category
      FROM p
      JOIN discipline_fact f ON f.user_id = p.user_id AND f.happened_at >= p.start AND f.happened_at < p.stop
           AND f.company_id = p.company_id AND f.kind IN (
               'activity_done', 'opportunity_created', 'lead_won', 'lead_lost', 'order_confirmed', 'quotation_sent')
      LEFT JOIN mail_activity_type t ON t.id = f.activity_type_id
), counted AS (
    SELECT employee_id,
           SUM(quantity) FILTER (WHERE category = 'phonecall' AND in_time) AS calls,
           SUM(quantity) FILTER (WHERE category = 'phonecall' AND NOT in_time) AS calls_late,
           SUM(quantity) FILTER (WHERE type_id = %(cold)s AND in_time) AS cold,
           SUM(quantity) FILTER (WHERE type_id = %(cold)s AND NOT in_time) AS cold_late,
           SUM(quantity) FILTER (WHERE category = 'meeting' AND in_time) AS meetings,
           SUM(quantity) FILTER (WHERE category = 'meeting' AND NOT in_time) AS meetings_late,
           SUM(quantity) FILTER (WHERE kind = 'opportunity_created' AND in_time) AS deals,
           SUM(quantity) FILTER (WHERE kind = 'opportunity_created' AND NOT in_time) AS deals_late,
           SUM(quantity) FILTER (WHERE kind = 'lead_won' AND in_time) AS won,
           SUM(quantity) FILTER (WHERE kind = 'lead_won' AND NOT in_time) AS won_late,
           SUM(amount) FILTER (WHERE kind = 'lead_won' AND in_time) AS amount,
           SUM(amount) FILTER (WHERE kind = 'lead_won' AND NOT in_time) AS amount_late,
           SUM(quantity) FILTER (WHERE kind = 'lead_lost' AND in_time) AS lost,
           SUM(quantity) FILTER (WHERE kind = 'lead_lost' AND NOT in_time) AS lost_late,
           SUM(amount) FILTER (WHERE kind = 'order_confirmed' AND in_time) AS sales,
           SUM(amount) FILTER (WHERE kind = 'order_confirmed' AND NOT in_time) AS sales_late
      FROM f GROUP BY employee_id
), activities AS (SELECT employee_id, calls, calls_late, cold, cold_late, meetings, meetings_late FROM counted
), begun AS (SELECT employee_id, deals, deals_late FROM counted
), closed AS (SELECT employee_id, won, won_late, amount, amount_late, lost, lost_late FROM counted
), sold AS (SELECT employee_id, sales, sales_late FROM counted
), proposals AS (
    SELECT employee_id, SUM(sent) FILTER (WHERE in_time) AS sent, SUM(sent) FILTER (WHERE NOT in_time) AS sent_late
      FROM (SELECT p.employee_id, f.entered_at <= p.deadline AS in_time,
                   GREATEST(SUM(f.quantity) FILTER (WHERE f.kind = 'quotation_sent'),
                            SUM(f.quantity) FILTER (WHERE f.kind = 'activity_done')) AS sent
              FROM p
              JOIN discipline_fact f ON f.user_id = p.user_id AND f.happened_at >= p.start AND f.happened_at < p.stop
                   AND (f.kind = 'quotation_sent' OR f.kind = 'activity_done' AND f.activity_type_id = %(proposal)s)
             GROUP BY p.employee_id, in_time, COALESCE('crm.lead,' || (f.details->>'lead'), f.res_model || ',' || f.res_id)) d
     GROUP BY employee_id
), overdue AS (
    SELECT p.employee_id, COUNT(*) AS overdue, jsonb_agg(o.id ORDER BY o.id) AS ids
      FROM (SELECT id, user_id, date_deadline AS deadline, COALESCE(open_since, create_date) AS since,
                   'infinity'::timestamp AS until FROM mail_activity WHERE active
             UNION ALL
            SELECT res_id, user_id, deadline, date_from, date_to FROM discipline_span
             WHERE kind = 'activity' AND date_to > (SELECT MIN(deadline) FROM p)) o
      JOIN p ON p.user_id = o.user_id AND o.since <= p.deadline AND o.until > p.deadline
     WHERE o.deadline < %(day)s
     GROUP BY p.employee_id
)
"""

# a row a person and metric; `judged` has what a line is made of
JUDGE = """
, measured AS MATERIALIZED (
    SELECT p.employee_id, v.code, COALESCE(v.value, 0)::float8 AS actual, COALESCE(v.late, 0)::float8 AS late, v.ids
      FROM p
      LEFT JOIN activities USING (employee_id)
      LEFT JOIN proposals USING (employee_id)
      LEFT JOIN begun USING (employee_id)
      LEFT JOIN closed USING (employee_id)
      LEFT JOIN sold USING (employee_id)
      LEFT JOIN overdue USING (employee_id)
     CROSS JOIN LATERAL (VALUES
           ('calls_done', calls::numeric, calls_late::numeric, NULL::jsonb), ('calls_cold', cold, cold_late, NULL),
           ('meetings_done', meetings, meetings_late, NULL), ('proposals_sent', sent, sent_late, NULL),
           ('opportunities_new', deals, deals_late, NULL), ('deals_won', won, won_late, NULL),
           ('deals_won_amount', amount, amount_late, NULL), ('deals_lost', lost, lost_late, NULL),
           ('sales_confirmed', sales, sales_late, NULL), ('activities_overdue', overdue, 0, COALESCE(ids, '[]'))
           ) v(code, value, late, ids)
)
"""

JUDGED = """
, judged AS MATERIALIZED (
    SELECT m.employee_id, l.id AS plan_line_id, l.metric_id, l.sequence, l.category, l.scope, l.weight, l.target, m.actual,
           m.late, b.actual AS previous, c.completion, m.ids, c.completion >= 99.9999995 AS done,
           CASE WHEN c.completion >= l.green_from THEN 'green' WHEN c.completion >= l.yellow_from THEN 'yellow'
                ELSE 'red' END AS zone,
           CASE WHEN b.actual IS NULL THEN 'none' WHEN m.actual > b.actual THEN 'up' WHEN m.actual < b.actual THEN 'down'
                ELSE 'flat' END AS trend,
           CASE WHEN c.completion >= 99.9999995 THEN l.points_done ELSE l.points_missed END AS points
      FROM measured m
      JOIN discipline_metric d ON d.code = m.code
      JOIN discipline_plan_line l ON l.plan_id = %(plan)s AND l.metric_id = d.id
     CROSS JOIN LATERAL (SELECT CASE
           WHEN d.higher_is_better THEN CASE WHEN l.target <> 0 THEN 100 * m.actual / l.target ELSE 100 END
           WHEN m.actual <= l.target THEN 100 ELSE 100 * l.target / m.actual END AS completion) c
      LEFT JOIN (SELECT s.employee_id, bl.metric_id, bl.actual FROM discipline_scorecard s
                   JOIN discipline_scorecard_line bl ON bl.scorecard_id = s.id
                  WHERE s.plan_id = %(plan)s AND s.date_from = %(before)s) b
             ON b.employee_id = m.employee_id AND b.metric_id = l.metric_id
), total AS (
    SELECT employee_id, SUM(points) AS points, SUM(weight * LEAST(completion, 100)) / SUM(weight) AS efficiency,
           COUNT(*) FILTER (WHERE done) AS done, COUNT(*) AS lines
      FROM judged GROUP BY employee_id
)
"""
