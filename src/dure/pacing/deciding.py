"""What people decided about a set-up or a make-good, written down for them by an automation that asked them."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.governance.api import Principal
from dure.kernel.errors import Invalid
from dure.pacing.api import Pacing
from dure.state import Tx


class Look(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The second person's yes or no to a line item's set-up. `by` is the id of whoever decided, such as *Form Answered*
    tells it: whoever set it up is refused. A no says why."""

    line_item: str
    decision: Literal["yes", "no"]
    by: str
    reason: str = ""


class Looked(msgspec.Struct, frozen=True):
    line_item: str
    trafficking: str


class Decline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A make-good that was proposed, and who says no to it."""

    makegood: str
    by: str


class Declined(msgspec.Struct, frozen=True):
    makegood: str
    status: str


def steps(api: Pacing) -> list[StepKind]:
    """pacing.qa and pacing.decline."""

    async def qa(tx: Tx, call: StepCall, given: Look) -> Looked:
        who = _for(call, given.by)
        if given.decision == "yes":
            item = await api.trafficking.approve_in(tx, who, given.line_item)
        else:
            item = await api.trafficking.reject_in(tx, who, given.line_item, given.reason)
        return Looked(item.id, item.trafficking)

    async def decline(tx: Tx, call: StepCall, given: Decline) -> Declined:
        done = await api.makegoods.decide_in(tx, _for(call, given.by), given.makegood, approved=False)
        return Declined(done.id, done.status)

    return [
        StepKind(
            "pacing.qa", {"ko": "세팅 확인 적기", "en": "Write down a second look"}, Look, Looked, qa,
            about={"ko": "세팅한 사람이 아닌 두 번째 사람의 승인이나 반려를 적습니다.",
                   "en": "Writes down the yes or no of a second person, who is not the one who set it up."},
        ),
        StepKind(
            "pacing.decline", {"ko": "보상 집행 반려", "en": "Decline a make-good"}, Decline, Declined, decline,
            about={"ko": "제안된 보상 집행을 반려합니다.", "en": "Says no to a proposed make-good."},
        ),
    ]  # fmt: skip


def _for(call: StepCall, by: str) -> Principal:
    """The run acts; whoever decided is written down as who did."""
    if not by.strip():
        raise Invalid("`by` is the id of whoever decided.", field="by")
    return replace(call.principal, user=by)
