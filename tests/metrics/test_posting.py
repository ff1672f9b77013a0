"""Boards and alerts reach channels: numbers, a picture at a signed address, and runs from a schedule or an event."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from dure.automation.api import Automation
from dure.automation.recipe import fill
from dure.channels import steps as channel_steps
from dure.channels.api import Channels
from dure.log.api import Log
from dure.metrics import steps
from dure.metrics.boards.picture import Figure, drawn
from dure.metrics.recipes import RECIPES
from dure.state import State
from tests.metrics.boarding import LISTENERS, SITE, Room, listened, listeners, open_room

pytestmark = pytest.mark.anyio

TILES = [
    {"metric": "listeners"}, {"text": "# 이번 분기"}, {"metric": "gone", "title_ko": "없는 지표"},
    {"question": LISTENERS, "title_ko": "들은 <사람> & 더", "title_en": "Who listened"},
]  # fmt: skip


@pytest.fixture
async def room(shared_state: State, shared_log: Log) -> AsyncIterator[Room]:
    async with open_room(shared_state, shared_log) as room:
        for name in ("listeners", "gone"):
            await room.metrics.create_metric(room.cast.mina, listeners(id=name))
        await room.metrics.create_board(
            room.cast.mina, {"id": "teams", "name_ko": "다섯 팀", "name_en": "Five teams", "tiles": TILES}
        )
        await room.metrics.remove_metric(room.cast.mina, "gone")
        room.journeys.write(listened(4, "20"))
        room.journeys.write(listened(2, "14"))
        yield room


def company(room: Room) -> tuple[Automation, Channels]:
    channels = Channels(room.state, room.clock, room.cast.governance)
    automation = Automation(room.state, room.clock, room.cast.governance, site=SITE)
    automation.offer(steps=channel_steps.steps(channels, room.cast.governance))
    automation.offer(
        steps=steps.steps(room.metrics, room.posting, room.cast.governance), kinds_of_events=steps.EVENTS,
        recipes=RECIPES,
    )  # fmt: skip
    return automation, channels


async def picture(room: Room, address: str, **changed: str) -> httpx.Response:
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changed
    return await room.client.get(parts.path, params=query, headers={"authorization": ""})


async def test_a_card_has_every_number_and_a_picture_that_anybody_with_its_address_may_see(room: Room) -> None:
    card = await room.posting.card(room.cast.joon, "teams", {"last": 7})
    assert card.text == (
        "다섯 팀 · 2026-11-17 – 2026-11-23: 청취자 4 (+100.0%) · 없는 지표 답할 수 없음 · 들은 &lt;사람&gt; &amp; 더 4"
    )
    fields = [field["text"] for block in card.blocks for field in block.get("fields", [])]
    assert fields == ["*청취자*\n4 ▲ 100.0%", "*없는 지표*\n답할 수 없음", "*들은 &lt;사람&gt; &amp; 더*\n4"]
    (image,) = [block for block in card.blocks if block["type"] == "image"]
    assert image["image_url"] == card.picture
    seen = await picture(room, card.picture)
    assert seen.headers["content-type"].startswith("image/svg+xml")
    assert seen.headers["content-security-policy"].startswith("default-src 'none'")
    texts = [node.text for node in ET.fromstring(seen.text).iter("{http://www.w3.org/2000/svg}text")]
    assert texts[:4] == ["다섯 팀", "2026-11-17 – 2026-11-23", "청취자", "4"]


async def test_a_picture_is_seen_only_at_the_address_that_was_signed_and_not_for_ever(room: Room) -> None:
    address = (await room.posting.card(room.cast.joon, "teams", {})).picture
    later = str(int(parse_qs(urlsplit(address).query)["until"][0]) + 86_400)
    for changed in ({"until": later}, {"sign": "0" * 64}, {"sign": ""}, {"sign": "é"}):
        assert (await picture(room, address, **changed)).status_code == 404
    assert (await picture(room, address.replace(room.cast.tenant.workspace, "T0OTHER"))).status_code == 404
    room.clock.advance(timedelta(days=91))
    assert (await picture(room, address)).status_code == 404


async def test_asking_again_with_the_same_key_keeps_one_picture(room: Room) -> None:
    first = await room.posting.card(room.cast.joon, "teams", {}, key="run:board:1")
    second = await room.posting.card(room.cast.joon, "teams", {}, key="run:board:1")
    assert urlsplit(first.picture).path == urlsplit(second.picture).path
    assert [event.event for event in await room.told()].count("Board Drawn") == 1


def test_whatever_a_board_is_called_stays_text_in_its_picture() -> None:
    nasty = '"><script>alert(1)</script>&'
    svg = drawn(nasty, nasty, [Figure(nasty, nasty, nasty, True, [1, None, 2, 3]), Figure("빈", "–")])
    tree = ET.fromstring(svg)
    assert {node.tag.split("}")[1] for node in tree.iter()} == {"svg", "style", "rect", "text", "g", "path"}
    assert nasty in [node.text for node in tree.iter()]


async def test_every_monday_at_nine_the_board_is_in_the_channel(room: Room) -> None:
    automation, channels = company(room)
    product = await channels.create(room.cast.joon, "product")
    await automation.switch_on(room.cast.mina, "board-weekly")
    await automation.settle()
    assert [one for one in (await channels.history(room.cast.joon, product.id))[0] if one.blocks] == []
    room.clock.at = datetime.fromisoformat("2026-11-30T09:00:00+09:00")
    room.journeys.write(listened(9, "28"))
    await automation.settle()
    (said,) = [one for one in (await channels.history(room.cast.joon, product.id))[0] if one.blocks]
    assert said.text.startswith("다섯 팀 · 2026-11-24 – 2026-11-30: 청취자 9")
    assert [block["type"] for block in said.blocks or []] == ["header", "context", "section", "image", "context"]
    (run,) = await automation.runs(room.cast.mina)
    assert run.status == "done"


async def test_a_metric_that_crosses_is_told_in_the_alerts_channel_once(room: Room) -> None:
    automation, channels = company(room)
    product = await channels.create(room.cast.joon, "product")
    await automation.switch_on(room.cast.mina, "metric-crossed")
    room.journeys.write(listened(5, "22"))
    above: dict[str, Any] = {"metric": "listeners", "kind": "above", "threshold": 3}
    await room.alerts.create(room.cast.joon, {**above, "channel": "product"})
    await room.alerts.create(room.cast.joon, above)  # without a channel it stands on the screens only
    await room.alerts.tick()
    await automation.settle()
    (said,) = [one for one in (await channels.history(room.cast.joon, product.id))[0] if one.blocks]
    assert said.text == "청취자(일별) 5: 기준 3보다 위 (11/22)"
    assert "Listeners (daily) 5: above 3 (11/22)" in str(said.blocks)
    assert f"{SITE}/analytics?alert=" in str(said.blocks)


async def test_a_recipe_can_be_tried_dry_and_a_step_reads_a_number(room: Room) -> None:
    automation, _ = company(room)
    for recipe in RECIPES:
        _, doc = fill(recipe, {one.name: one.default or "a" for one in recipe.settings})
        would = await automation.dry_run(room.cast.mina, doc=doc, event={
            "event": doc["trigger"].get("event", ""), "object": "listeners",
            "properties": {"channel": "product", "alert": "a", "interval": "i", "text_ko": "ㄱ", "text_en": "a",
                           "name_ko": "ㄱ", "name_en": "a", "value_text": "3", "path": "/"},
        })  # fmt: skip
        assert [run.error for run in would.runs] == [""], recipe.id
    nodes = [{"id": "read", "kind": "metrics.value", "with": {"metric": "listeners", "last": 7}}]
    made = await automation.create(room.cast.mina, "읽기", {"trigger": {}, "nodes": nodes}, enabled=True)
    run = await automation.start(room.cast.mina, made.id)
    await automation.settle()
    _, (step,) = await automation.run(room.cast.mina, run)
    assert step.outputs == {
        "value": 4, "previous": 2, "change": 1.0, "text": "청취자 4 (+100.0%, 이전 2)",
        "text_ko": "청취자 4 (+100.0%, 이전 2)", "text_en": "Listeners 4 (+100.0%, before 2)",
    }  # fmt: skip
