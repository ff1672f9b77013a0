"""What automations may say of deals, accounts and contacts beside the event, and runs by hand on them."""

from __future__ import annotations

from typing import Any

import pytest

from dure.automation.api import Automation
from dure.automation.model import Run
from dure.deals import lookups
from dure.deals.steps import EVENTS, steps
from tests.deals.conftest import Desk
from tests.people_of import found_sori

pytestmark = pytest.mark.anyio


def engine(desk: Desk) -> Automation:
    return Automation(
        desk.state, desk.clock, desk.cast.governance, kinds_of_events=EVENTS, steps=steps(desk.deals),
        lookups={**lookups.LOOKUPS, "account": lookups.accounts},
    )  # fmt: skip


async def made(desk: Desk, automation: Automation, trigger: dict[str, Any], text: str, **doc: Any) -> str:
    nodes = [{"id": "said", "kind": "set", "with": {"values": {"text": text}}}]
    info = await automation.create(
        desk.cast.mina, "test", {"trigger": trigger, **doc, "nodes": nodes}, enabled=True
    )  # fmt: skip
    return info.id


async def by_hand(desk: Desk, automation: Automation, begun: str, record: str) -> Run:
    run = await automation.start(desk.cast.mina, begun, record=record)
    await automation.settle()
    return (await automation.run(desk.cast.mina, run))[0]


async def test_a_condition_sees_the_deal_as_it_is_now_and_not_as_the_event_had_it(desk: Desk) -> None:
    automation = engine(desk)
    made_of = await made(
        desk, automation, {"event": "Deal Created", "where": [{"prop": "deal.stage", "value": "Qualified"}]},
        "{{ deal.name }}: {{ event.properties.stage_ko }}, {{ deal.stage_ko }}",
        conditions=[{"prop": "deal.amount", "op": ">", "value": 100}],
    )  # fmt: skip
    await automation.settle()
    deal, _ = await desk.deal(), await desk.deal("다른 딜")
    await desk.deals.move(desk.cast.mina, deal.id, "Qualified")
    await automation.settle()
    [run] = await automation.runs(desk.cast.mina, made_of)
    assert (run.subject, (await automation.run(desk.cast.mina, run.id))[0].state["said"]["text"]) == (
        deal.id, f"{deal.name}: 발굴, 검토",
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["deal", "account", "contact"])
async def test_a_run_by_hand_on_a_record_has_its_facts_as_event(desk: Desk, kind: str) -> None:
    automation = engine(desk)
    contact = await desk.deals.contacts.create(
        desk.cast.mina, name="오민지", account=desk.hanbit.id, email="minji@hanbit.example"
    )
    record, name = {
        "deal": ((deal := await desk.deal()).id, deal.name),
        "account": (desk.hanbit.id, desk.hanbit.name),
        "contact": (contact.id, contact.name),
    }[kind]
    text = "{{ event.properties.name }} {{ " + kind + ".name }} {{ account.name }}"
    begun = await made(desk, automation, {"record": {"type": kind}}, text)
    assert [info.id for info in await automation.for_record(desk.cast.mina, kind)] == [begun]
    run = await by_hand(desk, automation, begun, record)
    assert run.state == {"said": {"text": f"{name} {name} {desk.hanbit.name}"}}
    assert run.event is not None
    assert (run.event["object_type"], run.event["object"], run.event["account"]) == (kind, record, desk.hanbit.id)


async def test_sets_are_asked_at_once_and_another_workspace_has_none_of_them(desk: Desk) -> None:
    deals = [await desk.deal(f"딜 {number}") for number in range(3)]
    elsewhere = await found_sori(desk.state, desk.clock)
    ids = [*(deal.id for deal in deals), deals[0].id[:15], "006none"]
    async with desk.state.begin(desk.cast.tenant) as tx:
        found = await lookups.deals(tx, desk.cast.tenant, ids)
        strange = await lookups.deals(tx, elsewhere.tenant, ids)
    assert {one: facts["name"] for one, facts in found.items()} == {
        **{deal.id: deal.name for deal in deals}, deals[0].id[:15]: "딜 0",
    }  # fmt: skip
    assert strange == {}
