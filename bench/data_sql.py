"""The statements that make the data, in their order; data.py says with which parameters."""

PEOPLE = """
CREATE TABLE bench_person AS
    SELECT n, (%(zones)s)[1 + n %% array_length(%(zones)s, 1)] AS tz, (%(teams)s)[1 + n / %(a_team)s] AS team_id,
           nextval('res_partner_id_seq')::int AS partner_id, nextval('res_users_id_seq')::int AS user_id,
           nextval('resource_resource_id_seq')::int AS resource_id, nextval('hr_version_id_seq')::int AS version_id,
           nextval('hr_employee_id_seq')::int AS employee_id
      FROM generate_series(0, %(people)s - 1) n;
ALTER TABLE bench_person ADD PRIMARY KEY (n);
INSERT INTO res_partner (id, name, complete_name, email, email_normalized, type, active, is_company, autopost_bills,
                         commercial_partner_id, tz, lang, partner_share, create_uid, create_date, write_date)
    SELECT partner_id, 'Seller ' || n, 'Seller ' || n, 'seller' || n || '@example.com', 'seller' || n || '@example.com',
           'contact', TRUE, FALSE, 'ask', partner_id, tz, 'en_US', FALSE, 1, '2025-01-01', '2025-01-01'
      FROM bench_person;
INSERT INTO res_users (id, login, partner_id, company_id, active, share, notification_type, sale_team_id, create_uid,
                       create_date, write_date)
    SELECT user_id, 'seller' || n, partner_id, %(company)s, TRUE, FALSE, 'inbox', team_id, 1, '2025-01-01', '2025-01-01'
      FROM bench_person;
INSERT INTO res_company_users_rel (cid, user_id) SELECT %(company)s, user_id FROM bench_person;
INSERT INTO res_groups_users_rel (gid, uid) SELECT gid, user_id FROM bench_person, unnest(%(groups)s) gid;
INSERT INTO resource_resource (id, name, company_id, user_id, calendar_id, resource_type, tz, active, time_efficiency,
                               create_date, write_date)
    SELECT resource_id, 'Seller ' || n, %(company)s, user_id, %(calendar)s, 'user', tz, TRUE, 100, '2025-01-01', '2025-01-01'
      FROM bench_person;
INSERT INTO hr_employee (id, name, resource_id, company_id, user_id, work_contact_id, active, create_date, write_date)
    SELECT employee_id, 'Seller ' || n, resource_id, %(company)s, user_id, partner_id, TRUE, '2025-01-01', '2025-01-01'
      FROM bench_person;
INSERT INTO hr_version (id, employee_id, company_id, date_version, resource_calendar_id, active, hr_responsible_id,
                        distance_home_work_unit, marital, employee_type, last_modified_date, last_modified_uid,
                        create_date, write_date)
    SELECT version_id, employee_id, %(company)s, '2025-01-01', %(calendar)s, TRUE, 1, 'kilometers', 'single', 'employee',
           '2025-01-01', 1, '2025-01-01', '2025-01-01'
      FROM bench_person;
UPDATE hr_employee e SET current_version_id = b.version_id FROM bench_person b WHERE b.employee_id = e.id;
INSERT INTO crm_team_member (crm_team_id, user_id, active, create_date, write_date)
    SELECT team_id, user_id, TRUE, '2025-01-01', '2025-01-01' FROM bench_person;
ANALYZE bench_person;
"""

# every fourth is a company; addresses and prices do not matter here
PARTNERS = """
CREATE TABLE bench_partner AS
    SELECT n, nextval('res_partner_id_seq')::int AS partner_id FROM generate_series(0, %(partners)s - 1) n;
ALTER TABLE bench_partner ADD PRIMARY KEY (n);
INSERT INTO res_partner (id, name, complete_name, type, active, is_company, autopost_bills, commercial_partner_id,
                         partner_share, create_uid, create_date, write_date)
    SELECT c.partner_id, 'Customer ' || c.n, 'Customer ' || c.n, 'contact', TRUE, c.n %% 4 = 0, 'ask', c.partner_id, TRUE,
           p.user_id, t.at, t.at
      FROM bench_partner c
      JOIN bench_person p ON p.n = c.n %% %(people)s
     CROSS JOIN LATERAL (SELECT %(last)s::timestamp - interval '90 days'
                                + c.n * interval '1 day' * 90 / %(partners)s AS at) t;
"""

