"""The calendar that traffic keeps: which country a time zone is in, and its public holidays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from importlib import resources

import holidays


@lru_cache(64)
def country_of(zone: str) -> str:
    """The country (ISO 3166) whose holidays people in a time zone keep, "" where none is known.

    From the table of zones that comes with the time zone database.
    """
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    for line in table.splitlines():
        parts = line.split("\t")
        if len(parts) >= 3 and parts[2] == zone and parts[0] in holidays.list_supported_countries():
            return parts[0]
    return ""


@lru_cache(256)
def _of_year(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def days_off(country: str, years: Iterable[int]) -> frozenset[date]:
    """The public holidays of a country in these years."""
    return frozenset().union(*(_of_year(country, year) for year in years)) if country else frozenset()
