"""What a user agent says about browser, system and device, read with ua-parser; the same text is read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import ua_parser

_LONGEST = 1000
_NAMES = ("$user_agent", "$useragent", "$raw_user_agent", "user_agent")
TELLING = frozenset(("context", *_NAMES))
"""Without any of these an event says nothing of its user agent."""
_DESKTOPS = ("Windows", "Mac OS X", "Linux", "Ubuntu", "Fedora", "Debian", "Chrome OS", "FreeBSD", "OpenBSD")


def text_of(properties: Mapping[str, Any]) -> str:
    """The user agent of an event, wherever its protocol put it; "" without one."""
    context = properties.get("context")
    found = context.get("userAgent") if type(context) is dict else None
    if found is None:
        for name in _NAMES:
            if name in properties:
                found = properties[name]
                break
    return found if type(found) is str and len(found) <= _LONGEST else ""


@lru_cache(maxsize=8192)
def read(text: str) -> tuple[tuple[str, str], ...]:
    """(property, value) of what the text says: browser, browser_version, os, os_version, device_type, device."""
    parsed = ua_parser.parse(text)
    agent, system, device = parsed.user_agent, parsed.os, parsed.device
    found: list[tuple[str, str]] = []
    if agent is not None:
        found += [("browser", agent.family), ("browser_version", _version(agent.major, agent.minor))]
    if system is not None:
        found += [("os", system.family), ("os_version", _version(system.major, system.minor))]
    family = device.family if device is not None else ""
    found.append(("device_type", _kind(text, family, system.family if system is not None else "")))
    if device is not None and device.model and family != "Spider":
        found.append(("device", " ".join(dict.fromkeys(filter(None, (device.brand, device.model))))))
    return tuple((name, value) for name, value in found if value)


def _version(*parts: str | None) -> str:
    return ".".join(part for part in parts if part)


def _kind(text: str, family: str, system: str) -> str:
    if family == "Spider":
        return "bot"
    if "TV" in text or "BRAVIA" in text or "AppleTV" in family:
        return "tv"
    if "iPad" in text or "Tablet" in text or (system == "Android" and "Mobile" not in text):
        return "tablet"
    if "Mobile" in text or system in ("iOS", "Android"):
        return "mobile"
    return "desktop" if system in _DESKTOPS else ""
