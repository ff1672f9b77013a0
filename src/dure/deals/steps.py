"""What deals offer automations: steps, and the events that may start one."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from dure.automation.plugs import EventKind, StepCall, StepKind
from dure.deals import events
from dure.deals.api import Deals
from dure.deals.event_kinds import record_events
from dure.state import Tx


class Update(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A deal's id and what becomes of it; what is left out stays. `channel` is the id of the deal's room."""

    deal: str
    stage: str | None = None
    next_step: str | None = None
    amount: int | None = None
    close_date: date | None = None
    channel: str | None = None
    owner: str | None = None
    lost_reason: str | None = None
    custom: dict[str, Any] | None = None


class Updated(msgspec.Struct, frozen=True):
    deal: str
    stage: str
    version: int


class OfDeal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    deal: str


class Team(msgspec.Struct, frozen=True):
    """User ids, the owner first."""

    users: list[str]
    owner: str


def steps(api: Deals) -> list[StepKind]:
    """deals.update and deals.team."""

    async def update(tx: Tx, call: StepCall, inputs: Update) -> Updated:
        given = {name: value for name, value in msgspec.structs.asdict(inputs).items() if value is not None}
        deal = await api.deals.update_in(tx, call.principal, given.pop("deal"), given)
        return Updated(deal.id, deal.stage, deal.version)

    async def team(tx: Tx, call: StepCall, inputs: OfDeal) -> Team:
        users = await api.team_in(tx, call.principal, inputs.deal)
        return Team(users, users[0])

    return [
        StepKind("deals.update", {"ko": "거래 수정", "en": "Update a deal"}, Update, Updated, update),
        StepKind("deals.team", {"ko": "거래 팀 찾기", "en": "Look up a deal's team"}, OfDeal, Team, team),
    ]


_DEAL = {
    "deal": "id",
    "name": "text",
    "slug": "text, fit for a channel's name",
    "stage": "key",
    "stage_ko": "text",
    "stage_en": "text",
    "probability": "percent",
    "pipeline": "key",
    "forecast": "category",
    "amount": "minor units",
    "currency": "ISO 4217",
    "amount_text": "amount in words",
    "account": "id",
    "account_name": "text",
    "owner": "user id",
    "team": "user ids, the owner first",
    "close_date": "date",
    "next_step": "text",
    "type": "text",
    "lead_source": "text",
    "channel": "id of its room, or nothing",
    "entry": "how many stages it has entered",
    "path": "its page",
    "loaded": "true where it was brought in with its past",
}
_MOVE = {
    "from": "key",
    "to": "key",
    "from_ko": "text",
    "from_en": "text",
    "probability_before": "percent",
    "seconds_in_stage": "seconds in the stage it left",
}
_CLOSED = {"seconds_open": "seconds since it was made", "reason": "text"}

EVENTS = [
    EventKind(events.DEAL_CREATED, {"ko": "거래 생성", "en": "Deal created"}, "deals", _DEAL),
    EventKind(
        events.DEAL_STAGE_CHANGED, {"ko": "거래 단계 변경", "en": "Deal stage changed"}, "deals", {**_DEAL, **_MOVE}
    ),
    EventKind(events.DEAL_WON, {"ko": "수주", "en": "Deal won"}, "deals", {**_DEAL, **_CLOSED}),
    EventKind(events.DEAL_LOST, {"ko": "실주", "en": "Deal lost"}, "deals", {**_DEAL, **_CLOSED}),
    EventKind(
        events.DEAL_CHANGED,
        {"ko": "거래 내용 변경", "en": "Deal changed"},
        "deals",
        {
            **_DEAL,
            "changed": "names of fields",
            "before": "their values before",
            "line_items": "product, quantity and amount each, where they changed",
            "contact_roles": "contact, role and primary each, where they changed",
        },
    ),
    EventKind(
        events.DEAL_TEAM_CHANGED,
        {"ko": "거래 팀 변경", "en": "Deal team changed"},
        "deals",
        {**_DEAL, "joined": "user ids", "left": "user ids"},
    ),
    *record_events(),
]
