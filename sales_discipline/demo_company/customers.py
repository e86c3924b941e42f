"""The market of the demo company: believable customers and deals."""

from datetime import timedelta

from .content import (
    CITIES,
    COMPANY_PATTERNS,
    DEALS,
    FIRST,
    FUNCTIONS,
    LAST,
    PRODUCTS,
    SECTORS,
    SOURCES,
    STREETS,
)
from .people import BERLIN, MOSCOW
from .rows import Customer, Deal

GAPS = ("date_deadline", "source_id", "tag_ids")  # what the careless leave empty

SECTOR_WORDS = {
    "Pharm": 1, "Clinical": 1, "Diagnost": 1, "Biosc": 6, "Brau": 2, "Brew": 2, "Molk": 2, "Food": 2, "Agro": 2,
    "Wass": 3, "Water": 3, "Vodo": 3, "Umwelt": 3, "Energ": 4, "Chem": 5, "khim": 5,
}  # fmt: skip


def slug(text: str) -> str:
    for letter, ascii_letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.replace(letter, ascii_letters)
    words = "".join(char if char.isalnum() or char in " -" else "" for char in text.lower()).split()
    legal = {"gmbh", "ag", "kg", "eg", "llc", "jsc", "inc", "npp", "dr"}
    return "-".join(word for word in words if word not in legal)


class Market:
    """Makes customers and deals, no two customers with one name."""

    def __init__(self, random, calendar):
        self.random, self.calendar = random, calendar
        self.customers, self.deals = [], []
        self._names = set()

    def new_customer(self, person, random, day=None, moment=None, client=False, entered=True):
        """A customer entered on a local day, or at a UTC moment; or one of whom only an inquiry tells so far."""
        country = {BERLIN: "de", MOSCOW: "ru"}.get(person.tz, "us")
        name = self._company_name(country, random)
        city, state, code, phone = random.choice(CITIES[country])
        first, last = random.choice(FIRST[country]), random.choice(LAST[country])
        if country == "ru" and first[-1] == "a" and last[-1] in "nv":
            last += "a"
        street = random.choice(STREETS[country])
        number = random.randint(1, 98)
        domain = f"{slug(name)}.example"
        customer = Customer(
            name=name,
            country=country,
            city=city,
            state=state,
            zip=code,
            street=f"{number} {street}" if country == "us" else f"{street} {number}",
            phone=phone.format(n=random.randint(1, 99), m=random.randint(1, 99)),
            website=f"https://www.{domain}",
            sector=SECTORS[next((index for word, index in SECTOR_WORDS.items() if word in name), 0)],
            contact=f"{first} {last}",
            function=random.choice(FUNCTIONS),
            email=f"{slug(first)}.{slug(last)}@{domain}",
            mobile=phone.format(n=random.randint(1, 99), m=random.randint(1, 99)),
            owner=person,
            created=moment or self.calendar.moment(person, day, random.uniform(9 * 60, 17 * 60)),
            is_client=client,
        )
        if entered:
            self.customers.append(customer)
        return customer

    def _company_name(self, country, random):
        while True:
            last, last2 = random.sample(LAST[country], 2)
            name = random.choice(COMPANY_PATTERNS[country]).format(last=last, last2=last2)
            if name not in self._names:
                self._names.add(name)
                return name

    def new_deal(self, person, random, moment, customer):
        product = random.choices(range(len(PRODUCTS)), [product[3] for product in PRODUCTS])[0]
        items = pick_items(random, product)
        name = random.choice(DEALS[PRODUCTS[product][1]]).format(n=random.randint(2, 9))
        moment = max(moment, customer.created)
        deal = Deal(
            name=f"{name} – {customer.name}",
            customer=customer,
            owner=person,
            created=moment,
            items=items,
            amount=sum(PRODUCTS[index][2] * quantity for index, quantity in items),
            source=random.choice(SOURCES),
            expected=moment.date() + timedelta(days=random.randint(25, 75)),
            stage_since=moment,
            priority=random.choices([0, 1, 2], [6, 3, 1])[0],
            gaps=frozenset(name for name in GAPS if random.random() < 0.02 + 0.9 * (1 - person.care)),
        )
        self.deals.append(deal)
        return deal

    def new_inquiry(self, person, random, moment):
        """A lead from the web site, of somebody who is no customer yet."""
        customer = self.new_customer(person, random, moment=moment, entered=False)
        lead = self.new_deal(person, random, moment, customer)
        lead.inquired, lead.is_lead, lead.source = moment, True, "Web Site"
        return lead


def look_ahead(random, deals, calendar):
    """Expected closing dates of what is open: the careless leave those that have passed, others move them on."""
    today = calendar.now.date()
    for deal in deals:
        if deal.is_open and deal.expected <= today and random.random() < deal.owner.care:
            deal.expected = today + timedelta(days=round(random.triangular(2, 80, 10)))


def pick_items(random, product=None):
    """One to three products, dear ones in small numbers."""
    if product is None:
        product = random.choices(range(len(PRODUCTS)), [product[3] for product in PRODUCTS])[0]
    others = [index for index in range(len(PRODUCTS)) if index != product]
    chosen = [product] + random.sample(others, random.choices([0, 1, 2], [4, 4, 2])[0])
    return [(index, random.randint(1, 2 if PRODUCTS[index][2] > 2000 else 6)) for index in chosen]
