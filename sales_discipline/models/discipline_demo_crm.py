from markupsafe import Markup

from odoo import models
from odoo.fields import Command

from ..demo_company.content import LOST_REASONS, SECTORS, SOURCES, TAGS

STAGES = ("New", "Qualified", "Proposition", "Negotiation", "Won")
PROBABILITY = (10, 25, 50, 75, 100)
COUNTRIES = {"de": "base.de", "ru": "base.ru", "us": "base.us"}
TYPES = {
    "call_cold": "sales_discipline.activity_type_call_cold",
    "call_warm": "sales_discipline.activity_type_call_warm",
    "meeting": "mail.mail_activity_data_meeting",
    "proposal": "sales_discipline.activity_type_proposal",
    "email": "mail.mail_activity_data_email",
}
DONE = Markup(
    '<p>{} done: {}</p><div class="o_mail_note_title"><div><strong>Feedback:</strong></div></div><div>{}</div>'
)


class DisciplineDemo(models.AbstractModel):
    _inherit = "discipline.demo"

    def _get_by_name(self, model, names, **values):
        """Records by name, in the order of `names`; those missing are created."""
        known = {
            record.name: record for record in self.env[model].search([("name", "in", names)], order="id desc")
        }
        missing = [name for name in names if name not in known]
        created = self.env[model].create([{"name": name, **values} for name in missing])
        known.update(zip(missing, created, strict=True))
        return {name: known[name] for name in names}

    def _get_users(self):
        """Users of the demo company by login, which is the key of a person."""
        return {
            user.login: user
            for user in self.env["res.users"].search([("company_id", "=", self.env.company.id)])
        }

    # ------------------------------------------------------------
    # Customers
    # ------------------------------------------------------------

    def _write_customers(self, story):
        """Companies, each with a contact person; whose they are is who entered them."""
        users = self._get_users()
        countries = {code: self.env.ref(xmlid).id for code, xmlid in COUNTRIES.items()}
        sectors = self._get_by_name("res.partner.industry", SECTORS, full_name=False)
        shared = self.env.company != self.env.ref("base.main_company", raise_if_not_found=False)
        values, people = [], []
        for customer in story.customers:
            common = {
                "street": customer.street,
                "zip": customer.zip,
                "city": customer.city,
                "country_id": countries[customer.country],
                "user_id": users[customer.owner.key].id,
                "company_id": self.env.company.id if shared else False,
                "lang": "en_US",
            }
            values.append(
                {
                    **common,
                    "name": customer.name,
                    "is_company": True,
                    "phone": customer.phone,
                    "website": customer.website,
                    "email": f"info@{customer.website.split('www.')[1]}",
                    "industry_id": sectors[customer.sector].id,
                }
            )
            person = {"name": customer.contact, "function": customer.function, "email": customer.email}
            people.append({**common, **person, "phone": customer.mobile})
        companies = self.env["res.partner"].create(values)
        contacts = self.env["res.partner"].create(
            [
                {**vals, "parent_id": company.id, "type": "contact"}
                for vals, company in zip(people, companies, strict=True)
            ]
        )
        stamps = []
        for customer, company, contact in zip(story.customers, companies, contacts, strict=True):
            customer.record, customer.contact_record = company, contact
            user, created = users[customer.owner.key].id, customer.created
            stamps += [(partner.id, user, user, created, created) for partner in (company, contact)]
        columns = {
            "create_uid": "int",
            "write_uid": "int",
            "create_date": "timestamp",
            "write_date": "timestamp",
        }
        self._backdate("res_partner", columns, stamps)

    # ------------------------------------------------------------
    # Opportunities
    # ------------------------------------------------------------

    def _write_deals(self, story):
        users = self._get_users()
        stages = list(self._get_stages().values())
        sources = self._get_by_name("utm.source", SOURCES)
        reasons = self._get_by_name("crm.lost.reason", LOST_REASONS)
        tags = self._get_by_name("crm.tag", TAGS)
        for color, tag in enumerate(tags.values(), 1):
            tag.color = tag.color or color
        values = []
        for deal in story.deals:
            contact, sector = deal.customer.contact_record, deal.customer.sector.split()[0]
            user = users[deal.owner.key]
            lost = (
                {"active": False, "lost_reason_id": reasons[deal.lost_reason].id} if deal.lost_reason else {}
            )
            values.append(
                {
                    "name": deal.name,
                    "type": "opportunity",
                    "partner_id": contact.id,
                    "user_id": user.id,
                    "team_id": user.sale_team_id.id,
                    "company_id": self.env.company.id,
                    "stage_id": stages[deal.stage].id,
                    "probability": 0 if deal.lost_reason else PROBABILITY[deal.stage],
                    "expected_revenue": deal.amount,
                    "priority": str(deal.priority),
                    "date_deadline": deal.expected,
                    "source_id": sources[deal.source].id,
                    "tag_ids": [
                        Command.link(tag.id) for name, tag in tags.items() if name.startswith(sector[:4])
                    ],
                    **lost,
                }
            )
        leads = self.env["crm.lead"].create(values)
        stamps = []
        for deal, lead in zip(story.deals, leads, strict=True):
            deal.record = lead
            user, last = users[deal.owner.key].id, deal.closed or deal.stage_since
            days = (deal.closed - deal.created).total_seconds() / 86400 if deal.closed else None
            stamps.append((lead.id, user, user, deal.created, last, deal.created, deal.created, deal.stage_since,
                           deal.closed, 0.0, days, lead.probability))  # fmt: skip
        columns = {
            "create_uid": "int",
            "write_uid": "int",
            "create_date": "timestamp",
            "write_date": "timestamp",
            "date_open": "timestamp",
            "open_since": "timestamp",
            "date_last_stage_update": "timestamp",
            "date_closed": "timestamp",
            "day_open": "float",
            "day_close": "float",
            "automated_probability": "float",
        }
        self._backdate("crm_lead", columns, stamps)

    def _get_stages(self):
        """The pipeline's stages in order; what is missing is added."""
        stages = self._get_by_name("crm.stage", STAGES)
        for index, stage in enumerate(stages.values()):
            if index == len(STAGES) - 1:
                stage.is_won = True
            elif stage.sequence != index + 1:
                stage.sequence = index + 1
        return stages

    # ------------------------------------------------------------
    # Activities
    # ------------------------------------------------------------

    def _write_activities(self, story):
        """Activities: those done are archived, as Odoo keeps them, and have their message in the chatter."""
        users = self._get_users()
        types = {kind: self.env.ref(xmlid) for kind, xmlid in TYPES.items()}
        models_ = {name: self.env["ir.model"]._get_id(name) for name in ("crm.lead", "res.partner")}
        values, messages, stamps = [], [], []
        subtype = self.env.ref("mail.mt_activities").id
        for task in story.tasks:
            document = task.deal.record if task.deal else task.customer.record
            user, kind = users[task.owner.key], types[task.kind]
            done = (
                {"active": False, "date_done": task.done.date(), "feedback": task.feedback}
                if task.done
                else {}
            )
            values.append(
                {
                    "activity_type_id": kind.id,
                    "res_model_id": models_[document._name],
                    "res_id": document.id,
                    "res_name": task.deal.name if task.deal else task.customer.name,
                    "user_id": user.id,
                    "summary": task.summary,
                    "date_deadline": task.deadline,
                    **done,
                }
            )
            if task.done:
                messages.append(
                    {
                        "model": document._name,
                        "res_id": document.id,
                        "record_name": values[-1]["res_name"],
                        "date": task.done,
                        "author_id": user.partner_id.id,
                        "email_from": user.email_formatted,
                        "reply_to": user.email_formatted,
                        "message_type": "notification",
                        "subtype_id": subtype,
                        "mail_activity_type_id": kind.id,
                        "body": DONE.format(kind.name, task.summary, task.feedback),
                    }
                )
        activities = self.env["mail.activity"].create(values)
        self.env["mail.message"].create(messages)
        for task, activity in zip(story.tasks, activities, strict=True):
            user = users[task.owner.key].id
            stamps.append((activity.id, user, user, task.created, task.done or task.created, task.created,
                           task.done, user if task.done else None))  # fmt: skip
        columns = {
            "create_uid": "int",
            "write_uid": "int",
            "create_date": "timestamp",
            "write_date": "timestamp",
            "open_since": "timestamp",
            "done_at": "timestamp",
            "done_by": "int",
        }
        self._backdate("mail_activity", columns, stamps)
        self.env.cr.execute(
            "UPDATE mail_message SET create_date = date, write_date = date WHERE subtype_id = %s", [subtype]
        )
