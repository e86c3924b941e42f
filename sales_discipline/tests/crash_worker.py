"""Read by `odoo shell` in the processes that test_crash.py starts and kills.

CRASH_JOB   score: the scheduled action, until nothing is left to do    setup: people, a plan and facts first
            pay, confirm: a long payroll run, by its scheduled action    setup_pay: the run first, _again: the next one
            press: somebody presses Confirm of a short one
            setup_buttons: a plan on trial, a time study and a campaign first    buttons: somebody presses their buttons
CRASH_MONTH of the run, March if it is not given
CRASH_STOP  do the n-th batch, or freeze it only half, say so, and wait to be killed before it is committed
CRASH_PAUSE seconds to wait there, rather than to be killed
CRASH_GO    say READY and wait until that file is there; for buttons one file after the other, its name and 1, 2, 3
"""

import os
import sys
import time
from pathlib import Path

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tools import mute_logger

from odoo.addons.sales_discipline.models import discipline_payroll_chunk as chunks
from odoo.addons.sales_discipline.models import discipline_payroll_job as jobs
from odoo.addons.sales_discipline.models import discipline_scorecard_cron as cron
from odoo.addons.sales_discipline.models import discipline_scorecard_due as due
from odoo.addons.sales_discipline.models import discipline_scorecard_score as score

env = globals()["env"]  # given by the shell
NOW = "2026-03-28 12:00:00"  # a Saturday: nothing is open
MONTH = os.environ.get("CRASH_MONTH", "2026-03-01")
PAID = {"2026-03-01": "2026-04-05 12:00:00", "2026-04-01": "2026-05-05 12:00:00"}[MONTH]
PAUSE = float(os.environ.get("CRASH_PAUSE", 600))
PEOPLE, BATCH, PAY_BATCH = 12, 5, 2
LINES = [("companies_added", 2.0), ("deals_won_amount", 500.0), ("deals_open", 3.0)]
ZONES = ("Europe/Berlin", "Asia/Vladivostok", "America/New_York")


def say(word):
    """To the test that listens."""
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def wait(number=""):
    """Until the test says go."""
    if go := os.environ.get("CRASH_GO"):
        say(f"READY{number}")
        while not Path(f"{go}{number}").exists():
            time.sleep(0.005)


