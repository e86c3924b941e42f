"""The list of clients to win back: 50,000 clients with 200,000 orders, in a transaction that is rolled back.

A part of the benchmark: `./dev bench --only winback`.
"""

from datetime import datetime

import common
from common import note, say, spread, table

CLIENTS, ORDERS = 50_000, 200_000
NOW = datetime(2025, 11, 14, 12)
MANAGER = 2
PEOPLE = """
INSERT INTO res_partner (name, complete_name, active, is_company, autopost_bills, user_id, create_uid, create_date, write_uid,
                         write_date)
SELECT 'Client ' || n, 'Client ' || n, TRUE, TRUE, 'ask',
       (SELECT id FROM res_users WHERE active ORDER BY id OFFSET n %% 2 LIMIT 1),
       1, now(), 1, now()
  FROM generate_series(1, %(clients)s) n;
UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL;
"""
FACTS = """
INSERT INTO discipline_fact (kind, source_id, user_id, company_id, partner_id, res_model, res_id, happened_at, entered_at,
                             quantity, amount, origin, create_uid, create_date, write_uid, write_date)
SELECT 'order_confirmed', 10000000 + n, 2, %(company)s, p.id, 'sale.order', 10000000 + n, h.at, h.at, 1,
       100 + n %% 977, 'live', 1, now(), 1, now()
  FROM generate_series(1, %(orders)s) n
  JOIN (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM res_partner WHERE name LIKE 'Client %%') p
    ON p.place = 1 + (n::bigint * 7907) %% %(clients)s
 CROSS JOIN LATERAL (SELECT %(now)s::timestamp - ((n::bigint * 7919) %% 900) * interval '1 day' AS at) h;
ANALYZE discipline_fact;
ANALYZE res_partner;
"""
# what a list by hand would ask at each opening, without the status: a limit from below
BY_HAND = """
SELECT f.partner_id, SUM(f.amount) FILTER (WHERE f.happened_at >= %(since)s) AS amount, MAX(f.happened_at), COUNT(*)
  FROM discipline_fact f WHERE f.kind = 'order_confirmed' AND f.company_id = %(company)s
 GROUP BY f.partner_id ORDER BY amount DESC NULLS LAST LIMIT 80
"""
SHOWN = (
    "partner_id",
    "user_id",
    "amount",
    "last_order",
    "days_since",
    "usual_interval",
    "overdue",
    "state",
    "last_contact",
)
SHOWN += ("activity_date", "opportunity_count")


class Winback:
    """The page of a manager, asked as the web client asks it."""

    def __init__(self, database: str, repeat: int):
        self.database, self.repeat = database, repeat

    def run(self) -> float:
        """Measure and print. :return: seconds that the page takes at its slowest"""
        note("win-back")
        with common.environment(self.database) as env:
            company = env.ref("base.main_company")
            values = {"clients": CLIENTS, "orders": ORDERS, "company": company.id, "now": NOW}
            env.cr.execute(PEOPLE, values)
            env.cr.execute(FACTS, values)
            env.ref("base.user_admin").group_ids = [(4, env.ref("sales_discipline.group_manager").id)]
            env.flush_all()
            env.invalidate_all()
            rows = [self._time(env, name, road) for name, road in self._get_roads(company)]
        say(f"### Win-back, {CLIENTS:,} clients with {ORDERS:,} orders\n")
        table(["", "seconds, median (min..max)", "statements"], [row[:3] for row in rows])
        return max(row[3] for row in rows if row[0].startswith("the page"))

    def _get_roads(self, company) -> list[tuple]:
        hand = {"company": company.id, "since": datetime(2025, 2, 14)}

        def refresh(env):
            env["discipline.winback"]._refresh(NOW)

        def some(env):
            ids = env["discipline.winback"].search([], limit=50).partner_id.ids
            env["discipline.winback"]._refresh(NOW, ids)

        def page(domain, groups=None):
            def road(env):
                rows = env(user=MANAGER)["discipline.winback"].with_context(lang="en_US", tz="Europe/Berlin")
                if groups:
                    rows.web_read_group(domain, groups, ["amount:sum"], limit=80)
                else:
                    rows.web_search_read(
                        domain,
                        {name: {} for name in SHOWN},
                        limit=80,
                        order="amount desc",
                        count_limit=100_000,
                    )

            return road

        return [
            ("all clients worked out, once a day", refresh),
            ("50 clients worked out, after their orders", some),
            ("the page: who fell away recently", page([("state", "=", "lapsed")])),
            ("the page: all clients", page([])),
            ("the page: nothing planned", page([("is_planned", "=", False)])),
            (
                "the page: not contacted",
                page(["|", ("last_contact", "=", False), ("last_contact", "<", "2025-10-14")]),
            ),
            ("the page: by salesperson", page([], ["user_id"])),
            (
                "a list by hand, from the ledger",
                lambda env: (env.cr.execute(BY_HAND, hand), env.cr.fetchall()),
            ),
        ]

    def _time(self, env, name: str, road) -> tuple:
        runs = []
        for n in range(self.repeat + 1):  # the first one warms up
            env.flush_all()
            env.invalidate_all()
            with common.Run(env.cr) as run:
                road(env)
            runs += [run] if n else []
        seconds = [run.seconds for run in runs]
        statements = "..".join(map(str, sorted({run.statements for run in runs})))
        return name, spread(seconds, 3), statements, max(seconds)
