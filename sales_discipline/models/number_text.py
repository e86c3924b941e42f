from odoo.tools.float_utils import float_round
from odoo.tools.misc import formatLang

NBSP = "\N{NO-BREAK SPACE}"


def format_number(env, value: float, digits: int = 2, currency=None) -> str:
    """What Odoo's formatLang says, in a fraction of the time: a payroll run writes tens of thousands of numbers.

    :param currency: a `res.currency` whose decimals and symbol are used
    """
    lang = env.context.get("lang") and env["res.lang"]._get_data(code=env.context["lang"])
    if not lang or lang.grouping != "[3,0]":
        return formatLang(env, value, digits=digits, currency_obj=currency)
    digits = currency.decimal_places if currency else digits
    rounded = float_round(value, precision_digits=digits, rounding_method="HALF-EVEN")
    whole, _point, decimals = f"{rounded:,.{digits}f}".partition(".")
    text = whole.replace(",", lang.thousands_sep or "")
    if decimals:
        text = f"{text}{lang.decimal_point}{decimals}"
    if not currency or not currency.symbol:
        return text
    parts = (text, currency.symbol) if currency.position == "after" else (currency.symbol, text)
    return NBSP.join(parts)