# a fourth are leads, the rest opportunities, a fifth of which are won and a fifth lost within three weeks
LEADS = """
CREATE TABLE bench_lead AS
    SELECT i AS n, nextval('crm_lead_id_seq')::int AS lead_id, p.user_id, p.team_id, c.partner_id, i %% 4 > 0 AS deal,
           round((1000 + random() * 50000)::numeric, 2) AS revenue,
           (d.day + time '08:00' + random() * interval '12 hours') AT TIME ZONE p.tz AT TIME ZONE 'UTC' AS created,
           (e.day + time '08:00' + random() * interval '12 hours') AT TIME ZONE p.tz AT TIME ZONE 'UTC' AS closed,
           CASE WHEN i %% 4 = 0 OR e.n = d.n OR r.luck >= 0.4 THEN 'pending' WHEN r.luck < 0.2 THEN 'won'
                ELSE 'lost' END AS status
      FROM (SELECT i, i::int8 * (SELECT COUNT(*) FROM bench_day) / %(leads)s AS n, random() AS luck,
                   floor(random() * 15)::int AS took
              FROM generate_series(0, %(leads)s - 1) i) r
      JOIN bench_day d ON d.n = r.n
      JOIN bench_day e ON e.n = LEAST(r.n + r.took, (SELECT MAX(n) FROM bench_day))
      JOIN bench_person p ON p.n = i %% %(people)s
      JOIN bench_partner c ON c.n = i %% %(partners)s
     ORDER BY i;
ALTER TABLE bench_lead ADD PRIMARY KEY (n);
ANALYZE bench_lead;
INSERT INTO crm_lead (id, name, type, user_id, team_id, company_id, partner_id, stage_id, active, won_status, probability,
                      expected_revenue, date_closed, create_uid, write_uid, create_date, write_date)
    SELECT lead_id, 'Deal ' || n, CASE WHEN deal THEN 'opportunity' ELSE 'lead' END, user_id, team_id, %(company)s,
           partner_id, CASE status WHEN 'won' THEN %(won)s ELSE %(new)s END, status <> 'lost', status,
           CASE status WHEN 'won' THEN 100 WHEN 'lost' THEN 0 ELSE 20 END, revenue,
           CASE WHEN status <> 'pending' THEN closed END, user_id, user_id, created,
           CASE WHEN status <> 'pending' THEN closed ELSE created END
      FROM bench_lead ORDER BY n;
"""

# planned up to five days before; done between 8:00 and 20:00, so that some of it is entered after the deadline. One
# in twenty of the older ones was written again later: when it was done, only Odoo's message tells
ACTIVITIES_DONE = """
INSERT INTO mail_activity (res_model_id, res_model, res_id, res_name, activity_type_id, user_id, summary, date_deadline,
                           date_done, active, automated, create_uid, write_uid, create_date, write_date)
    SELECT %(model)s, 'crm.lead', ld.lead_id, 'Deal ' || ld.n,
           (SELECT id FROM bench_type t WHERE t.below > a.kind ORDER BY below LIMIT 1),
           p.user_id, 'Bench', d.day + (floor(a.due * 4))::int - 2, t.done::date, FALSE, FALSE, p.user_id, p.user_id,
           t.done - a.early * interval '5 days',
           CASE WHEN a.i %% 20 = 0 AND d.day < %(last)s::date - 50 THEN t.done + interval '3 days' ELSE t.done END
      FROM (SELECT i, i::int8 * (SELECT COUNT(*) FROM bench_day) / %(activities)s AS day, random() AS kind, random() AS due,
                   random() AS early, floor(random() * %(people)s)::int AS person, floor(random() * %(leads)s)::int AS lead,
                   random() AS hour
              FROM generate_series(0, %(activities)s - 1) i OFFSET 0) a
      JOIN bench_day d ON d.n = a.day
      JOIN bench_person p ON p.n = a.person
      JOIN bench_lead ld ON ld.n = a.lead
     CROSS JOIN LATERAL (SELECT (d.day + time '08:00' + a.hour * interval '12 hours')
                                AT TIME ZONE p.tz AT TIME ZONE 'UTC' AS done) t
     ORDER BY a.day, a.hour;
"""

