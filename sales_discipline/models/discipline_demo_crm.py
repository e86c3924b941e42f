from odoo import SUPERUSER_ID, models
from odoo.fields import Command

from ..demo_company.content import CITIES, LOST_REASONS, SECTORS, SOURCES, TAGS
from .discipline_demo import WRITTEN

STAGES = ("New", "Qualified", "Proposition", "Negotiation", "Won")
PROBABILITY = (10, 25, 50, 75, 100)
LEAD_STAMPS = (
    *WRITTEN,
    "date_open",
    "open_since",
    "date_last_stage_update",
    "date_closed",
    "date_conversion",
    "day_open",
    "day_close",
    "automated_probability",
)
WANTED = {  # what has to be known from a stage on
    "New": ["partner_id", "source_id"],
    "Qualified": ["expected_revenue", "tag_ids"],
    "Proposition": ["date_deadline"],
}
COUNTRIES = {"de": "base.de", "ru": "base.ru", "us": "base.us"}


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
        states = self._get_states()
        sectors = self._get_by_name("res.partner.industry", SECTORS, full_name=False)
        shared = self.env.company != self.env.ref("base.main_company", raise_if_not_found=False)
        values, people = [], []
        for customer in story.customers:
            common = {
                "street": customer.street,
                "zip": customer.zip,
                "city": customer.city,
                "country_id": countries[customer.country],
                "state_id": states[customer.country, customer.state],
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
        self._backdate("res.partner", WRITTEN, stamps)

    # ------------------------------------------------------------
    # Opportunities
    # ------------------------------------------------------------

    def _write_deals(self, story):
        users, states = self._get_users(), self._get_states()
        stages = list(self._get_stages().values())
        sources = self._get_by_name("utm.source", SOURCES)
        reasons = self._get_by_name("crm.lost.reason", LOST_REASONS)
        tags = self._get_by_name("crm.tag", TAGS)
        for color, tag in enumerate(tags.values(), 1):
            tag.color = tag.color or color
        values = []
        for deal in story.deals:
            sector, user = deal.customer.sector.split()[0], users[deal.owner.key]
            lost = (
                {"active": False, "lost_reason_id": reasons[deal.lost_reason].id} if deal.lost_reason else {}
            )
            filled = {
                "priority": str(deal.priority),
                "date_deadline": deal.expected,
                "source_id": sources[deal.source].id,
                "tag_ids": [
                    Command.link(tag.id) for name, tag in tags.items() if name.startswith(sector[:4])
                ],
            }
            values.append(
                {
                    "name": deal.name,
                    "user_id": user.id,
                    "team_id": user.sale_team_id.id,
                    "company_id": self.env.company.id,
                    "stage_id": stages[deal.stage].id,
                    "probability": 0 if deal.lost_reason else PROBABILITY[deal.stage],
                    "expected_revenue": deal.amount,
                    **{name: value for name, value in filled.items() if name not in deal.gaps},
                    **self._prepare_whom(deal, states),
                    **lost,
                }
            )
        leads = self.env["crm.lead"].create(values)
        stamps = []
        for deal, lead in zip(story.deals, leads, strict=True):
            deal.record = lead
            user, last = users[deal.owner.key].id, deal.closed or deal.stage_since
            days = (deal.closed - deal.created).total_seconds() / 86400 if deal.closed else None
            converted = deal.created if deal.inquired and not deal.is_lead else None
            # the form of the web site is nobody's
            creator = SUPERUSER_ID if deal.inquired else user
            stamps.append((lead.id, creator, user, deal.entered, last, deal.entered, deal.created, deal.stage_since,
                           deal.closed, converted, 0.0, days, lead.probability))  # fmt: skip
        self._backdate("crm.lead", LEAD_STAMPS, stamps)

    def _get_states(self):
        """Ids of the states that customers are in, by country and name."""
        countries = {self.env.ref(xmlid): code for code, xmlid in COUNTRIES.items()}
        names = [city[1] for cities in CITIES.values() for city in cities]
        states = self.env["res.country.state"].search(
            [("country_id", "in", [country.id for country in countries]), ("name", "in", names)]
        )
        return {(countries[state.country_id], state.name): state.id for state in states}

    def _prepare_whom(self, deal, states):
        """The customer of an opportunity; of a lead, which has none yet, what the web form asked for."""
        customer = deal.customer
        if not deal.is_lead:
            return {"type": "opportunity", "partner_id": customer.contact_record.id}
        return {
            "type": "lead",
            "partner_name": customer.name,
            "contact_name": customer.contact,
            "function": customer.function,
            "email_from": customer.email,
            "phone": customer.mobile,
            "city": customer.city,
            "zip": customer.zip,
            "country_id": self.env.ref(COUNTRIES[customer.country]).id,
            "state_id": states[customer.country, customer.state],
            "description": f"Inquiry from the web site: {deal.name.split(' – ')[0]}. Please call back.",
        }

    def _get_stages(self):
        """The pipeline's stages in order; what is missing is added."""
        stages = self._get_by_name("crm.stage", STAGES)
        for index, stage in enumerate(stages.values()):
            if index == len(STAGES) - 1:
                stage.is_won = True
            elif stage.sequence != index + 1:
                stage.sequence = index + 1
        for name, wanted in WANTED.items():
            fields_ = [self.env["ir.model.fields"]._get("crm.lead", field).id for field in wanted]
            stages[name].discipline_field_ids = [Command.set(fields_)]
        return stages
