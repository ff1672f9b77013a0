"""What campaigns offer to automations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.campaigns import events
from dure.campaigns.api import Campaigns, Message
from dure.campaigns.entering import arrival_of
from dure.campaigns.model import State
from dure.kernel.errors import DureError
from dure.state import Tx

EVENTS = events.EVENTS


class Enter(msgspec.Struct, frozen=True):
    """Which campaign the run's subject (a person) enters."""

    campaign: str


class Entered(msgspec.Struct, frozen=True):
    """`send` says whether a letter is to follow; `arm` is control, treated, or empty for those who may not enter."""

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
        return Sent(message.state.value, message.reason)

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
            about={"ko": "동의, 빈도 제한, 수신거부를 확인하고 절반을 보류합니다.",
                   "en": "Checks consent, cap and suppression, and holds half back."},
        ),
        # The message's own claim decides; a second attempt can only learn what became of the first.
        StepKind(
            "campaigns.send", {"ko": "메시지 보내기", "en": "Send the message"}, Send, Sent, send, outside=True,
            on_unknown="retry",
        ),
    ]  # fmt: skip


def _entered(message: Message) -> Entered:
    return Entered(message.state is State.WAITING, str(message.id), message.arm, message.reason)
