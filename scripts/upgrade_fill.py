"""Read by `odoo shell`, with the addon of an older version: fill the database with what that version could hold.

The demo company of that version, where it has one: months of work, days scored night by night, months paid. Beside it what
migrations look at and no demo has.
"""

from datetime import timedelta

from odoo import Command, fields

env = globals()["env"]  # given by the shell
NOW = fields.Datetime.now()
TODAY = NOW.date()


def make_people():
    """Two salespeople with a team of their own, for the version without a demo company."""
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": name,
                    "login": name.lower(),
                    "tz": "Europe/Berlin",
                    "group_ids": [Command.link(env.ref("sales_team.group_sale_salesman").id)],
                }
                for name in ("Anna", "Boris")
            ]
        )
    )
    env["crm.team"].create({"name": "North", "user_id": users[0].id, "member_ids": [Command.set(users.ids)]})
    env["hr.employee"].create(
        [
            {
                "name": user.name,
                "user_id": user.id,
                "tz": "Europe/Berlin",
                "date_version": "2020-01-01",
                "contract_date_start": "2020-01-01",
            }
            for user in users
        ]
    )
    env.flush_all()
    for table in ("crm_team", "crm_team_member"):  # Odoo dates memberships by their creation
        env.cr.execute(f"UPDATE {table} SET create_date = '2020-01-01'")
    env.invalidate_all()
    return users


def make_work(users):
    """Three weeks of leads, calls and orders, entered as they happened."""
    model = env["ir.model"]._get_id("crm.lead")
    call = env.ref("mail.mail_activity_data_call")
    product = env["product.product"].create({"name": "Steel", "type": "service", "list_price": 100.0})
    customer = env["res.partner"].create({"name": "Customer Ltd", "is_company": True})
    for number in range(42):
        user, moment = users[number % 2], NOW - timedelta(days=21 - number // 2, hours=number % 5)
        lead = env["crm.lead"].create(
            {
                "name": f"Deal {number}",
                "type": "lead" if number % 4 == 3 else "opportunity",
                "user_id": user.id,
                "partner_id": customer.id,
                "expected_revenue": 100 * number,
            }
        )
        activity = env["mail.activity"].create(
            {
                "res_model_id": model,
                "res_id": lead.id,
                "activity_type_id": call.id,
                "user_id": user.id,
                "date_deadline": moment.date(),
            }
        )
        env.flush_all()
        env.cr.execute("UPDATE crm_lead SET create_date = %s WHERE id = %s", [moment, lead.id])
        env.cr.execute("UPDATE mail_activity SET create_date = %s WHERE id = %s", [moment, activity.id])
        env.invalidate_all()
        if number % 3:
            activity.with_user(user).action_feedback(feedback="Reached")
        if number % 5 == 0 and lead.type == "opportunity":
            lead.action_set_won()
        if number % 7 == 0:
            order = env["sale.order"].create(
                {
                    "partner_id": customer.id,
                    "user_id": user.id,
                    "opportunity_id": lead.id,
                    "order_line": [Command.create({"product_id": product.id, "product_uom_qty": number + 1})],
                }
            )
            order.action_confirm()
    env.flush_all()


def set_back():
    """What was captured just now happened on the days of its leads: nobody waits three weeks for a test."""
    env.cr.execute(
        """
        UPDATE discipline_fact f SET happened_at = ld.create_date + interval '1 hour',
               entered_at = ld.create_date + interval '1 hour'
          FROM crm_lead ld WHERE (f.res_model = 'crm.lead' AND f.res_id = ld.id)
        """
    )
    env.cr.execute(
        """
        UPDATE discipline_span s SET date_from = ld.create_date, date_to = ld.create_date + interval '1 hour'
          FROM crm_lead ld WHERE s.kind = 'opportunity' AND ld.id = s.res_id
        """
    )


def make_company():
    """Three weeks of two people, scored by a daily plan."""
    make_work(make_people())
    set_back()
    lines = [("calls_done", 1), ("deals_open", 3), ("sales_confirmed", 500), ("activities_overdue", 0)]
    plan = env["discipline.plan"].create(
        {
            "name": "Daily discipline",
            "company_id": env.company.id,
            "date_from": TODAY - timedelta(days=20),
            "line_ids": [
                Command.create({"metric_id": env.ref(f"sales_discipline.metric_{code}").id, "target": target})
                for code, target in lines
            ],
        }
    )
    plan.action_activate()
    for days in range(20, -1, -1):
        env["discipline.scorecard"]._score(NOW - timedelta(days=days))


def make_assessment():
    """A score as the first version knew it: without a state, of no card."""
    if "state" in env["discipline.assessment"]._fields:
        return
    metric = env["discipline.metric"].create(
        {"name": "Manners", "code": "manners", "source": "assessment", "unit": "percent"}
    )
    env["discipline.assessment"].create(
        {
            "metric_id": metric.id,
            "employee_id": env["hr.employee"].search([("user_id", "not in", (False, 2))], limit=1).id,
            "assessor_id": env.ref("base.user_admin").id,
            "date_from": TODAY,
            "date_to": TODAY,
            "score": 80.0,
        }
    )


def make_long_run():
    """A payroll run that is at work, half of its people left, as versions before 1.4 wrote it down."""
    if "discipline.payroll" not in env or "discipline.payroll.chunk" in env:
        return
    if "job_left" not in env["discipline.payroll"]._fields:
        return
    company = env["res.company"].create({"name": "Long & Co"})
    people = env["hr.employee"].create(
        [{"name": f"Long {n}", "company_id": company.id, "date_version": "2020-01-01"} for n in range(3)]
    )
    run = env["discipline.payroll"].create({"company_id": company.id, "date_from": TODAY.replace(day=1)})
    env.flush_all()
    env.cr.execute(
        """
        UPDATE discipline_payroll SET state = 'computing', job = 'compute', job_user_id = 2, job_started_at = %s,
               job_left = jsonb_build_object('people', %s::int[], 'changed', '{}'::int[]), job_total = 3, job_done = 1
         WHERE id = %s
        """,
        [NOW, people[1:].ids, run.id],
    )
    env.invalidate_all()


def start_regulations():
    """Rules that run, with steps in every state, where there are any."""
    if "discipline.regulation" not in env:
        return
    rules = env["discipline.regulation"].search([("state", "=", "draft")])
    for rule in rules - env.ref("sales_discipline.regulation_web_lead"):
        rule.action_start()
    env["discipline.regulation"]._cron_run()


if "discipline.demo" in env:
    env["discipline.demo"]._generate()
else:
    make_company()
make_assessment()
make_long_run()
start_regulations()
env["discipline.fact"]._cron_sweep()  # as every night: what the ledger of then makes of it
env.cr.commit()
