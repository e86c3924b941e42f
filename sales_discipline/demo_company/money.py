"""Quotations, orders, invoices and payments of the demo company."""

from datetime import timedelta

from .calendar import DAY
from .customers import pick_items
from .rows import Order


def quote(worker, deal, moment, customer=None):
    """A quotation on a deal, or to a customer without one."""
    random = worker.random
    order = Order(
        owner=worker.person,
        customer=deal.customer if deal else customer,
        deal=deal,
        items=deal.items if deal else pick_items(random),
        quoted=max(moment, deal.created) if deal else moment,
        discount=random.choice([0, 0, 0, 5, 10]),
    )
    if deal:
        deal.quoted, deal.order = order.quoted, order
    worker.orders.append(order)
    return order


def bill(random, orders, calendar):
    """Invoice the confirmed orders some days later, and have them paid sooner or later. Those of long ago were
    invoiced in another program."""
    today = calendar.now.date()
    confirmed = sorted((order for order in orders if order.confirmed), key=lambda order: order.confirmed)
    for order in confirmed:
        order.settled = order.confirmed.date() < calendar.billed
    confirmed = [order for order in confirmed if not order.settled]
    for order in confirmed:
        invoiced = _weekday(order.confirmed.date() + random.randint(0, 4) * DAY)
        if invoiced > today:
            continue
        order.invoiced = invoiced
        chance = random.random()
        if chance < 0.02:
            order.credited = min(today, invoiced + random.randint(5, 12) * DAY)
            continue
        paid = _weekday(invoiced + round(max(2, random.gauss(15, 7))) * DAY)
        if chance > 0.93:
            continue  # has not paid, and does not answer
        if chance > 0.84:
            order.payments = [(paid, 0.5), (_weekday(paid + random.randint(14, 40) * DAY), 1.0)]
        else:
            order.payments = [(paid, 1.0)]
        order.payments = [(day, share) for day, share in order.payments if day <= today]
    if confirmed and not any(order.credited for order in confirmed):
        order = next((order for order in confirmed if order.invoiced), None)
        if order:
            order.credited, order.payments = min(today, order.invoiced + timedelta(days=6)), []


def _weekday(day):
    while day.weekday() > 4:
        day += DAY
    return day
