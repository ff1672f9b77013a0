"""Words that columns are likely to hold, to tell a misspelt one by: industries and countries."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from dure.deals.imports.guessing import bare

INDUSTRIES = (
    "advertising", "aerospace", "agriculture", "apparel", "automotive", "banking", "biotechnology", "chemicals",
    "communications", "construction", "consulting", "education", "electronics", "employment", "energy",
    "engineering", "entertainment", "environmental", "fashion", "finance", "food", "gaming", "government",
    "healthcare", "hospitality", "insurance", "legal", "logistics", "machinery", "manufacturing", "marketing",
    "media", "medical", "pharmaceuticals", "publishing", "real estate", "recreation", "restaurants", "retail",
    "services", "shipping", "software", "sports", "technology", "telecommunications", "transportation", "travel",
    "utilities", "wholesale",
)  # fmt: skip
COUNTRIES = (
    "Argentina", "Australia", "Austria", "Bangladesh", "Belgium", "Brazil", "Bulgaria", "Cambodia", "Canada", "Chile",
    "China", "Colombia", "Croatia", "Czechia", "Denmark", "Egypt", "Estonia", "Ethiopia", "Finland", "France",
    "Germany", "Ghana", "Greece", "Hong Kong", "Hungary", "Iceland", "India", "Indonesia", "Ireland", "Israel",
    "Italy", "Japan", "Jordan", "Kazakhstan", "Kenya", "Korea", "Kuwait", "Latvia", "Lithuania", "Luxembourg",
    "Malaysia", "Mexico", "Mongolia", "Morocco", "Nepal", "Netherlands", "New Zealand", "Nigeria", "Norway",
    "Pakistan", "Panama", "Peru", "Philippines", "Poland", "Portugal", "Qatar", "Romania", "Saudi Arabia", "Serbia",
    "Singapore", "Slovakia", "Slovenia", "South Africa", "South Korea", "Spain", "Sri Lanka", "Sweden", "Switzerland",
    "Taiwan", "Thailand", "Turkey", "Ukraine", "United Arab Emirates", "United Kingdom", "United States", "Uruguay",
    "Uzbekistan", "Venezuela", "Vietnam",
)  # fmt: skip
WORDS = {"industry": INDUSTRIES, "country": COUNTRIES}

_NEAR = 0.85


def meant(value: str, words: Iterable[str]) -> str:
    """The word that a value is nearly but not quite, in the value's own case; "" where it is one or is like none."""
    told = bare(value)
    by_bare = {bare(word): word for word in words}
    close = [] if not told or told in by_bare else difflib.get_close_matches(told, by_bare, n=1, cutoff=_NEAR)
    if not close:
        return ""
    found = by_bare[close[0]]
    return found.lower() if value.islower() else found


def nearest(value: str, names: Iterable[str], *, near: float = 0.8) -> str:
    """The name that a value is when blanks, marks and case do not count, else the one it comes nearest to; "" for
    none."""
    told = bare(value)
    by_bare = {bare(name): name for name in names}
    if told in by_bare:
        return by_bare[told]
    close = difflib.get_close_matches(told, by_bare, n=1, cutoff=near) if len(told) > 3 else []
    return by_bare[close[0]] if close else ""
