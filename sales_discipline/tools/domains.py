"""Domains that people type: literal data only, never code."""

import ast

OPERATORS = {"&", "|", "!"}


def parse_domain(text: str | None) -> list:
    """The domain written in `text` as a list; an empty text is the empty domain.

    :raise ValueError: with a sentence that says which part cannot be read
    """
    text = (text or "").strip()
    if not text:
        return []
    try:
        domain = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise ValueError(f"it is not a list of conditions: {text}") from None
    if not isinstance(domain, list | tuple):
        raise ValueError(f"it is not a list of conditions: {text}")
    for term in domain:
        _check_term(term)
    return [term if isinstance(term, str) else tuple(term) for term in domain]


def _check_term(term) -> None:
    if isinstance(term, str):
        if term not in OPERATORS:
            raise ValueError(f"{term!r} is none of '&', '|', '!'")
    elif not isinstance(term, list | tuple) or len(term) != 3:
        raise ValueError(f"{term!r} is not a condition of three parts: field, operator, value")
    elif not isinstance(term[0], str) or not isinstance(term[1], str):
        raise ValueError(f"in {term!r} the field and the operator have to be texts")
