"""What deals offer automations: steps, and the events that may start one."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.deals import events
from dure.deals.api import Deals
from dure.deals.event_kinds import EVENTS
from dure.deals.records.listing import Asked
from dure.deals.rules import days_of
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.state import Tx

__all__ = ["EVENTS", "steps"]


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


class NewDeal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A deal in the first stage of `pipeline`; `account` is an account's id, "" where nobody knows it yet, and
    `close_in` are days or weeks from today, such as `30d`."""

    name: str
    owner: str
    account: str = ""
    amount: int = 0
    close_in: str = "30d"
    next_step: str = ""
    pipeline: str = ""


class MadeDeal(msgspec.Struct, frozen=True):
    deal: str
    owner: str
    stage: str


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


class NewTask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be done. `about` is the id of any record; `due_in` are days or weeks from today, such as `2d`, in
    place of a day in `due`; without an owner it is that of what the task is about."""

    subject: str
    about: str = ""
    owner: str = ""
    due_in: str = ""
    due: date | None = None
    priority: str = "normal"
    description: str = ""
    contact: str = ""


class MadeTask(msgspec.Struct, frozen=True):
    task: str
    owner: str
    due: str


class NewNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    about: str
    text: str
    title: str = ""


class MadeNote(msgspec.Struct, frozen=True):
    note: str


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Deals by what is given, all of it together. `open` leaves out those that are won or lost."""

    account: str = ""
    stage: str = ""
    channel: str = ""
    owner: str = ""
    pipeline: str = ""
    open: bool = True
    limit: int = 20


class Found(msgspec.Struct, frozen=True):
    """The facts of each deal, the nearest close date first; `deal` is the first one's id, "" where there is none."""

    deals: list[dict[str, Any]]
    count: int
    deal: str


def steps(api: Deals) -> list[StepKind]:
    """deals.create, deals.update, deals.team, deals.task, deals.note and deals.find."""

    async def create(tx: Tx, call: StepCall, inputs: NewDeal) -> MadeDeal:
        today = (await api.deals.seen_in(tx, call.principal)).today
        made = await api.deals.create_in(tx, call.principal, {
            "name": inputs.name, "owner": inputs.owner, "account": inputs.account, "amount": inputs.amount,
            "close_date": today + days_of(inputs.close_in, "close_in"), "next_step": inputs.next_step,
            "pipeline": inputs.pipeline,
        })  # fmt: skip
        return MadeDeal(made.id, made.owner, made.stage)

    async def update(tx: Tx, call: StepCall, inputs: Update) -> Updated:
        given = {name: value for name, value in msgspec.structs.asdict(inputs).items() if value is not None}
        deal = await api.deals.update_in(tx, call.principal, given.pop("deal"), given)
        return Updated(deal.id, deal.stage, deal.version)

    async def team(tx: Tx, call: StepCall, inputs: OfDeal) -> Team:
        users = await api.team_in(tx, call.principal, inputs.deal)
        return Team(users, users[0])

    async def task(tx: Tx, call: StepCall, inputs: NewTask) -> MadeTask:
        due = inputs.due
        if inputs.due_in:
            due = (await api.deals.seen_in(tx, call.principal)).today + days_of(inputs.due_in, "due_in")
        owner = inputs.owner or await api.owner_of_in(tx, call.principal, inputs.about)
        made = await api.tasks.create_in(tx, call.principal, {
            "subject": inputs.subject, "about": inputs.about, "owner": owner, "due": due,
            "priority": inputs.priority, "description": inputs.description, "contact": inputs.contact,
        })  # fmt: skip
        return MadeTask(made.id, made.owner, made.due.isoformat() if made.due else "")

    async def note(tx: Tx, call: StepCall, inputs: NewNote) -> MadeNote:
        given = {"about": inputs.about, "text": inputs.text, "title": inputs.title}
        return MadeNote((await api.notes.create_in(tx, call.principal, given)).id)

    async def find(tx: Tx, call: StepCall, inputs: Wanted) -> Found:
        wanted = [
            Filter(name, "=", getattr(inputs, name))
            for name in ("account", "stage", "channel", "owner", "pipeline") if getattr(inputs, name)
        ]  # fmt: skip
        if not wanted:
            raise Invalid("Name what the deals are found by.", field="account")
        if inputs.open:
            wanted.append(Filter("closed_at", "not_set"))
        asked = Asked(wanted, sort="close_date", limit=min(max(inputs.limit, 1), 200))
        page = await api.deals.page_in(tx, call.principal, asked, await api.deals.seen_in(tx, call.principal))
        stages = await api.stages_in(tx, call.principal)
        deals = [events.facts_of(deal, stages[deal.stage]) for deal in page.records]
        return Found(deals, len(deals), page.records[0].id if page.records else "")

    return [
        StepKind("deals.create", {"ko": "거래 만들기", "en": "Create a deal"}, NewDeal, MadeDeal, create),
        StepKind("deals.update", {"ko": "거래 수정", "en": "Update a deal"}, Update, Updated, update),
        StepKind("deals.team", {"ko": "거래 팀 찾기", "en": "Look up a deal's team"}, OfDeal, Team, team),
        StepKind("deals.task", {"ko": "할 일 만들기", "en": "Create a task"}, NewTask, MadeTask, task),
        StepKind("deals.note", {"ko": "노트 남기기", "en": "Leave a note"}, NewNote, MadeNote, note),
        StepKind("deals.find", {"ko": "거래 찾기", "en": "Find deals"}, Wanted, Found, find),
    ]
