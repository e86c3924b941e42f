"""Domains that people type: literal data only, never code."""

import ast

OPERATORS = {"&", "|", "!"}
LONGEST = 200  # characters of what somebody typed in a sentence about it


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
        raise ValueError(f"it is not a list of conditions: {_shorten(text)}") from None
    if not isinstance(domain, list | tuple):
        raise ValueError(f"it is not a list of conditions: {_shorten(text)}")
    for term in domain:
        _check_term(term)
    return [term if isinstance(term, str) else tuple(term) for term in domain]


def _shorten(text: str) -> str:
    """As much of what cannot be read as a sentence can hold."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _check_term(term) -> None:
    if isinstance(term, str):
        if term not in OPERATORS:
            raise ValueError(f"{_shorten(repr(term))} is none of '&', '|', '!'")
    elif not isinstance(term, list | tuple) or len(term) != 3:
        raise ValueError(f"{_shorten(repr(term))} is not a condition of three parts: field, operator, value")
    elif not isinstance(term[0], str) or not isinstance(term[1], str):
        raise ValueError(f"in {_shorten(repr(term))} the field and the operator have to be texts")
