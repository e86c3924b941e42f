"""A month's pay in hand-written SQL: the six components of pay.py out of orders, wages and the month's frozen cards.

One statement, told what the addon has to find out: that one scheme holds for everybody, with these steps; that nobody has a
personal rate, a manual amount, an absence, a credit share, a correction; that no card of days was scored. It stores the same
statements and lines, with a sentence instead of an explanation and what went into it instead of what is needed to pay again.
"""

PAY = """
WITH p AS (
    SELECT e.id AS employee_id, e.name, e.user_id, u.sale_team_id AS team_id, e.company_id, co.currency_id, v.wage,
           %(first)s::timestamp AT TIME ZONE r.tz AT TIME ZONE 'UTC' AS start,
           (%(last)s::date + 1)::timestamp AT TIME ZONE r.tz AT TIME ZONE 'UTC' AS stop
      FROM hr_employee e
      JOIN resource_resource r ON r.id = e.resource_id
      JOIN hr_version v ON v.id = e.current_version_id
      JOIN res_users u ON u.id = e.user_id
      JOIN res_company co ON co.id = e.company_id
     WHERE e.active AND u.sale_team_id IS NOT NULL
), sold AS (
    SELECT p.employee_id, SUM(so.amount_untaxed) AS sales
      FROM sale_order so
      JOIN p ON p.user_id = so.user_id AND so.date_order >= p.start AND so.date_order < p.stop
     WHERE so.state = 'sale' AND so.date_order BETWEEN %(first)s::date - 1 AND %(last)s::date + 2
     GROUP BY p.employee_id
), card AS (
    SELECT c.employee_id, c.points, c.efficiency, l.target
      FROM discipline_scorecard c
      JOIN discipline_scorecard_line l ON l.scorecard_id = c.id AND l.metric_id = %(metric)s
     WHERE c.plan_id = %(plan)s AND c.date_from = %(first)s
), known AS (
    SELECT p.*, COALESCE(s.sales, 0) AS sales, c.points, c.efficiency, COALESCE(s.sales, 0) / c.target * 100 AS percent
      FROM p JOIN card c USING (employee_id) LEFT JOIN sold s USING (employee_id)
), reckoned AS (
    SELECT k.*, n.sequence, n.base::numeric, n.rate::numeric, ROUND(n.amount::numeric, 2) AS amount
      FROM known k
     CROSS JOIN LATERAL (VALUES
           (1, wage, 100, wage),
           (2, sales, CASE WHEN sales >= 400000 THEN 3 WHEN sales >= 200000 THEN 2 ELSE 1 END,
               sales * CASE WHEN sales >= 400000 THEN 3 WHEN sales >= 200000 THEN 2 ELSE 1 END / 100),
           (3, sales, CASE WHEN sales >= 100000 THEN 1 ELSE 0.5 END,
               LEAST(sales, 100000) * 0.005 + GREATEST(sales - 100000, 0) * 0.01),
           (4, sales, CASE WHEN percent >= 100 THEN 1 WHEN percent >= 50 THEN 0.5 ELSE 0 END,
               sales * CASE WHEN percent >= 100 THEN 1 WHEN percent >= 50 THEN 0.5 ELSE 0 END / 100),
           (5, 10000, CASE WHEN efficiency >= 90 THEN 100 WHEN efficiency >= 70 THEN 50 ELSE 0 END,
               10000 * CASE WHEN efficiency >= 90 THEN 1 WHEN efficiency >= 70 THEN 0.5 ELSE 0 END),
           (6, points, 50, points * 50)
           ) AS n(sequence, base, rate, amount)
), statement AS (
    INSERT INTO discipline_statement (payroll_id, employee_id, user_id, team_id, company_id, currency_id, scheme_id, days, name,
           state, fingerprint, date_from, date_to, inputs, points, bonus, fine, correction, manual, total, corrected,
           create_uid, create_date, write_uid, write_date)
    SELECT %(payroll)s, employee_id, user_id, team_id, company_id, currency_id, %(scheme)s, 0, name, 'computed',
           encode(sha256(jsonb_agg(amount ORDER BY sequence)::text::bytea), 'hex'), %(first)s, %(last)s,
           jsonb_build_object('cards', points, 'sales', sales), points, COALESCE(SUM(amount) FILTER (WHERE amount > 0), 0),
           COALESCE(SUM(amount) FILTER (WHERE amount < 0), 0), 0, 0, SUM(amount), 0,
           1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC'
      FROM reckoned
     GROUP BY employee_id, user_id, team_id, company_id, currency_id, name, points, sales
    RETURNING id, employee_id
)
INSERT INTO discipline_statement_line (statement_id, payroll_id, sequence, component_id, employee_id, user_id, team_id,
       company_id, currency_id, kind, name, month, date_from, date_to, inputs, explanation, base, rate, amount, create_uid,
       create_date, write_uid, write_date)
SELECT s.id, %(payroll)s, r.sequence, k.id, r.employee_id, r.user_id, r.team_id, r.company_id, r.currency_id, k.kind, k.name,
       %(first)s, %(first)s, %(last)s, jsonb_build_object('sales', r.sales, 'efficiency', r.efficiency),
       format('%%s x %%s %%%% = %%s', r.base, r.rate, r.amount), r.base, r.rate, r.amount,
       1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC'
  FROM reckoned r
  JOIN statement s USING (employee_id)
  JOIN discipline_component k ON k.scheme_id = %(scheme)s AND k.sequence = r.sequence - 1
"""

AMOUNTS = """
SELECT employee_id, kind, name, ROUND(amount, 2) FROM discipline_statement_line WHERE payroll_id = %s AND amount <> 0
 ORDER BY 1, 2, 3
"""
