"""A function's week: what came, what was done, what is open, what it was about, and the sentence worth quoting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dure.social.events import plain
from dure.social.model import TOPICS
from dure.social.routing.model import TEAMS
from dure.state import Tx

_QUOTE = 280


@dataclass(frozen=True, slots=True)
class Digest:
    """Counts are of mentions that came in the time and are the function's, near copies left out. `topics` are (topic,
    how many, how many the time before)."""

    function: str
    since: datetime
    until: datetime
    came: int
    before: int
    done: int
    open: int
    accepted: int
    negative: int
    moved_away: int
    oldest: datetime | None
    topics: Sequence[tuple[str, int, int]]
    quote: Mapping[str, Any]

    def text(self, language: str) -> str:
        """The whole of it as a message in one language, with everything untrusted made plain."""
        return "\n".join(line for line in (_in_korean if language == "ko" else _in_english)(self) if line)


async def of(tx: Tx, workspace: str, function: str, since: datetime, until: datetime) -> Digest:
    asked = {"w": workspace, "f": function, "since": since, "until": until, "before": since - (until - since)}
    of_them = (
        " from social.mention m left join social.decision d on d.workspace = m.workspace and d.mention = m.id"
        " where m.workspace = %(w)s and m.original = m.id and m.deleted_at is null"
    )
    row = await tx.row(
        "select count(*) filter (where m.function = %(f)s and m.arrived_at > %(since)s) as came,"
        " count(*) filter (where m.function = %(f)s and m.arrived_at <= %(since)s) as before,"
        " count(*) filter (where m.function = %(f)s and m.arrived_at > %(since)s and m.state = 'done') as done,"
        " count(*) filter (where m.function = %(f)s and m.arrived_at > %(since)s and d.verdict = 'accepted')"
        "   as accepted,"
        " count(*) filter (where m.function = %(f)s and m.arrived_at > %(since)s and m.sentiment < 0) as negative,"
        " count(*) filter (where m.function <> %(f)s and d.function = %(f)s and m.arrived_at > %(since)s)"
        "   as moved_away" + of_them + " and m.arrived_at > %(before)s and m.arrived_at <= %(until)s"
        " and (m.function = %(f)s or d.function = %(f)s)",
        asked,
    )
    still = await tx.row(
        "select count(*) as open, min(arrived_at) as oldest from social.mention where workspace = %(w)s"
        " and function = %(f)s and state = 'routed' and original = id and deleted_at is null", asked,
    )  # fmt: skip
    topics = await tx.rows(
        "select topic, count(*) filter (where arrived_at > %(since)s) as now,"
        " count(*) filter (where arrived_at <= %(since)s) as before from social.mention where workspace = %(w)s"
        " and function = %(f)s and original = id and deleted_at is null and arrived_at > %(before)s"
        " and arrived_at <= %(until)s group by topic having count(*) filter (where arrived_at > %(since)s) > 0"
        " order by now desc, topic limit 3",
        asked,
    )
    quote = await tx.row(
        "select id, text, author, handle, network, url, reach from social.mention where workspace = %(w)s"
        " and function = %(f)s and original = id and deleted_at is null and not direct and spam < 0.5"
        " and arrived_at > %(since)s and arrived_at <= %(until)s and length(text) between 15 and 600"
        " order by (sentiment <> 0) desc, feeling desc, reach desc, id limit 1",
        asked,
    )
    assert row is not None  # noqa: S101
    assert still is not None  # noqa: S101
    told = [(one["topic"], one["now"], one["before"]) for one in topics]
    return Digest(function, since, until, **row, **still, topics=told, quote=quote or {})


def _in_korean(one: Digest) -> list[str]:
    topics = ", ".join(f"{TOPICS[name]['ko']} {now}건({_change(now, was)})" for name, now, was in one.topics)
    return [
        f"*{TEAMS[one.function]['ko']} 주간 소셜* · 새 언급 {one.came}건(지난주 {one.before}건)",
        f"완료 {one.done} · 맡음 {one.accepted} · 다른 팀으로 {one.moved_away} · 부정 {one.negative}",
        f"열린 것 {one.open}건" + (f", 가장 오래된 것은 {_day(one.oldest)}부터" if one.oldest else ""),
        f"주제: {topics}" if topics else "",
        _quoted(one.quote),
    ]


def _in_english(one: Digest) -> list[str]:
    topics = ", ".join(f"{TOPICS[name]['en']} {now} ({_change(now, was)})" for name, now, was in one.topics)
    return [
        f"*Social this week for {TEAMS[one.function]['en']}* · {one.came} new mentions ({one.before} the week before)",
        f"{one.done} done · {one.accepted} accepted · {one.moved_away} moved to others · {one.negative} negative",
        f"{one.open} open" + (f", the oldest since {_day(one.oldest)}" if one.oldest else ""),
        f"About: {topics}" if topics else "",
        _quoted(one.quote),
    ]


def _quoted(quote: Mapping[str, Any]) -> str:
    if not quote:
        return ""
    text = " ".join(str(quote["text"]).split())
    text = text if len(text) <= _QUOTE else text[: _QUOTE - 1] + "…"
    return f"> “{plain(text)}” — {plain(str(quote['author'] or quote['handle']))}, {plain(str(quote['network']))}"


def _change(now: int, was: int) -> str:
    return f"{now - was:+d}"


def _day(at: datetime) -> str:
    return at.strftime("%Y-%m-%d")
