from markupsafe import Markup

from odoo import models

from .discipline_demo import WRITTEN

TYPES = {
    "call_cold": "sales_discipline.activity_type_call_cold",
    "call_warm": "sales_discipline.activity_type_call_warm",
    "call_in": "sales_discipline.activity_type_call_in",
    "meeting": "mail.mail_activity_data_meeting",
    "visit": "sales_discipline.activity_type_visit",
    "measurement": "sales_discipline.activity_type_measurement",
    "estimate": "sales_discipline.activity_type_estimate",
    "proposal": "sales_discipline.activity_type_proposal",
    "email": "mail.mail_activity_data_email",
}
DONE = Markup(
    '<p>{} done: {}</p><div class="o_mail_note_title"><div><strong>Feedback:</strong></div></div><div>{}</div>'
)
STAMPS = (*WRITTEN, "open_since", "done_at", "done_by")


class DisciplineDemo(models.AbstractModel):
    _inherit = "discipline.demo"

    def _write_activities(self, story):
        """Activities: those done are archived, as Odoo keeps them, and have their message in the chatter. What was
        done before there were daily plans is told with less detail: without its message, and stored at once."""
        users = self._get_users()
        types = {kind: self.env.ref(xmlid) for kind, xmlid in TYPES.items()}
        models_ = {name: self.env["ir.model"]._get_id(name) for name in ("crm.lead", "res.partner")}
        rows = [(task, self._prepare_activity(task, users, types, models_)) for task in story.tasks]
        begin = story.calendar.recent
        distant = [row for row in rows if row[0].done and row[0].done.date() < begin]
        recent = [row for row in rows if not row[0].done or row[0].done.date() >= begin]
        self._insert_activities(distant, users)
        activities = self.env["mail.activity"].create([vals for _task, vals in recent])
        self.env["mail.message"].create(
            [self._prepare_message(task, vals, users, types) for task, vals in recent if task.done]
        )
        stamps = [
            (activity.id, *self._get_stamps(task, users))
            for (task, _vals), activity in zip(recent, activities, strict=True)
        ]
        self._backdate("mail.activity", STAMPS, stamps)
        self.env.cr.execute(
            "UPDATE mail_message SET create_date = date, write_date = date WHERE subtype_id = %s",
            [self.env.ref("mail.mt_activities").id],
        )

    def _prepare_activity(self, task, users, types, models_):
        """Values of an activity."""
        document = task.deal.record if task.deal else task.customer.record
        done = (
            {"active": False, "date_done": task.done.date(), "feedback": task.feedback} if task.done else {}
        )
        return {
            "activity_type_id": types[task.kind].id,
            "res_model_id": models_[document._name],
            "res_id": document.id,
            "res_name": task.deal.name if task.deal else task.customer.name,
            "user_id": users[task.owner.key].id,
            "summary": task.summary,
            "date_deadline": task.deadline,
            **done,
        }

    def _prepare_message(self, task, vals, users, types):
        """Values of what Odoo posts when an activity is done, from those of the activity."""
        user, document = users[task.owner.key], task.deal.record if task.deal else task.customer.record
        return {
            "model": document._name,
            "res_id": document.id,
            "record_name": vals["res_name"],
            "date": task.done,
            "author_id": user.partner_id.id,
            "email_from": user.email_formatted,
            "reply_to": user.email_formatted,
            "message_type": "notification",
            "subtype_id": self.env.ref("mail.mt_activities").id,
            "mail_activity_type_id": vals["activity_type_id"],
            "body": DONE.format(types[task.kind].name, task.summary, task.feedback),
        }

    def _get_stamps(self, task, users):
        """The values of STAMPS."""
        user = users[task.owner.key].id
        return (user, user, task.created, task.done or task.created, task.created, task.done,
                user if task.done else None)  # fmt: skip

    def _insert_activities(self, rows, users):
        """Store activities done by SQL. :param rows: tuples (task, values)"""
        if not rows:
            return
        names = list(rows[0][1])
        self.env.cr.execute_values(
            f"INSERT INTO mail_activity ({', '.join([*names, *STAMPS])}, res_model, automated) VALUES %s",
            [
                (
                    *(vals[name] for name in names),
                    *self._get_stamps(task, users),
                    "crm.lead" if task.deal else "res.partner",
                    False,
                )
                for task, vals in rows
            ],
            page_size=1000,
        )
        self.env["mail.activity"].invalidate_model()
