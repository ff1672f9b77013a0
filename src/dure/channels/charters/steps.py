"""What charters offer automations: the channels that have one or want one, and the card that reminds of it."""

from __future__ import annotations

from typing import Any

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.channels.api import Channels
from dure.channels.charters import store
from dure.channels.charters.api import Charters, Standard
from dure.channels.charters.model import Charter
from dure.governance.api import access
from dure.kernel.cards import card
from dure.kernel.errors import Invalid
from dure.state import Tx

_MOST = 500
_DAYS = ("월 Mon", "화 Tue", "수 Wed", "목 Thu", "금 Fri", "토 Sat", "일 Sun")


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`missing` asks for channels that another organisation reads and that have no charter; else those with one."""

    missing: bool = False
    most: int = 200


class Found(msgspec.Struct, frozen=True):
    """Ids of the channels, by name; of missing ones the oldest first."""

    channels: list[str]
    count: int


class Of(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`channel` is an id or a name."""

    channel: str


class Card(msgspec.Struct, frozen=True):
    """`there` is false where the channel has no charter; `missing` is true where it is read from outside and should
    have one. `creator` made the channel. `text` and `blocks` are for channels.post."""

    there: bool
    missing: bool
    version: int
    creator: str
    text: str
    blocks: list[dict[str, Any]]


def steps(api: Charters, channels: Channels) -> list[StepKind]:
    """channels.charters and channels.charter_card."""

    async def listed(tx: Tx, call: StepCall, given: Which) -> Found:
        access(call.principal, "channels:read")
        if not 1 <= given.most <= _MOST:
            raise Invalid(f"`most` is between 1 and {_MOST}.", field="most")
        workspace = call.tenant.workspace
        if given.missing:
            rows = await store.wanting(tx, workspace, call.tenant.org, given.most)
        else:
            rows = await store.kept(tx, workspace, given.most)
        return Found([row["channel"] for row in rows], len(rows))

    async def shown(tx: Tx, call: StepCall, given: Of) -> Card:
        access(call.principal, "channels:read")
        room = await channels.info_in(tx, call.principal, given.channel)
        charter = await store.of(tx, room.id)
        if charter is None:
            outside = any(share.org != room.home.org for share in room.connected)
            return Card(False, outside and room.side.home, 0, room.creator, "", [])
        standard = await api.standard_in(tx, room, charter)
        text, blocks = told(charter, standard)
        return Card(True, False, charter.version, room.creator, text, blocks)

    return [
        StepKind(
            "channels.charters", {"ko": "헌장이 있거나 없는 채널", "en": "Channels with or without a"
            " charter"}, Which, Found,
            listed,
        ),
        StepKind(
            "channels.charter_card", {"ko": "헌장 카드 만들기", "en": "Make a charter's card"}, Of, Card, shown,
            about={"ko": "채널 헌장을 카드로 만듭니다. 올리는 것은 다음 단계입니다.",
                   "en": "A channel's charter as a card; posting it is the next step."},
        ),
    ]  # fmt: skip


def told(charter: Charter, standard: Standard) -> tuple[str, list[dict[str, Any]]]:
    """The card: plain text and blocks, readable by Slack's clients too."""
    text = charter.text
    lines = [_plain(text.purpose)]
    if text.belongs:
        lines += ["", "*함께하는 사람 Who belongs*"]
        lines += [f"• <@{one.user}> · {_plain(one.reason)}" for one in text.belongs[:20]]
    if text.places:
        lines += ["", "*다른 곳에서 What goes elsewhere*"]
        lines += [f"• {_plain(one.what)}" + (f" → <#{one.channel}>" if one.channel else "") for one in text.places]
    fields = [("응답 약속 We answer", f"{standard.minutes}분 안에 minutes")] if standard.minutes else []
    fields += [("여는 시간 Open", _hours(standard))] if standard.hours.id is not None else []
    head = "📜 이 채널의 헌장 · This channel's charter"
    blocks = card(
        head, "\n".join(lines)[:2900], fields, f"{charter.version}판 version · {charter.at.date().isoformat()}"
    )
    return f"{head}: {_plain(text.purpose)[:200]}", blocks


def _hours(standard: Standard) -> str:
    """Days with the same hours together: `월 Mon–금 Fri 09:00–18:00`."""
    runs: list[tuple[int, int, str]] = []
    for number, day in enumerate(standard.hours.week):
        spans = ", ".join(f"{_clock(span.start)}–{_clock(span.end)}" for span in day)
        if runs and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], number, spans)
        else:
            runs.append((number, number, spans))
    named = [
        (_DAYS[first] if first == last else f"{_DAYS[first]}–{_DAYS[last]}") + f" {spans}"
        for first, last, spans in runs if spans
    ]  # fmt: skip
    return f"{' · '.join(named)} ({standard.hours.zone})"


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
