"""Where a visit came from: campaign parameters and click ids of the page's address, and the site that linked to it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_LONGEST = 2000
_CLICKS = frozenset({
    "gclid", "gbraid", "wbraid", "gclsrc", "dclid", "fbclid", "msclkid", "ttclid", "twclid", "li_fat_id", "yclid",
    "igshid", "mc_cid", "rdt_cid", "epik", "sccid", "NaPm",
})  # fmt: skip
_URLS = ("$current_url", "current_url", "url", "[Amplitude] Page URL")
_REFERRERS = ("$referrer", "referrer", "[Amplitude] Page Referrer")
TELLING = frozenset(("context", *_URLS, *_REFERRERS))
"""Without any of these an event says nothing of where it came from."""

Pairs = tuple[tuple[str, str], ...]


def address_of(properties: Mapping[str, Any]) -> str:
    """The page's address, wherever the protocol put it; "" without one."""
    return _found(properties, "url", _URLS)


def referrer_of(properties: Mapping[str, Any]) -> str:
    """The address of the page that linked here; "" without one."""
    return _found(properties, "referrer", _REFERRERS)


@lru_cache(maxsize=8192)
def parameters(url: str) -> Pairs:
    """(property, value) of the utm_ parameters and click ids in an address; the first of a name counts."""
    try:
        query = parse_qsl(urlsplit(url).query, max_num_fields=100)
    except ValueError:
        return ()
    found: dict[str, str] = {}
    for name, value in query:
        small = name.lower()
        if value and (small.startswith("utm_") or name in _CLICKS):
            found.setdefault(small, value)
    return tuple(found.items())


@lru_cache(maxsize=8192)
def domain(url: str) -> str:
    """The host of an address, without port and user."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _found(properties: Mapping[str, Any], in_page: str, names: tuple[str, ...]) -> str:
    context = properties.get("context")
    found = None
    if type(context) is dict and type(page := context.get("page")) is dict:
        found = page.get(in_page)
    if found is None:
        for name in names:
            if name in properties:
                found = properties[name]
                break
    return found if type(found) is str and len(found) <= _LONGEST else ""
