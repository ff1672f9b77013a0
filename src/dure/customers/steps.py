"""What customers offer automations: which channels get a customer's numbers, and the numbers as a card."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.customers.gathering import Sources
from dure.customers.weekly import channels_in, numbers_in, told
from dure.governance.api import access
from dure.kernel.errors import Invalid
from dure.state import Tx

_MOST = 500


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One channel a customer: of `topic`, or with none the first of general, deal, pricing, … that there is. `audience`
    outside are channels that the customer reads, inside those that only one's own people do, both one of each."""

    topic: str = ""
    audience: Literal["outside", "inside", "both"] = "both"
    most: int = 200


class Found(msgspec.Struct, frozen=True):
    """Ids of the channels."""

    channels: list[str]
    count: int


class Week(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`channel` is the id of one that belongs to a customer."""

    channel: str
    days: int = 7


class Card(msgspec.Struct, frozen=True):
    """`inside` says that deals, health and mentions are on the card: the customer does not read the channel. `text` and
    `blocks` are for channels.post."""

    account: str
    questions: int
    at_risk: int
    median_minutes: float
    answered: int
    inside: bool
    text: str
    blocks: list[dict[str, Any]]


def steps(sources: Sources) -> list[StepKind]:
    """customers.channels and customers.numbers."""

    async def channels(tx: Tx, call: StepCall, given: Which) -> Found:
        access(call.principal, "channels:read")
        if not 1 <= given.most <= _MOST:
            raise Invalid(f"`most` is between 1 and {_MOST}.", field="most")
        found = (await channels_in(sources, tx, call.principal, given.topic, given.audience))[: given.most]
        return Found(found, len(found))

    async def numbers(tx: Tx, call: StepCall, given: Week) -> Card:
        access(call.principal, "channels:read")
        if not 1 <= given.days <= 90:
            raise Invalid("`days` is between 1 and 90.", field="days")
        found, _ = await numbers_in(sources, tx, call.principal, given.channel, call.now, given.days)
        space = await sources.governance.workspace_in(tx, call.tenant.workspace)
        text, blocks = told(found, call.now, space.timezone)
        return Card(
            found.account, found.questions, len(found.at_risk), found.median_minutes or 0.0, found.answered,
            found.inner is not None, text, blocks,
        )  # fmt: skip

    return [
        StepKind(
            "customers.channels", {"ko": "고객마다 채널 하나", "en": "One channel for each"
            " customer"}, Which, Found, channels,
        ),
        StepKind(
            "customers.numbers", {"ko": "고객의 이번 주 숫자", "en": "A customer's week in"
            " numbers"}, Week, Card, numbers,
            about={"ko": "열린 질문, 응답 시간, 집행을 카드로 만듭니다. 고객이 읽지 않는 채널에서만 거래와"
                         " 건강, 언급이 들어갑니다.",
                   "en": "Open questions, answers and deliveries as a card; deals, health and mentions only where the"
                   " customer does not read along."},
        ),
    ]  # fmt: skip
