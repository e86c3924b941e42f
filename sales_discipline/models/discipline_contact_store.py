from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, plaintext2html

QUIET = {  # one message a person instead of one a contact
    "mail_activity_quick_update": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
}


class DisciplineContactPlan(models.TransientModel):
    """How contacts are stored: all in one go, and one message to each person who got some of somebody else."""

    _inherit = "discipline.contact.plan"

    def _create_contacts(self) -> dict:
        """Create what was shown. What somebody else has planned meanwhile is left out.

        :return: `{client (res.partner): activity or opportunity}`
        """
        contacts = self.plan["contacts"]
        self._check_people(self.env["res.users"].browse({user_id for _client, user_id, _day in contacts}))
        clients = self.env["res.partner"].browse(client_id for client_id, _user, _day in contacts)
        still = {
            row["id"] for row in self.env.execute_query_dict(self._sql_clients(clients)) if not row["is_open"]
        }
        contacts = [contact for contact in contacts if contact[0] in still]
        if not contacts:
            raise UserError(self.env._("There is nothing to plan: look at who is left out, and why."))
        clients = clients.filtered(lambda client: client.id in still)
        # checked above: readable clients, people to plan for. The documents need not be the assignees' own
        if self.kind == "opportunity":
            records = self.env["crm.lead"].sudo().with_context(**QUIET)
            records = records.create(self._prepare_opportunities(contacts, clients))
        else:
            records = clients
        activities = self.env["mail.activity"].sudo().with_context(**QUIET)
        activities = activities.create(self._prepare_activities(contacts, clients, records))
        self._tell_people(contacts)
        results = records if self.kind == "opportunity" else activities
        return dict(zip(clients, results.with_env(self.env), strict=True))

    def _get_reasons(self, clients) -> dict[int, str]:
        """What to know of each of these clients, by id, in the language of the environment; for whoever extends this."""
        return {}

    def _prepare_opportunities(self, contacts, clients) -> list[dict]:
        users = self.env["res.users"].sudo()
        return [
            {
                "name": f"{self.summary}: {client.sudo().name}",
                "type": "opportunity",
                "partner_id": client.id,
                "user_id": user_id,
                "team_id": users.browse(user_id).sale_team_id.id,
                "company_id": self.company_id.id,
                "description": plaintext2html(self.note) if self.note else False,
            }
            for client, (_client, user_id, _day) in zip(clients, contacts, strict=True)
        ]

    def _prepare_activities(self, contacts, clients, records) -> list[dict]:
        model = self.env["ir.model"]._get_id(records._name)
        notes = self._get_notes(contacts, clients)
        return [
            {
                "res_model_id": model,
                "res_id": record.id,
                "activity_type_id": self.activity_type_id.id,
                "summary": self.summary,
                "note": notes[client_id],
                "user_id": user_id,
                "date_deadline": fields.Date.to_date(day),
            }
            for record, (client_id, user_id, day) in zip(records, contacts, strict=True)
        ]

    def _get_notes(self, contacts, clients) -> dict:
        """What the activity with each client says, in the language of whoever does it."""
        users = self.env["res.users"].sudo()
        by_lang = defaultdict(list)
        for client_id, user_id, _day in contacts:
            by_lang[users.browse(user_id).lang].append(client_id)
        notes = {}
        for lang, ids in by_lang.items():
            reasons = self.with_context(lang=lang)._get_reasons(clients.browse(ids))
            for client_id in ids:
                text = "\n\n".join(filter(None, (self.note, reasons.get(client_id))))
                notes[client_id] = plaintext2html(text) if text else False
        return notes

    def _tell_people(self, contacts) -> None:
        """One message to each who got contacts of somebody else."""
        days = defaultdict(list)
        for _client, user_id, day in contacts:
            days[user_id].append(fields.Date.to_date(day))
        for user in self.env["res.users"].sudo().browse(days) - self.env.user:
            me = self.with_context(lang=user.lang)
            values = {
                "n": len(days[user.id]),
                "summary": self.summary,
                "first": format_date(me.env, min(days[user.id])),
                "last": format_date(me.env, max(days[user.id])),
            }
            text = me.env._("%(summary)s: %(n)s clients for you, from %(first)s to %(last)s.", **values)
            self.env["mail.thread"].sudo().with_context(mail_notify_force_send=False).message_notify(
                partner_ids=user.partner_id.ids,
                author_id=self.env.user.partner_id.id,
                subject=me.env._("Contacts planned for you: %(n)s", n=values["n"]),
                body=text,
            )
