from datetime import datetime, timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.mail.tools.discuss import Store

from .sql_rows import sql_rows

KINDS = [
    ("reminder", "Reminder"),
    ("result", "Result"),
    ("team_day", "Day of the Team"),
    ("week", "Summary of the Week"),
    ("month", "Summary of the Month"),
]
YEAR = timedelta(days=366)
# which preference of the user a kind goes by
PREFERENCE = {
    "reminder": "discipline_notice_reminder",
    "result": "discipline_notice_result",
    "team_day": "discipline_notice_team",
    "week": "discipline_notice_summary",
    "month": "discipline_notice_summary",
}


class DisciplineNotice(models.Model):
    """What people were told, and when: a row for each notice, written in the same transaction as the message, so that
    nobody is told of the same thing twice whatever happens to the scheduled action. `key` says what it was about."""

    _name = "discipline.notice"
    _description = "Notice"
    _order = "sent_at desc, id desc"
    _rec_name = "subject"

    kind = fields.Selection(KINDS, required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Told", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    subject = fields.Char(readonly=True)
    sent_at = fields.Datetime("Sent on", required=True, readonly=True, index=True)

    _once = models.Constraint("UNIQUE(user_id, kind, key)", "Nobody is told of the same thing twice.")

    @api.autovacuum
    def _gc_notices(self):
        """What was told over a year ago is nobody's question any more, and never told again."""
        old = fields.Datetime.now() - YEAR
        self.sudo().search([("sent_at", "<", old)], limit=10_000).unlink()

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    @api.model
    def _send(self, kind: str, notices: list[dict], now: datetime) -> None:
        """Send these notices, but for those that have been sent: into the inbox, by mail, or both, as each user likes it.

        :param notices: dicts of user_id, company_id, key, subject, body (Markup) and text (a line for the screen)
        """
        claimed = self._claim(kind, notices, now)
        notices = [one for one in notices if (one["user_id"], one["key"]) in claimed]
        users = self.env["res.users"].sudo().browse(one["user_id"] for one in notices)
        channel = {user.id: user[PREFERENCE[kind]] for user in users}
        self._send_in_app(kind, [one for one in notices if channel[one["user_id"]] in ("both", "app")], now)
        self._send_mails([one for one in notices if channel[one["user_id"]] in ("both", "mail")], now)

    @api.model
    def _claim(self, kind: str, notices: list[dict], now: datetime) -> set[tuple[int, str]]:
        """Write down that these are sent. Whoever else is about to send one waits here, and leaves it.

        :return: `(user id, key)` of those that nobody had sent
        """
        if not notices:
            return set()
        names = ("kind", "key", "user_id", "company_id", "subject", "sent_at")
        rows = [(kind, one["key"], one["user_id"], one["company_id"], one["subject"], now) for one in notices]
        columns = SQL(", ").join(map(SQL.identifier, names))
        query = SQL(
            """
            INSERT INTO discipline_notice (%(columns)s, create_uid, create_date, write_uid, write_date)
            SELECT %(columns)s, %(uid)s, %(now)s, %(uid)s, %(now)s FROM %(rows)s
            ON CONFLICT (user_id, kind, key) DO NOTHING RETURNING user_id, key
            """,
            columns=columns,
            rows=sql_rows(self, names, rows),
            uid=self.env.uid,
            now=now,
        )
        self.env.cr.execute(query)
        return set(self.env.cr.fetchall())

    @api.model
    def _send_in_app(self, kind: str, notices: list[dict], now: datetime) -> None:
        """A message in the inbox of each, for those who have one, and a line on the screen of whoever is there."""
        users = {user.id: user for user in self.env["res.users"].sudo().browse(n["user_id"] for n in notices)}
        author = self.env.ref("base.partner_root")
        values = [
            {
                "message_type": "user_notification",
                "subtype_id": self.env.ref("mail.mt_note").id,
                "author_id": author.id,
                "email_from": author.email_formatted,
                "subject": one["subject"],
                "body": one["body"],
                "date": now,
                "partner_ids": [fields.Command.set(users[one["user_id"]].partner_id.ids)],
            }
            for one in notices
        ]
        messages = self.env["mail.message"].sudo().create(values)
        self.env["mail.notification"].sudo().create(
            [
                {
                    "author_id": author.id,
                    "mail_message_id": message.id,
                    "notification_status": "sent",
                    "notification_type": "inbox",
                    "res_partner_id": users[one["user_id"]].partner_id.id,
                }
                for message, one in zip(messages, notices, strict=True)
            ]
        )
        for message, one in zip(messages, notices, strict=True):
            user = users[one["user_id"]]
            if user.notification_type == "inbox":
                store = Store(bus_channel=user).add(
                    message.with_user(user).with_context(allowed_company_ids=[])
                )
                data = {"message_id": message.id, "store_data": store.get_result()}
                user._bus_send("mail.message/inbox", data)
            toast = {"title": one["subject"], "message": one["text"], "type": "info"}
            if kind == "reminder":
                toast.update(type="warning", sticky=True)
            user._bus_send("simple_notification", toast)

    @api.model
    def _send_mails(self, notices: list[dict], now: datetime) -> None:
        """A mail to each who has an address, sent by Odoo's own queue."""
        users = {user.id: user for user in self.env["res.users"].sudo().browse(n["user_id"] for n in notices)}
        author = self.env.ref("base.partner_root")
        self.env["mail.mail"].sudo().create(
            [
                {
                    "message_type": "user_notification",
                    "author_id": author.id,
                    "email_from": users[one["user_id"]].company_id.email_formatted or author.email_formatted,
                    "recipient_ids": [fields.Command.set(users[one["user_id"]].partner_id.ids)],
                    "subject": one["subject"],
                    "body_html": one["body"],
                    "date": now,
                    "auto_delete": True,
                }
                for one in notices
                if users[one["user_id"]].email
            ]
        )

    # ------------------------------------------------------------
    # What is sent when
    # ------------------------------------------------------------

    @api.model
    def _get_senders(self) -> list:
        """The methods that send what is due, each called with the moment (naive UTC)."""
        return [self._send_reminders, self._send_results, self._send_team_days, self._send_summaries]

    @api.model
    def _is_wanted(self) -> bool:
        """Whether any company sends notices at all."""
        on = [
            "discipline_notice_result",
            "discipline_notice_team",
            "discipline_notice_week",
            "discipline_notice_month",
        ]
        domain = fields.Domain.OR([fields.Domain(name, "=", True) for name in on])
        domain |= fields.Domain("discipline_reminder_minutes", ">", 0)
        return bool(self.env["res.company"].sudo().search_count(domain, limit=1))


class DisciplineScorecard(models.Model):
    _inherit = "discipline.scorecard"

    @api.model
    def _get_steps(self, now: datetime) -> list:
        """At last, once all is measured and frozen: whoever is to be told of it."""
        steps = super()._get_steps(now)
        notices = self.env["discipline.notice"].sudo()
        if notices._is_wanted():
            steps += [partial(send, now) for send in notices._get_senders()]
        return steps
