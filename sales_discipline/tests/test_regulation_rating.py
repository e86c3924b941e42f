from datetime import datetime

from odoo.tests import freeze_time, tagged

from .regulation_common import RegulationCase

LATER = datetime(2026, 3, 10, 12, 10)


@tagged("post_install", "-at_install")
@freeze_time(RegulationCase.NOW)
class TestRegulationRating(RegulationCase):
    """What clients say is kept where people look."""

    def _rate(self, stars, text="", partner=None, order=None, **vals):
        order = order or self._make_order()
        values = {"res_model_id": self.env["ir.model"]._get_id("sale.order"), "res_id": order.id}
        rating = self.env["rating.rating"].create(
            {**values, "partner_id": (partner or self.customer).id, **vals}
        )
        order.rating_apply(stars, rating=rating, feedback=text, subtype_xmlid="mail.mt_note")
        return rating

    def test_a_bad_review(self):
        """Noted on the client at once, and the words are in the to-do of the leader."""
        self._make_regulation(
            "negative_rating", {"responsible_type": "leader", "discipline_rules": "<p>Listen</p>"}
        )
        self.customer.user_id = self.anna
        worker = self.env["res.partner"].create({"name": "Will", "parent_id": self.customer.id})
        before = self.customer.message_ids
        self._rate(4, "Well done")
        self.assertEqual(self.customer.message_ids, before)
        rating = self._rate(1, "Late <b>and</b> wrong", worker)
        note = self.customer.message_ids - before
        self.assertEqual(len(note), 1)
        self.assertIn("Rated 1 of 5 stars", note.body)
        self.assertIn("Late &lt;b&gt;and&lt;/b&gt; wrong", note.body)
        self.assertIn(self.env["sale.order"].browse(rating.res_id).name, note.body)
        step = self._run(LATER)
        self.assertEqual((step.user_id, step.partner_id), (self.lena, self.customer))
        self.assertIn("Late &lt;b&gt;and&lt;/b&gt; wrong", step.activity_id.note)
        self.assertIn("Listen", step.activity_id.note)

    def test_no_rule_no_note(self):
        before = self.customer.message_ids
        self._rate(1, "Late")
        self.assertEqual(self.customer.message_ids, before)

    def test_on_the_client(self):
        """The form counts what all who work there said; salespeople see it."""
        (
            self._rate(5),
            self._rate(
                2, partner=self.env["res.partner"].create({"name": "Will", "parent_id": self.customer.id})
            ),
        )
        self.env["rating.rating"].create(
            {"res_model_id": self.env["ir.model"]._get_id("res.partner"), "res_id": self.customer.id,
             "partner_id": self.customer.id}
        )  # fmt: skip
        client = self.customer.with_user(self.anna)
        self.assertEqual((client.discipline_rating_count, client.discipline_rating_avg), (2, 3.5))
        action = client.action_open_discipline_ratings()
        self.assertEqual(len(self.env["rating.rating"].with_user(self.anna).search(action["domain"])), 2)

    def test_in_the_chatter_of_the_order(self):
        """What a salesperson hands in is a note on the order with the stars, which the client is not sent."""
        self._make_regulation("order_confirmed", {"discipline_result": "rating"})
        order = self._make_order()
        order.message_subscribe(self.customer.ids)
        order.action_confirm()
        step = self._run(LATER)
        step.with_user(self.anna)._hand_in("Content", stars=4)
        message = order.message_ids.filtered("rating_ids")
        self.assertEqual(len(message), 1)
        self.assertIn("Content", message.body)
        self.assertEqual(
            (message.subtype_id, message.author_id), (self.env.ref("mail.mt_note"), self.customer)
        )
        self.assertNotIn(self.customer, message.notified_partner_ids)
        self.assertEqual((step.state, step.rating), ("done", 4))