def setup():
    """Twelve people with a daily plan of twenty working days, and facts."""
    env["discipline.plan"].search([])._moving().active = False
    company = env.company
    company.resource_calendar_id.tz = "UTC"
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [{"name": f"Crash {i}", "login": f"crash_{i}", "company_id": company.id} for i in range(PEOPLE)]
        )
    )
    employees = env["hr.employee"].create(
        [
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": company.id,
                "tz": ZONES[number % len(ZONES)],
                "resource_calendar_id": company.resource_calendar_id.id,
                "date_version": "2020-01-01",
                "contract_date_start": "2020-01-01",
            }
            for number, user in enumerate(users)
        ]
    )
    lines = [
        Command.create({"metric_id": env.ref(f"sales_discipline.metric_{code}").id, "target": target})
        for code, target in LINES
    ]
    vals = {"name": "Crash", "date_from": "2026-03-02", "employee_ids": employees.ids, "line_ids": lines}
    env["discipline.plan"].create({**vals, "company_id": company.id}).action_activate()
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO discipline_fact (kind, source_id, user_id, company_id, happened_at, entered_at, quantity, amount, origin)
        SELECT k, u * 1000 + d, u, %s, moment, moment, 1, 100 * (u %% 7) + d, 'live'
          FROM unnest(%s) u, generate_series(1, 30) d, unnest(ARRAY['company_created', 'lead_won']) k,
               LATERAL (SELECT timestamp '2026-03-01' + d * interval '1 day' + (u * d %% 24) * interval '1 hour' AS moment) m
        """,
        [company.id, users.ids],
    )
    env.cr.commit()


def run():
    """The scheduled action again and again, in small batches, each a little slow."""
    cron.BATCH = due.BATCH = BATCH
    stop, batches = int(os.environ.get("CRASH_STOP", 0)), 0
    store_lines = score.DisciplineScorecard._store_lines

    def slowly(self, rows, new=False):
        nonlocal batches
        batches += 1
        if batches == stop:
            say("HALFWAY")
            time.sleep(PAUSE)
        time.sleep(0.03)
        store_lines(self, rows, new)

    score.DisciplineScorecard._store_lines = slowly
    wait()
    with freeze_time(NOW):
        for _attempt in range(200):
            env["discipline.scorecard"]._cron_score()
            env.cr.rollback()  # what the lock of another left behind
            if not env["discipline.scorecard"]._get_card_steps(fields.Datetime.now()):
                break
            env.cr.rollback()
            time.sleep(0.01)
        else:
            raise AssertionError("The work never ends")
    say("DONE")


def setup_pay():
    """The month of these people, computed at once; what comes out is said. Then it is left to the scheduled action."""
    run()
    people = env["hr.employee"].search([("name", "=like", "Crash %")])
    volume = {
        "name": "Commission",
        "kind": "commission",
        "metric_id": env.ref("sales_discipline.metric_deals_won_amount").id,
        "tier_ids": [Command.create({"threshold": 0.0, "value": 5.0})],
    }
    components = [{"name": "Points", "basis": "month", "rate": 5.0}, volume]
    scheme = {"name": "Crash", "date_from": "2026-01-01", "employee_ids": people.ids}
    if not env["discipline.scheme"].search([("name", "=", "Crash")]):
        env["discipline.scheme"].create(
            {**scheme, "component_ids": [Command.create(values) for values in components]}
        ).action_activate()
    setup_run()


def setup_run():
    """A run of the month, computed at once, with what came out said; then left to the scheduled action."""
    with freeze_time(PAID):
        payroll = env["discipline.payroll"].create({"date_from": MONTH})
        payroll.action_compute()
        say(payroll.fingerprint)
        jobs.AT_ONCE, chunks.BATCH = PEOPLE - 1, PAY_BATCH
        payroll.action_compute()
    env.cr.commit()


def pay():
    """The scheduled action again and again, in small batches, each a little slow."""
    stop, batches = int(os.environ.get("CRASH_STOP", 0)), 0
    do_chunk = chunks.DisciplinePayrollChunk._do

    def slowly(self):
        nonlocal batches
        do_chunk(self)
        batches += 1
        if batches == stop:
            say("HALFWAY")
            time.sleep(PAUSE)
        time.sleep(0.05)

    chunks.DisciplinePayrollChunk._do = slowly
    wait()
    with freeze_time(PAID):
        payroll = env["discipline.payroll"].search([("date_from", "=", MONTH)])
        if os.environ["CRASH_JOB"] == "confirm" and not payroll.job:
            jobs.AT_ONCE, chunks.BATCH = PEOPLE - 1, PAY_BATCH
            payroll.action_confirm()
            env.cr.commit()
        for _attempt in range(2000):
            env["discipline.payroll"]._cron_pay()
            env.cr.rollback()
            env.invalidate_all()
            if not payroll.job:
                break
            time.sleep(0.01)
        else:
            raise AssertionError("The run never ends")
    say("DONE")


def press():
    """Confirm as the button does, again if somebody else was faster."""
    with freeze_time(PAID):
        payroll = env["discipline.payroll"].search([("date_from", "=", MONTH)])
        wait()
        try:
            retrying(payroll.action_confirm, env)
            env.cr.commit()
            say("CONFIRMED")
        except UserError:
            say("REFUSED")


def setup_buttons():
    """A plan on trial with results, a time study and a campaign that run, all of the twelve."""
    people = env["hr.employee"].search([("name", "=like", "Crash %")])
    line = {"metric_id": env.ref("sales_discipline.metric_companies_added").id, "target": 1.0}
    trial = {"name": "Crash on Trial", "period": "week", "line_ids": [Command.create(line)]}
    with freeze_time(NOW):
        trial.update(employee_ids=people.ids, date_from="2026-03-16")
        env["discipline.plan"].create(trial).action_trial()
        env["discipline.scorecard"]._score(fields.Datetime.now())
        days = {"date_from": "2026-03-23", "date_to": "2026-04-03"}
        study = {"name": "Crash", "employee_ids": people.ids, "ask_estimate": False}
        env["discipline.time.study"].create({**study, **days}).action_start()
        moments = {
            "started_at": "2026-03-20 12:00:00",
            "ends_at": "2026-04-20 12:00:00",
            "days": 30,
            "months": 12,
        }
        campaign = {"name": "Crash", "company_id": env.company.id, "user_id": env.user.id}
        env["discipline.winback.campaign"]._moving().create({**campaign, **moments})
    env.cr.commit()
    say("DONE")


def buttons():
    """Press each button as a browser does, again if somebody else was faster."""
    named = [("name", "=like", "Crash%")]
    pressed = (
        ("discipline.plan", [*named, ("state", "=", "trial")], "action_activate"),
        ("discipline.time.study", named, "action_close"),
        ("discipline.winback.campaign", named, "action_close"),
    )
    with freeze_time(NOW):
        for number, (model, domain, method) in enumerate(pressed, 1):
            record = env[model].search(domain)
            wait(number)
            try:
                with mute_logger("odoo.sql_db"):  # that somebody else was faster
                    retrying(getattr(record, method), env)
                env.cr.commit()
                say("DONE")
            except UserError:
                env.cr.rollback()
                say("REFUSED")


JOBS = {
    "score": [run],
    "setup": [setup, run],
    "setup_pay": [setup_pay],
    "setup_pay_again": [setup_run],
    "press": [press],
    "setup_buttons": [setup_buttons],
    "buttons": [buttons],
}
JOBS |= {"pay": [pay], "confirm": [pay]}
for job in JOBS[os.environ["CRASH_JOB"]]:
    job()
