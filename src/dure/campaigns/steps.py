"""What campaigns offer to automations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.campaigns import events
from dure.campaigns.api import Campaigns, Way
from dure.campaigns.approval import events as approval_events
from dure.campaigns.gate import events as gate_events
from dure.campaigns.journeys.entering import arrival_of
from dure.kernel.errors import DureError
from dure.state import Tx

EVENTS = [*events.EVENTS, *gate_events.EVENTS, *approval_events.EVENTS]


class Enter(msgspec.Struct, frozen=True):
    """Which campaign the run's subject (a person) enters."""

    campaign: str


class Entered(msgspec.Struct, frozen=True):
    """`send` says whether the campaign goes on by itself from here; `message` is the way, for `campaigns.send`. `arm`
    is control, treated, or empty as long as nothing was to be done."""

    send: bool
    message: str
    arm: str
    reason: str = ""


class Send(msgspec.Struct, frozen=True):
    message: str


class Launch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which campaign is switched on; with `on` false it is stopped."""

    campaign: str
    on: bool = True


class Launched(msgspec.Struct, frozen=True):
    status: str


class Sent(msgspec.Struct, frozen=True):
    state: str
    reason: str = ""


def steps(api: Campaigns) -> list[StepKind]:
    """`campaigns.enter`, `send` and `launch`."""

    async def enter(tx: Tx, call: StepCall, given: Enter) -> Entered:
        arrival = arrival_of(call.subject, call.event)
        return _entered((await api.enter_in(tx, call.principal, given.campaign, [arrival]))[arrival.person])

    async def enter_many(tx: Tx, calls: Sequence[StepCall], given: Sequence[Enter]) -> list[Entered | Exception]:
        groups: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, (call, each) in enumerate(zip(calls, given, strict=True)):
            groups[call.tenant.workspace, each.campaign].append(index)
        answers: list[Entered | Exception] = [LookupError("not entered")] * len(calls)
        for (_, campaign), indexes in groups.items():
            arrivals = [arrival_of(calls[index].subject, calls[index].event) for index in indexes]
            try:
                found = await api.enter_in(tx, calls[indexes[0]].principal, campaign, arrivals)
            except DureError as error:
                # Raised before anything is written: the campaign is gone or not live.
                for index in indexes:
                    answers[index] = error
                continue
            for index, arrival in zip(indexes, arrivals, strict=True):
                answers[index] = _entered(found[arrival.person])
        return answers

    async def send(call: StepCall, given: Send) -> Sent:
        message = await api.send(call.principal, given.message)
        return Sent(message.state.value, message.reason) if message else Sent("waiting")

    async def launch(call: StepCall, given: Launch) -> Launched:
        campaign = await (api.launch if given.on else api.stop)(call.principal, given.campaign)
        return Launched(campaign.status)

    return [
        # Launching and stopping are the same however often they are done.
        StepKind(
            "campaigns.launch", {"ko": "캠페인 켜고 끄기", "en": "Launch or stop a campaign"}, Launch, Launched, launch,
            outside=True, on_unknown="retry",
            about={"ko": "준비된 캠페인을 시작하거나 멈춥니다.", "en": "Starts a campaign that is ready, or stops it."},
        ),
        StepKind(
            "campaigns.enter", {"ko": "캠페인에 들어옴", "en": "Enter a campaign"}, Enter, Entered, enter,
            run_many=enter_many,
            about={"ko": "사람을 캠페인에 넣습니다. 그 뒤로는 캠페인이 스스로 움직입니다.",
                   "en": "Puts somebody into a campaign, which goes on by itself from there."},
        ),
        # The message's own claim decides; a second attempt can only learn what became of the first.
        StepKind(
            "campaigns.send", {"ko": "메시지 보내기", "en": "Send the message"}, Send, Sent, send, outside=True,
            on_unknown="retry",
            about={"ko": "들어온 사람의 메시지를 지금 보내고 결과를 알려 줍니다.",
                   "en": "Sends what is due to somebody who entered now, and says what became of it."},
        ),
    ]  # fmt: skip


def _entered(way: Way) -> Entered:
    return Entered(way.state in ("moving", "waiting"), str(way.id), way.arm, way.reason)
