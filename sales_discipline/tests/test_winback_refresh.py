from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..models import discipline_winback_refresh
from .winback_common import WinbackCase


@tagged("post_install", "-at_install")
@freeze_time(WinbackCase.NOW)
class TestWinbackRefresh(WinbackCase):
    """When the clients are worked out anew, and by whom."""

    def test_a_real_order(self):
        """Confirmed, and seen when the list is opened."""
        product = self.env["product.product"].create({"name": "Widget", "type": "service", "list_price": 100})
        self.rows.with_user(self.anna).action_open_list()
        order = self.env["sale.order"].create(
            {
                "partner_id": self.clients[0].id,
                "user_id": self.anna.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create({"product_id": product.id, "price_unit": 70, "tax_ids": False})
                ],
            }
        )
        order.action_confirm()
        self.assertFalse(self._row(self.clients[0]))
        self.rows.with_user(self.anna).action_open_list()
        self.assertEqual(self._row(self.clients[0]).amount, 70)

    def test_another_day(self):
        """Everything is worked out anew when the day is another, or the settings are."""
        client = self.clients[0]
        self._orders(client, "2026-02-12", "2026-02-19", "2026-02-26")
        now = fields.Datetime.now()
        self.rows.sudo()._refresh_changed(now)
        self.assertEqual(self._row(client).days_since, 12)
        self.rows.sudo()._refresh_changed(now + timedelta(hours=3))
        self.assertEqual(self._row(client).as_of, self.TODAY)
        self.rows.sudo()._refresh_changed(now + timedelta(days=4))
        row = self._row(client)
        self.assertEqual((row.days_since, row.state, row.as_of), (16, "lapsed", date(2026, 3, 14)))
        self.company.discipline_winback_lapsed = 3
        self.rows.sudo()._refresh_changed(now + timedelta(days=4))
        self.assertEqual(self._row(client).state, "late")

    def test_nobody_waits_for_all_clients(self):
        """Whoever opens the list on another day finds what there is, and the scheduled action is woken."""
        client = self.clients[0]
        self._order(client, "2026-02-26")
        self.rows.sudo()._refresh_changed(fields.Datetime.now())
        triggers = self.env["ir.cron.trigger"].sudo()
        cron = self.env.ref("sales_discipline.cron_winback")
        with freeze_time("2026-03-14 12:00:00"):
            self.rows.with_user(self.anna).action_open_list()
        self.assertEqual(self._row(client).as_of, self.TODAY)
        self.assertTrue(triggers.search([("cron_id", "=", cron.id)]))

    def test_many_changes(self):
        """With something new of many clients all are worked out, as one by one would take longer."""
        now = fields.Datetime.now()
        for client in self.clients[:2]:
            self._order(client, "2026-02-26")
        self.rows.sudo()._refresh_changed(now)
        for client in self.clients[:2]:
            self._order(client, "2026-02-27")
        self.startPatcher(patch.object(discipline_winback_refresh, "MARGIN", 0))
        refresh = self.startPatcher(patch.object(self.registry[self.rows._name], "_refresh", autospec=True))
        parameters = self.env["ir.config_parameter"].sudo()
        seen = parameters.get_param(discipline_winback_refresh.SEEN)
        for many, wanted in ((2, sorted(self.clients[:2].ids)), (1, None)):
            parameters.set_param(discipline_winback_refresh.SEEN, seen)
            with patch.object(discipline_winback_refresh, "MANY", many):
                self.rows.sudo()._refresh_changed(now)
            chosen = refresh.call_args.args[2]
            self.assertEqual(chosen and sorted(chosen), wanted)

    def test_ids_stay(self):
        client = self.clients[0]
        self._order(client, "2026-02-01")
        self._refresh()
        row = self._row(client)
        self._order(client, "2026-02-02")
        self._refresh()
        self.assertEqual(self._row(client), row)
        self.assertEqual(row.orders_total, 2)

    def test_nobody_writes(self):
        self._order(self.clients[0], "2026-02-01")
        self._refresh()
        row = self._row(self.clients[0]).sudo()
        for action in (
            lambda: row.write({"amount": 5}),
            row.unlink,
            lambda: row.create({"partner_id": self.clients[1].id}),
        ):
            with self._refused(UserError, "worked out from the ledger"):
                action()