ACTIVITIES_OPEN = """
INSERT INTO mail_activity (res_model_id, res_model, res_id, res_name, activity_type_id, user_id, summary, date_deadline,
                           active, automated, create_uid, write_uid, create_date, write_date)
    SELECT %(model)s, 'crm.lead', ld.lead_id, 'Deal ' || ld.n,
           (SELECT id FROM bench_type t WHERE t.below > a.kind ORDER BY below LIMIT 1),
           p.user_id, 'Bench', %(last)s::date + a.due, TRUE, FALSE, p.user_id, p.user_id, t.at, t.at
      FROM (SELECT i, random() AS kind, floor(random() * 40)::int - 10 AS due, random() AS age,
                   floor(random() * %(people)s)::int AS person, floor(random() * %(leads)s)::int AS lead
              FROM generate_series(0, %(open)s - 1) i OFFSET 0) a
      JOIN bench_person p ON p.n = a.person
      JOIN bench_lead ld ON ld.n = a.lead
     CROSS JOIN LATERAL (SELECT %(last)s::timestamp + interval '8 hours' - a.age * interval '30 days' AS at) t;
"""

# what Odoo posts on the document when an activity is done
MESSAGES = """
INSERT INTO mail_message (model, res_id, date, message_type, subtype_id, mail_activity_type_id, author_id, email_from,
                          message_id, body, is_internal, create_uid, write_uid, create_date, write_date)
    SELECT a.res_model, a.res_id, t.at, 'notification', %(done)s, a.activity_type_id, p.partner_id,
           'seller' || p.n || '@example.com', '<bench.' || a.id || '@example.com>', '<p>Call done</p>', FALSE,
           p.user_id, p.user_id, t.at, t.at
      FROM mail_activity a
      JOIN bench_person p ON p.user_id = a.user_id
     CROSS JOIN LATERAL (SELECT CASE WHEN a.write_date::date = a.date_done THEN a.write_date
                                     ELSE a.write_date - interval '3 days' END AS at) t
     WHERE NOT a.active AND a.summary = 'Bench'
     ORDER BY a.id;
"""

# of seven in ten confirmed, the rest are sent, drafts or cancelled; half come from an opportunity
ORDERS = """
INSERT INTO sale_order (name, state, company_id, partner_id, partner_invoice_id, partner_shipping_id, user_id, team_id,
                        currency_id, currency_rate, amount_untaxed, amount_tax, amount_total, date_order, opportunity_id,
                        create_uid, write_uid, create_date, write_date)
    SELECT 'B' || i, CASE WHEN luck < 0.7 THEN 'sale' WHEN luck < 0.85 THEN 'sent' WHEN luck < 0.95 THEN 'draft'
                          ELSE 'cancel' END,
           %(company)s, ld.partner_id, ld.partner_id, ld.partner_id, p.user_id, p.team_id, %(currency)s, 1, o.amount, 0,
           o.amount, t.at, CASE WHEN i %% 2 = 0 THEN ld.lead_id END, p.user_id, p.user_id, t.at, t.at
      FROM (SELECT i, i::int8 * (SELECT COUNT(*) FROM bench_day) / %(orders)s AS day, random() AS luck, random() AS hour,
                   round((100 + random() * 20000)::numeric, 2) AS amount, floor(random() * %(leads)s)::int AS lead,
                   floor(random() * %(people)s)::int AS person
              FROM generate_series(0, %(orders)s - 1) i OFFSET 0) o
      JOIN bench_day d ON d.n = o.day
      JOIN bench_person p ON p.n = o.person
      JOIN bench_lead ld ON ld.n = o.lead
     CROSS JOIN LATERAL (SELECT (d.day + time '08:00' + o.hour * interval '12 hours')
                                AT TIME ZONE p.tz AT TIME ZONE 'UTC' AS at) t
     ORDER BY i;
"""

# every order has a line, every other one a second, which shares its amount
ORDER_LINES = """
INSERT INTO sale_order_line (order_id, company_id, currency_id, order_partner_id, salesman_id, product_id, product_uom_id,
                             sequence, name, state, product_uom_qty, price_unit, price_subtotal, price_tax, price_total,
                             qty_delivered_method, customer_lead, create_uid, write_uid, create_date, write_date)
    SELECT so.id, so.company_id, so.currency_id, so.partner_id, so.user_id, b.product_id, b.uom_id, part, 'Product ' || b.n,
           so.state, 1, v.amount, v.amount, 0, v.amount, 'manual', 0, so.create_uid, so.write_uid, so.create_date,
           so.write_date
      FROM sale_order so
     CROSS JOIN LATERAL generate_series(0, so.id %% 2) part
     CROSS JOIN LATERAL (SELECT so.amount_untaxed / (1 + so.id %% 2) AS amount) v
      JOIN bench_product b ON b.n = (so.id * 7 + part) %% (SELECT COUNT(*) FROM bench_product)
     WHERE so.name LIKE 'B%%';
"""

QUERIES = (PARTNERS, LEADS, ACTIVITIES_DONE, ACTIVITIES_OPEN, MESSAGES, ORDERS, ORDER_LINES)
