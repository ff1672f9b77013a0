"""What automations may ask of quiet channels: which they are."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.channels.dormant import store
from dure.channels.model import ts_at
from dure.governance.api import access
from dure.kernel.errors import Invalid
from dure.state import Tx

_MOST = 200


class Dormant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Channels without a message for so many `days`; of those whose name begins with `prefix`, of all where it is
    empty. Private channels, shared ones and #general are never among them."""

    days: int = 60
    prefix: str = ""
    most: int = 50


class Found(msgspec.Struct, frozen=True):
    """Ids of the channels, the quietest first, and how many they are."""

    channels: list[str]
    names: list[str]
    count: int


def steps() -> list[StepKind]:
    """channels.dormant."""

    async def dormant(tx: Tx, call: StepCall, given: Dormant) -> Found:
        access(call.principal, "channels:read")
        if not 1 <= given.days <= 3650:
            raise Invalid("`days` is between 1 and 3650.", field="days")
        if not 1 <= given.most <= _MOST:
            raise Invalid(f"`most` is between 1 and {_MOST}.", field="most")
        since = call.now - timedelta(days=given.days)
        rows = await store.quiet_since(tx, call.tenant.workspace, since, ts_at(since), given.prefix, given.most)
        return Found([row["channel"] for row in rows], [row["name"] for row in rows], len(rows))

    return [
        StepKind(
            "channels.dormant", {"ko": "조용한 채널 찾기", "en": "Find quiet channels"}, Dormant, Found, dormant,
            about={"ko": "정한 날수 동안 아무도 쓰지 않은 채널을 찾습니다.",
                   "en": "Finds channels in which nobody has written for so many days."},
        )
    ]  # fmt: skip
