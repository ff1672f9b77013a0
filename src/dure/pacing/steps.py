"""What pacing offers automations: steps, and the events that may start one."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.kernel.errors import Invalid
from dure.pacing.api import Pacing
from dure.pacing.documented import EVENTS
from dure.state import Tx

__all__ = ["EVENTS", "SetChannel", "steps"]


class SetChannel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line item's id, and the id of the channel where its alerts go."""

    line_item: str
    channel: str


class Done(msgspec.Struct, frozen=True):
    line_item: str


class Update(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line item's id and what becomes of it; what is left out stays. `extend_days` moves its end."""

    line_item: str
    end_day: date | None = None
    extend_days: int = 0
    priority: int | None = None
    goal: int | None = None
    budget: int | None = None
    state: Literal["active", "paused", "cancelled"] | None = None
    targeting: str | None = None
    channel: str | None = None


class Updated(msgspec.Struct, frozen=True):
    line_item: str
    name: str
    end_day: str
    priority: int
    goal: int
    state: str


class Digest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose lines: those of a channel, or of an order; of the whole workspace where neither is named."""

    channel: str = ""
    order: str = ""


class DigestCard(msgspec.Struct, frozen=True):
    """For channels.post: text and blocks; how many lines are in trouble, and how badly."""

    text: str
    blocks: list[Any]
    troubled: int
    healthy: int
    critical: int
    warning: int
    watch: int
    money_at_risk: int


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The numbers of a line item, or of an order."""

    line_item: str = ""
    order: str = ""


class ReportCard(msgspec.Struct, frozen=True):
    """For channels.post: text and blocks; `line_items` holds the numbers of each."""

    text: str
    blocks: list[Any]
    name: str
    delivered_percent: float
    in_full: int
    booked: int
    billable_money: int
    line_items: list[Any]


class Makegood(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a line item did not deliver is booked anew: what is missing and the coming fortnight where nothing is said.
    With `makegood` the one that was proposed is approved and booked. `book` false only proposes."""

    line_item: str = ""
    makegood: str = ""
    units: int | None = None
    start_day: date | None = None
    end_day: date | None = None
    reason: str = ""
    book: bool = True


class MakegoodDone(msgspec.Struct, frozen=True):
    makegood: str
    status: str
    line_item: str
    units: int
    start_day: str
    end_day: str


class SetCreative(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A creative's id and its new status; whoever rejects says why."""

    creative: str
    status: Literal["missing", "checking", "approved", "rejected", "live"]
    reason: str = ""


class CreativeNow(msgspec.Struct, frozen=True):
    creative: str
    line_item: str
    status: str


def steps(api: Pacing) -> list[StepKind]:
    """pacing.set_channel, update, digest, report, makegood and creative."""

    async def set_channel(tx: Tx, call: StepCall, inputs: SetChannel) -> Done:
        item = await api.update_in(tx, call.principal, inputs.line_item, channel=inputs.channel)
        return Done(item.id)

    async def update(tx: Tx, call: StepCall, inputs: Update) -> Updated:
        changes = {
            name: value for name in Update.__struct_fields__ if name not in ("line_item", "extend_days")
            if (value := getattr(inputs, name)) is not None
        }  # fmt: skip
        if inputs.extend_days:
            if "end_day" in changes:
                raise Invalid("Say `end_day` or `extend_days`, one of them.", field="extend_days")
            changes["end_day"] = await api.end_moved_in(tx, call.principal, inputs.line_item, inputs.extend_days)
        item = await api.update_in(tx, call.principal, inputs.line_item, **changes)
        return Updated(item.id, item.name, item.end_day.isoformat(), item.priority, item.goal, item.state)

    async def digest(tx: Tx, call: StepCall, inputs: Digest) -> DigestCard:
        card = await api.digest_in(tx, call.principal, channel=inputs.channel, order=inputs.order)
        return DigestCard(**card)

    async def report(tx: Tx, call: StepCall, inputs: Report) -> ReportCard:
        found = await api.report_in(tx, call.principal, line_item=inputs.line_item, order=inputs.order)
        return ReportCard(**{name: found[name] for name in ReportCard.__struct_fields__})

    async def makegood(tx: Tx, call: StepCall, inputs: Makegood) -> MakegoodDone:
        goods, who = api.makegoods, call.principal
        if bool(inputs.line_item) == bool(inputs.makegood):
            raise Invalid("Name the line item, or the make-good that was proposed.", field="line_item")
        key = inputs.makegood
        if not key:
            today = await api.today_in(tx, call.tenant)
            made = await goods.propose_in(
                tx, who, inputs.line_item, today, units=inputs.units, start_day=inputs.start_day,
                end_day=inputs.end_day, reason=inputs.reason,
            )  # fmt: skip
            key = made.id
            if not inputs.book:
                return MakegoodDone(key, made.status, "", made.units, str(made.start_day), str(made.end_day))
        await goods.decide_in(tx, who, key, approved=True)
        done, item = await goods.book_in(tx, who, key)
        return MakegoodDone(key, done.status, item.id, done.units, str(done.start_day), str(done.end_day))

    async def creative(tx: Tx, call: StepCall, inputs: SetCreative) -> CreativeNow:
        one = await api.creatives.decide_in(tx, call.principal, inputs.creative, inputs.status, inputs.reason)
        return CreativeNow(one.id, one.line_item, one.status)

    def kind(
        name: str, ko: str, en: str, takes: type[msgspec.Struct], gives: type[msgspec.Struct], run: Any
    ) -> StepKind:
        return StepKind(f"pacing.{name}", {"ko": ko, "en": en}, takes, gives, run)

    return [
        kind("set_channel", "라인아이템의 채널 정하기", "Set a line item's channel", SetChannel, Done, set_channel),
        kind("update", "라인아이템 고치기", "Update a line item", Update, Updated, update),
        kind("digest", "페이싱 요약", "Pacing digest", Digest, DigestCard, digest),
        kind("report", "집행 리포트", "Delivery report", Report, ReportCard, report),
        kind("makegood", "보상 집행 잡기", "Book a make-good", Makegood, MakegoodDone, makegood),
        kind("creative", "소재 상태 정하기", "Set a creative's status", SetCreative, CreativeNow, creative),
    ]
