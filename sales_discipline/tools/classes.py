"""ABC classes: who brings the first part of the sales, who the next, and who the rest."""

from collections.abc import Hashable, Iterable


def classify(
    amounts: Iterable[tuple[Hashable, float]], first: float = 80.0, second: float = 95.0
) -> dict[Hashable, str]:
    """The class of each client: 'a', 'b' or 'c'.

    Clients are ranked by amount. Those are A who come before `first` percent of the sum are reached, the one with whom
    it is reached included; B those before `second` percent, and the rest C. Equal amounts are ranked by key. Amounts
    that are not above zero add nothing and are C.

    :param amounts: (key, amount); keys can be compared with each other
    """
    ranked = sorted(amounts, key=lambda pair: (-pair[1], pair[0]))
    total = sum(amount for _key, amount in ranked if amount > 0)
    before, result = 0.0, {}
    for key, amount in ranked:
        if amount <= 0 or 100 * before >= second * total:
            result[key] = "c"
        else:
            result[key] = "a" if 100 * before < first * total else "b"
        before += max(amount, 0.0)
    return result
