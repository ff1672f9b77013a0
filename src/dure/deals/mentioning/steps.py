"""What automations may ask of a text: which open deals it is about."""

from __future__ import annotations

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.deals.mentioning import store
from dure.governance.api import access
from dure.state import Tx

_MOST = 20


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Any text; accounts are looked for in it by their names."""

    text: str


class Mentioned(msgspec.Struct, frozen=True):
    """`deals` are the ids of open deals, the largest first; the rest is of the largest, empty where there is none."""

    count: int
    deals: list[str]
    deal: str
    name: str
    owner: str
    channel: str
    account: str
    account_name: str


def steps() -> list[StepKind]:
    """deals.mentioned."""

    async def mentioned(tx: Tx, call: StepCall, given: Text) -> Mentioned:
        access(call.principal, "deals:read")
        rows = await store.named_in(tx, call.tenant.workspace, given.text, _MOST)
        first = rows[0] if rows else dict.fromkeys(("deal", "name", "owner", "channel", "account", "account_name"), "")
        return Mentioned(len(rows), [row["deal"] for row in rows], **first)

    return [
        StepKind(
            "deals.mentioned", {"ko": "글에 나온 거래 찾기", "en": "Find deals named in a text"}, Text, Mentioned,
            mentioned,
            about={"ko": "글에 이름이 나온 고객사의 열린 거래를 찾습니다.",
                   "en": "Finds open deals whose account is named in a text."},
        )
    ]  # fmt: skip
