"""A customer's week in numbers, and the card that says them: what a Monday's automation posts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dure.channels.customer.api import TOPICS, Place
from dure.channels.model import ts_at
from dure.customers.gathering import Gathered, Sources, gather
from dure.customers.model import TROUBLE, Numbers
from dure.governance.api import Principal
from dure.kernel.cards import card
from dure.kernel.errors import Invalid, NotFound
from dure.social.model import Look
from dure.state import Tx

_MOST = 5


async def channels_in(sources: Sources, tx: Tx, principal: Principal, topic: str, audience: str) -> list[str]:
    """One channel a customer and audience: of a topic, or the first there is in the topics' order."""
    if topic and topic not in TOPICS:
        raise Invalid(f"`topic` is one of {', '.join(TOPICS)}, or empty.", field="topic")
    standing = await sources.rooms.standing_in(tx, principal)
    chosen: dict[tuple[str, bool], str] = {}
    for one in sorted(standing.places, key=lambda one: (TOPICS.index(one.topic), one.name)):
        fits = audience == "both" or (audience == "outside") == one.outside
        if one.home and not one.archived and fits and topic in ("", one.topic):
            chosen.setdefault((one.account, one.outside), one.channel)
    return list(chosen.values())


async def numbers_in(
    sources: Sources, tx: Tx, principal: Principal, channel: str, now: datetime, days: int
) -> tuple[Numbers, Place]:
    """The numbers for a linked channel. What sales think of the customer is left out where the customer reads along."""
    standing = await sources.rooms.standing_in(tx, principal)
    place = next((one for one in standing.places if one.channel == channel), None)
    if place is None:
        raise NotFound("This channel belongs to no customer.", field="channel")
    found = await gather(sources, tx, principal, place.account)
    # Where the customer reads, only what was said in channels that they read is counted.
    shown = [one for one in found.places.get(place.account, ()) if one.outside or not place.outside]
    channels = {one.channel for one in shown}
    waiting = [one for one in found.questions.get(place.account, ()) if one.channel in channels]
    answers, standard = await sources.rooms.answers_in(tx, principal, sorted(channels), days), place.minutes
    count = sum(one.answered for one in answers)
    lines = [row for row in (found.lines or {}).get(place.account, ()) if row.outlook.status != "cancelled"]
    oldest = min((one.asked for one in waiting), default=0)
    inner = None if place.outside else await _inner(sources, tx, principal, found, place.account, now, days)
    return Numbers(
        place.account, str(found.accounts.get(place.account, {}).get("name", "")), len(waiting),
        (ts_at(now) - oldest) / 3_600_000_000 if oldest else None, count,
        sum((one.median or 0) * one.answered for one in answers) / count / 60 if count else None,
        sum(one.met for one in answers), standard, len(lines),
        [row.item.name for row in lines if row.outlook.status in TROUBLE], inner,
    ), place  # fmt: skip


async def _inner(
    sources: Sources, tx: Tx, principal: Principal, found: Gathered, account: str, now: datetime, days: int
) -> dict[str, Any]:
    stages = await sources.deals.stages_in(tx, principal)
    deals = sorted(
        (one for one in found.deals.get(account, ()) if one.closed_at is None), key=lambda one: -one.amount
    )  # fmt: skip
    since = now - timedelta(days=days)
    mentions = await sources.social.mentions_in(tx, principal, Look(account=account, since=since, limit=100))
    return {
        "deals": [
            {"deal": one.id, "name": one.name, "stage_ko": stages[one.stage].name_ko,
             "stage_en": stages[one.stage].name_en, "amount": one.amount, "currency": one.currency,
             "score": found.health.get(one.id, {}).get("score"), "band": found.health.get(one.id, {}).get("band") or ""}
            for one in deals[:_MOST]
        ],
        "open_deals": len(deals), "mentions": len(mentions),
        "negative": sum(one.sentiment < 0 for one in mentions),
    }  # fmt: skip


def told(numbers: Numbers, now: datetime, zone: str) -> tuple[str, list[dict[str, Any]]]:
    """The card: its plain text and its blocks, Korean and English side by side."""
    day = now.astimezone(ZoneInfo(zone)).date().isoformat()
    waiting = f"{numbers.questions}건" + (
        f" · 가장 오래 기다린 것 {numbers.oldest_hours:.0f}시간 · oldest {numbers.oldest_hours:.0f} h"
        if numbers.oldest_hours is not None else ""
    )  # fmt: skip
    standard = f" / {numbers.standard_minutes}분 min" if numbers.standard_minutes else ""
    median = "–" if numbers.median_minutes is None else f"{numbers.median_minutes:.0f}분 min"
    fields = [
        ("열린 질문 Open questions", waiting),
        ("응답 중앙값 / 약속 Median answer / standard", f"{median}{standard}"),
        ("답한 질문 Answered", f"{numbers.answered}건, 약속 안에 {numbers.within}건 within the standard"),
        ("집행 Deliveries", f"{numbers.line_items}개" + (
            f", 미달 위험 {len(numbers.at_risk)}개 at risk" if numbers.at_risk else " · 모두 순조 all on pace")),
    ]  # fmt: skip
    lines = [f"• ⚠️ {_plain(name)}" for name in numbers.at_risk[:_MOST]]
    if numbers.inner is not None:
        fields.append(("언급 Mentions", f"{numbers.inner['mentions']}건, 부정 {numbers.inner['negative']}건 negative"))
        lines += [_deal(one) for one in numbers.inner["deals"]]
    text = f"이번 주의 숫자 · This week's numbers · {_plain(numbers.name)}"
    blocks = card(f"📊 {text}"[:150], "\n".join(lines), fields, f"{day} · /customers/{numbers.account}")
    if numbers.inner is None:
        blocks[-1] = {"type": "context", "elements": [{"type": "mrkdwn", "text": day}]}
    return f"{text}: 열린 질문 {numbers.questions} open, {median}{standard}", blocks


def _deal(one: dict[str, Any]) -> str:
    health = "" if one["score"] is None else f" · {_MARKS.get(one['band'], '')} {one['score']}"
    return f"• {_plain(one['name'])} · {one['stage_ko']} {one['stage_en']}{health}"


_MARKS = {"good": "🟢", "fair": "🟡", "poor": "🔴"}


def _plain(text: str) -> str:
    """A name in a text with markup: it calls nobody and links nowhere."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
