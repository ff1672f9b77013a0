"""What customers' channels offer automations: a channel linked to its customer."""

from __future__ import annotations

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.channels.customer.api import CustomerRooms
from dure.state import Tx


class LinkCustomer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`account` is a customer's id; with none, or one that is not there, nothing is linked: not every deal knows its
    customer. `topic` is
    general, deal, pricing, launch, support, billing, delivery or creative."""

    channel: str
    account: str = ""
    topic: str = "general"


class Linked(msgspec.Struct, frozen=True):
    """The customer's id, empty where there was none."""

    account: str


def steps(api: CustomerRooms) -> list[StepKind]:
    """channels.link_customer."""

    async def link(tx: Tx, call: StepCall, given: LinkCustomer) -> Linked:
        if not await api.accounts(tx, call.tenant, [given.account]):
            return Linked("")
        return Linked((await api.link_in(tx, call.principal, given.channel, given.account, given.topic)).account)

    return [
        StepKind(
            "channels.link_customer", {"ko": "채널을 고객에 연결", "en": "Link a channel to its"
            " customer"}, LinkCustomer,
            Linked, link,
            about={"ko": "채널이 어느 고객의 어떤 주제인지 적습니다. 상대 조직은 모릅니다.",
                   "en": "Says whose channel it is and by which topic. The other side is not told."},
        )
    ]  # fmt: skip
