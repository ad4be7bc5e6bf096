"""Sums of money in words: rounded so that they can be read aloud, and never to a false penny."""

from typing import Final

MILLION, THOUSAND = 1_000_000, 1_000
NOTHING: Final = 500
"""Pounds below which a sum is said to be next to nothing."""


def pounds(sum_of_money: float) -> str:
    """A sum without its sign: "£1.2 million", "£46,000", "under £1,000"."""
    size = abs(sum_of_money)
    if size < NOTHING:
        return f"under £{THOUSAND:,}" if size else "£0"
    if round(size / THOUSAND) * THOUSAND >= MILLION:
        return f"£{size / MILLION:,.1f} million"
    return f"£{round(size / THOUSAND) * THOUSAND:,}"


def pounds_in_brief(sum_of_money: float) -> str:
    """A sum for a narrow column, with its sign: "£1.2m", "-£46k", "£0"."""
    size, sign = abs(sum_of_money), "-" if sum_of_money <= -NOTHING else ""
    if size < NOTHING:
        return "£0"
    if round(size / THOUSAND) * THOUSAND >= MILLION:
        return f"{sign}£{size / MILLION:,.1f}m"
    return f"{sign}£{round(size / THOUSAND):,}k"


def less_or_more(saved: float) -> str:
    """A saving with its direction: "£1.2 million less", "£46,000 more"."""
    return f"{pounds(saved)} {'less' if saved > 0 else 'more'}"
