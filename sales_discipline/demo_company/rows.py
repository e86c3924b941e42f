"""What the simulation produces; `record` is filled in when a row is written to the database.

Moments are naive UTC datetimes.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(eq=False)
class Customer:
    name: str
    country: str
    city: str
    state: str
    zip: str
    street: str
    phone: str
    website: str
    sector: str
    contact: str
    function: str
    email: str
    mobile: str
    owner: Any
    created: datetime
    is_client: bool = False
    record: Any = None
    contact_record: Any = None


@dataclass(eq=False)
class Deal:
    name: str
    customer: Customer
    owner: Any
    created: datetime  # as an opportunity; of what is a lead still, as that
    items: list  # [(index of the product, quantity)]
    amount: float
    source: str
    expected: date
    stage: int = 0  # 0 new, 1 qualified, 2 proposition, 3 negotiation, 4 won
    stage_since: datetime | None = None
    closed: datetime | None = None
    lost_reason: str = ""
    quoted: datetime | None = None
    priority: int = 0
    inquired: datetime | None = None  # when it came in as a lead
    is_lead: bool = False
    gaps: frozenset = frozenset()  # what nobody filled in
    task: Any = None
    order: Any = None
    record: Any = None

    @property
    def is_open(self):
        return self.closed is None

    @property
    def entered(self):
        return self.inquired or self.created


@dataclass(eq=False)
class Task:
    """An activity: on a deal, or else on a customer; open as long as `done` is None."""

    owner: Any
    kind: str
    customer: Customer
    deal: Deal | None
    summary: str
    created: datetime
    deadline: date
    done: datetime | None = None
    feedback: str = ""
    forgotten: bool = False
    record: Any = None


@dataclass(eq=False)
class Order:
    owner: Any
    customer: Customer
    deal: Deal | None
    items: list
    quoted: datetime
    confirmed: datetime | None = None
    cancelled: bool = False
    settled: bool = False  # invoiced and paid before the company's accounts came to Odoo
    discount: float = 0.0
    invoiced: date | None = None
    payments: list = field(default_factory=list)  # [(date, share)]
    credited: date | None = None
    record: Any = None
    invoice: Any = None
    refund: Any = None


@dataclass
class Story:
    """The whole simulated past of the company."""

    calendar: Any
    customers: list
    deals: list
    tasks: list
    orders: list
