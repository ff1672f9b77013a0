"""What agendas offer automations: which channels have one, and the agenda of a week as a card."""

from __future__ import annotations

from typing import Any

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.channels.agenda.api import Agenda, Agendas
from dure.channels.api import Channels
from dure.governance.api import access
from dure.kernel.cards import card
from dure.kernel.errors import Invalid
from dure.state import Tx

_MOST = 500
_SHOWN = 15


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At most so many."""

    most: int = 200


class Found(msgspec.Struct, frozen=True):
    """Ids of channels whose page has an agenda with something open, by name."""

    channels: list[str]
    count: int


class Of(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`channel` is an id or a name. With `carry` a new week begins first: what is done is put aside, what is open is
    carried over."""

    channel: str
    carry: bool = False


class Card(msgspec.Struct, frozen=True):
    """How many points are open and past their day; `text` and `blocks` are for channels.post."""

    open: int
    late: int
    text: str
    blocks: list[dict[str, Any]]


def steps(api: Agendas, channels: Channels) -> list[StepKind]:
    """channels.agendas and channels.agenda."""

    async def listed(tx: Tx, call: StepCall, given: Which) -> Found:
        access(call.principal, "channels:read")
        if not 1 <= given.most <= _MOST:
            raise Invalid(f"`most` is between 1 and {_MOST}.", field="most")
        found = await api.channels_in(tx, call.principal, given.most)
        return Found(found, len(found))

    async def shown(tx: Tx, call: StepCall, given: Of) -> Card:
        access(call.principal, "channels:read")
        room = await channels.info_in(tx, call.principal, given.channel)
        agenda = await (api.carry_in if given.carry else api.of_in)(tx, call.principal, room.id)
        late = sum(one.late(call.now.date()) for one in agenda.items)
        text, blocks = told(agenda, call)
        return Card(len(agenda.open), late, text, blocks)

    return [
        StepKind("channels.agendas", {"ko": "안건이 있는 채널", "en": "Channels with an agenda"}, Which, Found, listed),
        StepKind(
            "channels.agenda", {"ko": "안건 카드 만들기", "en": "Make an agenda's card"}, Of, Card, shown,
            about={"ko": "채널 페이지의 안건을 카드로 만듭니다. carry를 켜면 끝난 것을 접고 남은 것을 다음"
                         " 주로 넘깁니다.",
                   "en": "The agenda of a channel's page as a card; with `carry` what is left is carried over first."},
        ),
    ]  # fmt: skip


def told(agenda: Agenda, call: StepCall) -> tuple[str, list[dict[str, Any]]]:
    lines = []
    for one in agenda.open[:_SHOWN]:
        mark = "🔴" if one.late(call.now.date()) else "▫️"
        parts = [f"{mark} {_plain(one.text)}"]
        parts += [f"<@{one.owner}>"] if one.owner else []
        parts += [one.due.isoformat()] if one.due else []
        parts += [f"↪{one.carried}"] if one.carried else []
        lines.append(" · ".join(parts))
    if left := len(agenda.open) - _SHOWN:
        lines += [f"+ {left}"] if left > 0 else []
    head = "🗒️ 이번 주 안건 · This week's agenda"
    foot = f"열린 것 {len(agenda.open)} open · <#{agenda.channel}>"
    return f"{head}: {len(agenda.open)}", card(head, "\n".join(lines)[:2900], foot=foot)


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
