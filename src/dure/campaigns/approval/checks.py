"""The list that is checked twice before anything reaches people: what a second pair of eyes would look for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dure.campaigns.approval.model import Check, Level
from dure.campaigns.design import Design, Messaging, Until
from dure.campaigns.gate.model import Policy
from dure.campaigns.gate.rules import TRANSACTIONAL
from dure.campaigns.gate.walls import first_moment

TIMES_LARGER = 3
_LINK = re.compile(r"(?<![\w{])(?:https?:/*|www\.)[^\s<>\"']*", re.IGNORECASE)
_HOLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_ADDRESS = re.compile(r"(?<![\w/=&?.-])\{\{\s*(?:[\w\[\].]*[._])?(?:url|link)\b[^}]*\}\}", re.IGNORECASE)
_LEAVING = ("unsubscribe", "수신거부", "무료거부")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the list is made from, beside the design. `languages` are the shares of the people's own."""

    reach: int
    last_reaches: Sequence[int]
    languages: Mapping[str, float]
    tested: Mapping[str, Collection[str]]
    """Message nodes of which a test was sent since the design last changed, with the languages that were."""
    policy: Policy
    zone: ZoneInfo
    problems: Sequence[str] = ()


def checks(design: Design, facts: Facts) -> list[Check]:
    """Every line, the bad ones too late to overlook: `stop` before `warn` before `note` before `ok`."""
    found = [
        *_audience(facts), *_links(design), *_languages(design, facts), *_way_out(design), *_halves(design, facts),
        *_hours(design, facts), *_tests(design, facts),
    ]  # fmt: skip
    order: list[Level] = ["stop", "warn", "note", "ok"]
    return sorted(found, key=lambda check: order.index(check.level))


def _audience(facts: Facts) -> Iterator[Check]:
    if facts.problems:
        yield Check("problems", "stop", {"problems": list(facts.problems)})
    if facts.reach == 0:
        yield Check("nobody", "stop")
        return
    usual = sorted(facts.last_reaches)[len(facts.last_reaches) // 2] if facts.last_reaches else None
    told = {"reach": facts.reach, "usual": usual}
    large = usual is not None and facts.reach > TIMES_LARGER * max(usual, 1)
    yield Check("larger_than_usual" if large else "size", "warn" if large else "ok", told)


def _links(design: Design) -> Iterator[Check]:
    broken = sorted({link for _, text in _texts(design) for link in links_in(text) if not resolves(link)})
    if broken:
        yield Check("broken_links", "stop", {"links": broken})
        return
    written = sum(len(links_in(text)) for _, text in _texts(design))
    filled = sum(len(addresses_in(text)) for _, text in _texts(design))
    code = (
        "links_and_filled" if written and filled else "links" if written else "filled_links" if filled else "no_links"
    )
    yield Check(code, "ok", {"links": written, "filled": filled})


def _languages(design: Design, facts: Facts) -> Iterator[Check]:
    every = {language for node in design.messages for language in node.texts}
    partly = sorted({f"{node.id}: {one}" for node in design.messages for one in every - set(node.texts)})
    if partly:
        yield Check("missing_translation", "warn", {"where": partly})
    foreign = {
        language: round(share, 3)
        for language, share in facts.languages.items()
        if language and language not in every and share >= 0.05
    }
    if foreign:
        yield Check("unwritten_language", "warn", {"languages": foreign})
    if not partly and not foreign:
        yield Check("languages", "ok", {"languages": sorted(every)})


def _way_out(design: Design) -> Iterator[Check]:
    """An e-mail in plain words gets its way out by itself; one in MJML and an SMS carry what was written."""
    if design.topic == TRANSACTIONAL:
        yield Check("transactional", "note")
        return
    without = sorted(
        node.id
        for node in design.messages
        for text in node.texts.values()
        if (node.channel == "email" and text.mjml and "unsubscribe_url" not in text.mjml)
        or (node.channel == "sms" and not any(word in text.body.lower() for word in _LEAVING))
    )
    yield Check("no_way_out", "stop", {"nodes": sorted(set(without))}) if without else Check("way_out", "ok")


def _halves(design: Design, facts: Facts) -> Iterator[Check]:
    if design.topic == TRANSACTIONAL:
        return
    yield Check("no_holdout", "warn") if design.holdout == 0 else Check("holdout", "ok", {"share": design.holdout})
    if not facts.policy.caps:
        yield Check("no_caps", "warn")


def _hours(design: Design, facts: Facts) -> Iterator[Check]:
    loud = sorted(node.id for node in design.messages if node.quiet == "ignore")
    if loud and design.topic != TRANSACTIONAL:
        yield Check("ignores_quiet_hours", "warn", {"nodes": loud})
    elif facts.policy.quiet is None and design.topic != TRANSACTIONAL:
        yield Check("no_quiet_hours", "note")
    else:
        yield Check("quiet_hours", "ok")
    outside = sorted({at for at in _times(design) if not _within(at, facts.policy)})
    if outside:
        yield Check("outside_business_hours", "warn", {"times": outside})
    jumped = design.entry.at is not None and _is_jumped_over(design.entry.at, facts.zone)
    if jumped:
        yield Check("clock_jumps", "note", {"at": design.entry.at})


def _tests(design: Design, facts: Facts) -> Iterator[Check]:
    untried = sorted(node.id for node in design.messages if node.id not in facts.tested)
    unread = {one for node in design.messages for one in set(node.texts) - set(facts.tested.get(node.id, ()))}
    if untried:
        yield Check("not_tested", "warn", {"nodes": untried})
    elif unread:
        yield Check("tested_in_part", "note", {"languages": sorted(unread)})
    else:
        yield Check("tested", "ok")


def links_in(text: str) -> list[str]:
    """What reads as a link. One that is a hole from its beginning is somebody's own, and not judged here."""
    return [found.rstrip(".,;:!?)]}") for found in _LINK.findall(_HOLE.sub("x", text))]


def addresses_in(text: str) -> list[str]:
    """Holes in which an address stands that is each person's own: an item's, the event's, the way out."""
    return _ADDRESS.findall(text)


def resolves(link: str) -> bool:
    """Whether a link could lead anywhere: a scheme, a host with a dot, a port that is one."""
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme.lower() not in ("http", "https") or not host:
        return False
    return re.fullmatch(r"[^\s.]+(\.[^\s.]+)+", host) is not None


def _texts(design: Design) -> Iterator[tuple[Messaging, str]]:
    for node in design.messages:
        for text in node.texts.values():
            for name in ("subject", "preheader", "body", "mjml", "title", "url", "image", "text"):
                if value := getattr(text, name):
                    yield node, value


def _times(design: Design) -> Iterator[str]:
    """Times of the clock at which the design sends."""
    if design.entry.at is not None:
        yield design.entry.at.partition("T")[2][:5]
    if design.entry.every is not None:
        yield design.entry.every.time
    for node in design.nodes:
        until = getattr(node, "until", None)
        if isinstance(until, Until):
            yield until.time


def _within(at: str, policy: Policy) -> bool:
    try:
        shown, start, end = (time.fromisoformat(one) for one in (at, policy.business.start, policy.business.end))
    except ValueError:
        return True  # what is no time is a problem of the design, told elsewhere
    return start <= shown < end if start < end else shown >= start or shown < end


def _is_jumped_over(at: str, zone: ZoneInfo) -> bool:
    try:
        wall = datetime.fromisoformat(at)
    except ValueError:
        return False
    return first_moment(wall, zone).astimezone(zone).replace(tzinfo=None) != wall
