"""A sales department made in SQL: people, and months of activities, leads and orders in the order of their dates.

Only Odoo's own tables are filled, so that the same data can be made with and without the addon.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import data_sql

LAST_DAY = date(2025, 11, 14)  # a Friday: the day that is measured, and the last one with data
SPAN_DAYS = 90
PEOPLE_A_TEAM = 20
# offsets from UTC within 5.5 hours: at CLOSING every deadline (18:00) has passed and nobody's next day has begun
ZONES = (
    "Europe/Lisbon",
    "Europe/Berlin",
    "Europe/Athens",
    "Europe/Moscow",
    "Asia/Dubai",
    "Asia/Kabul",
    "Asia/Yekaterinburg",
    "Asia/Kolkata",
)
LOADED = ("res_partner", "crm_lead", "mail_activity", "mail_message", "sale_order", "sale_order_line")
CLOSING = timedelta(hours=18, minutes=15)
TYPES = {  # of activities, and up to which part of them
    ("sales_discipline.activity_type_call_cold", "phonecall"): 0.45,
    ("sales_discipline.activity_type_call_warm", "phonecall"): 0.65,
    ("mail.mail_activity_data_call", "phonecall"): 0.75,
    ("mail.mail_activity_data_meeting", "meeting"): 0.85,
    ("sales_discipline.activity_type_proposal", "default"): 0.95,
    ("mail.mail_activity_data_todo", "default"): 1.0,
}


@dataclass(frozen=True)
class Size:
    """How much of what."""

    people: int = 1000
    activities: int = 1_000_000
    leads: int = 200_000
    orders: int = 100_000

    @property
    def open_activities(self) -> int:
        """Planned, not done yet."""
        return self.activities // 20


def create_data(env, size: Size) -> None:
    """Make the data in this environment's database and commit it; a minute or two for the default size."""
    cr = env.cr
    cr.execute("SELECT setseed(0.42)")
    _create_people(env, size.people)
    _create_products(env)
    with _without_indexes(cr, LOADED):
        for query in data_sql.QUERIES:
            cr.execute(query, _parameters(env, size))
    cr.execute("DROP TABLE bench_type, bench_day, bench_partner, bench_lead, bench_product")
    cr.commit()
    env.registry.clear_cache()


@contextmanager
def _without_indexes(cr, tables):
    """Load these tables without their indexes and foreign keys, which are made again afterwards, in bulk."""
    cr.execute(
        "SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', conrelid::regclass, conname),"
        " format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))"
        " FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])"
        " UNION ALL SELECT format('DROP INDEX %%I', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)"
        " FROM pg_index i WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique",
        [list(tables), list(tables)],
    )
    statements = cr.fetchall()
    for drop, _make in statements:
        cr.execute(drop)
    yield
    for _drop, make in reversed(statements):
        cr.execute(make)


def _parameters(env, size: Size) -> dict:
    company = env["res.company"].search([], limit=1)
    stages = env["crm.stage"].search([])
    return {
        "people": size.people,
        "activities": size.activities,
        "open": size.open_activities,
        "leads": size.leads,
        "orders": size.orders,
        "partners": size.leads // 10,
        "last": LAST_DAY,
        "company": company.id,
        "currency": company.currency_id.id,
        "new": stages.filtered(lambda stage: not stage.is_won)[:1].id,
        "won": stages.filtered("is_won")[:1].id,
        "model": env["ir.model"]._get_id("crm.lead"),
        "done": env.ref("mail.mt_activities").id,
    }


def _create_people(env, people: int) -> None:
    """Salespeople with user, employee, working schedule and team; `bench_person` keeps who is who."""
    leads = env["crm.team"].create([{"name": f"Bench {n}"} for n in range(-(-people // PEOPLE_A_TEAM))])
    env.flush_all()
    env.cr.execute(
        data_sql.PEOPLE,
        {
            "people": people,
            "zones": list(ZONES),
            "teams": leads.ids,
            "a_team": PEOPLE_A_TEAM,
            "company": env.company.id,
            "calendar": env.company.resource_calendar_id.id,
            "groups": [env.ref("base.group_user").id, env.ref("sales_team.group_sale_salesman").id],
        },
    )
    env.cr.execute("CREATE TABLE bench_type (id int, below float)")
    for (xmlid, category), below in TYPES.items():
        env.cr.execute("INSERT INTO bench_type VALUES (%s, %s)", [_get_type(env, xmlid, category).id, below])
    days = [LAST_DAY - timedelta(days=n) for n in reversed(range(SPAN_DAYS))]
    days = [day for day in days if day.weekday() < 5]
    env.cr.execute("CREATE TABLE bench_day (n int PRIMARY KEY, day date)")
    for n, day in enumerate(days):
        env.cr.execute("INSERT INTO bench_day VALUES (%s, %s)", [n, day])


def _create_products(env) -> None:
    """Twenty products in five categories; `bench_product` keeps them."""
    categories = env["product.category"].create([{"name": f"Bench {n}"} for n in range(5)])
    products = env["product.product"].create(
        [{"name": f"Product {n}", "categ_id": categories[n % 5].id, "type": "service"} for n in range(20)]
    )
    env.flush_all()
    env.cr.execute("CREATE TABLE bench_product (n int PRIMARY KEY, product_id int, uom_id int)")
    for n, product in enumerate(products):
        env.cr.execute("INSERT INTO bench_product VALUES (%s, %s, %s)", [n, product.id, product.uom_id.id])


def _get_type(env, xmlid: str, category: str):
    """The activity type of that name. One that the addon brings is made if need be; the addon will take it over."""
    found = env.ref(xmlid, raise_if_not_found=False)
    if not found:
        module, name = xmlid.split(".")
        found = env["mail.activity.type"].create({"name": name, "category": category})
        env["ir.model.data"].create(
            {"module": module, "name": name, "model": found._name, "res_id": found.id}
        )
    return found
