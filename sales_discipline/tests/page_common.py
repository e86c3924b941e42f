import json
from unittest.mock import patch

from odoo import Command
from odoo.http import request
from odoo.tests import freeze_time

from odoo.addons.web.controllers import dataset

from .browser_common import BrowserCase, listen_to_console
from .counting import counted
from .freeze_common import FreezeCase

NOT_OURS = {"/web/action/load"}  # of Odoo itself, for any page
READY = "!!odoo.__WOWL_DEBUG__ && !!document.querySelector('.o_action_manager > *')"

# Opens each page twice, as if from a menu, and tells what it asked the server for the second time, when views and what
# else is kept are in the browser already.
OPEN = """
(async () => {
    const pages = %s;
    const {action} = odoo.__WOWL_DEBUG__.root.env.services;
    const {rpcBus} = odoo.loader.modules.get("@web/core/network/rpc");
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    let pending = new Set();
    let asked = [];
    rpcBus.addEventListener("RPC:REQUEST", ({detail}) => {
        pending.add(detail.data.id);
        asked.push([detail.url, detail.data.id]);
    });
    rpcBus.addEventListener("RPC:RESPONSE", ({detail}) => pending.delete(detail.data.id));
    const settle = async (css) => {
        for (let calm = 0, left = 400; calm < 6; left--) {
            if (!left) {
                throw new Error(`the page does not come to rest, or has no ${css}`);
            }
            await pause(50);
            calm = pending.size || !document.querySelector(css) ? 0 : calm + 1;
        }
    };
    await settle(".o_main_navbar");
    for (const [name, xmlid, css] of pages) {
        for (let round = 0; round < 2; round++) {
            asked = [];
            await action.doAction(xmlid, {clearBreadcrumbs: true});
            await settle(css);
        }
        console.log(`PAGE_ASKED ${JSON.stringify([name, asked])}`);
    }
    console.log("test successful");
})().catch((error) => console.error(error.stack));
"""


class PageCase(FreezeCase, BrowserCase):
    """Pages in a real browser, and what they cost: requests of the browser, SQL statements of the server."""

    AT = "2026-03-12 12:00:00"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_plan(("companies_added", 5.0), ("calls_done", 3.0))
        lines = [("companies_added", 40.0), ("calls_done", 10.0)]
        cls._make_plan(*lines, name="Month", period="month", state="draft").action_activate()
        cls._work(cls.anna, "2026-03-09", 6)
        cls._work(cls.boris, "2026-03-11", 2)
        cls._score("2026-03-12 08:00:00")
        cls._study_time()
        cls.env.flush_all()

    @classmethod
    def _study_time(cls):
        """A time study of all salespeople, running this week; Anna has entered something."""
        study = cls.env["discipline.time.study"].with_user(cls.mark)
        vals = {
            "name": "Where time goes",
            "company_id": cls.company.id,
            "ask_estimate": False,
            "limit_percent": 0,
        }
        with freeze_time("2026-03-12 10:00:00"):
            study.create({**vals, "date_from": "2026-03-09", "date_to": "2026-03-13"}).action_start()
            entries, calls = study.with_user(cls.anna), cls.env.ref("sales_discipline.time_category_calls")
            entries.add_time(calls.id, 60, "2026-03-11")
            entries.add_time(calls.id, 30)

    @classmethod
    def _add_people(cls, count):
        """So many salespeople more in team North, with the cards of the days that are over and of today."""
        groups = cls.env.ref("sales_team.group_sale_salesman")
        base = {
            "tz": "Europe/Berlin",
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        users = cls.env["res.users"].create(
            [
                {"name": f"Seller {n}", "login": f"page_{n}", "group_ids": [Command.set(groups.ids)], **base}
                for n in range(count)
            ]
        )
        for user in users:
            cls._make_employee(user, user.tz)
        cls._make_team("North II", cls.lena, users)
        cls._score("2026-03-12 09:00:00")
        cls.env.flush_all()

    def _open(self, user, pages) -> dict:
        """What opening each page costs, once it has been opened before.

        :param pages: `{name: (xmlid of the action, selector of what it shows when it is ready)}`
        :return: `{name: {request: SQL statements of each time}}`; a request is `model/method`, or a path of which
            statements are not known (None)
        """
        statements = {}  # by the number that the browser gives to each of its requests
        call_kw = dataset.call_kw

        def call(model, name, args, kwargs):
            with counted(model.env) as count:
                result = call_kw(model, name, args, kwargs)
                model.env.flush_all()
            statements[request.get_json_data()["id"]] = count.statements
            return result

        code = OPEN % json.dumps([[name, *page] for name, page in pages.items()])
        with (
            freeze_time(self.AT),
            patch.object(dataset, "call_kw", call),
            listen_to_console(self, r"^PAGE_ASKED (.*)") as found,
        ):
            self.browser_js("/odoo/my-report", code, READY, login=user.login, timeout=120)
        costs = {}
        for name, asked in map(json.loads, found):
            costs[name] = {}
            for url, number in asked:
                if url not in NOT_OURS:
                    what = url.removeprefix("/web/dataset/call_kw/").removeprefix("/web/dataset/call_button/")
                    costs[name].setdefault(what, []).append(statements.get(number))
        return costs
