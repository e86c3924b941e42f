from datetime import date

from odoo import fields

YEARS = (2000, 2100)  # that pages look at


def parse_day(value, years: tuple[int, int] = YEARS) -> date | None:
    """The day that a page was asked for, whatever a remote call sends: an ISO date or a date.

    :return: None for what is no date, or lies outside of these years
    """
    try:
        day = fields.Date.to_date(value)
    except (AttributeError, TypeError, ValueError):
        return None
    return day if isinstance(day, date) and years[0] <= day.year <= years[1] else None
