"""Ready automations: a small form fills a definition, can be changed, and shows what it would do before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.automation import recipe as recipes
from dure.automation import routes
from dure.automation.plugs import EventKind, Recipe, Setting
from dure.kernel.errors import Invalid, NotFound
from dure.log.api import Log, LogWriter
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.automation.workshop import Workshop, open_workshop

pytestmark = pytest.mark.anyio


def setting(name: str, type: Any = "text", default: Any = "", **more: Any) -> Setting:
    return Setting(name, {"ko": name, "en": name}, type, default, **more)


CHEER = Recipe(
    "cheer", {"ko": "축하", "en": "Cheer"}, {"ko": "수주를 축하합니다.", "en": "Cheers for a deal."},
    {
        "trigger": {"event": "Deal Won", "key": "event.properties.deal", "where": [
            {"prop": "amount", "op": ">=", "value": {"$setting": "least"}}]},
        "nodes": [
            {"id": "wait", "kind": "wait", "with": {"for": "[[after]]"}, "next": "write"},
            {"id": "write", "kind": "book.write", "with": {
                "text": "[[words]] {{ event.properties.deal }} in [[room]]"}},
        ],
    },
    [setting("least", "money", 100), setting("after", "duration", "1h"), setting("words", "text", "Hooray"),
     setting("room", "channel", "general")],
    "sales",
)  # fmt: skip
ASKING = Recipe(
    "asking", {"ko": "물음", "en": "Asking"}, {"ko": "", "en": ""},
    {"trigger": {"at": "09:00"}, "nodes": [{"id": "w", "kind": "book.write", "with": {"text": "[[whom]]"}}]},
    [setting("whom", "user", None)],
)  # fmt: skip
WON = EventKind("Deal Won", {"ko": "수주", "en": "Won"}, "deals", {"deal": "id", "amount": "minor units"})


@pytest.fixture
async def shop(state: State) -> Workshop:
    return await open_workshop(state, recipes=[CHEER, ASKING], kinds_of_events=[WON])


@pytest.fixture
async def door(shop: Workshop) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.governance = shop.cast.governance
    front.install(app)
    include(app, routes.router(shop.automation))
    headers = {"Authorization": f"Bearer {shop.cast.token}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://dure", headers=headers) as door:
        yield door


async def test_without_settings_the_forms_defaults_stand_in_its_places(shop: Workshop) -> None:
    info = await shop.automation.switch_on(shop.cast.mina, "cheer")
    assert info.settings == {"least": 100, "after": "1h", "words": "Hooray", "room": "general"}
    await shop.happen(properties={"deal": "D0", "amount": 99})
    await shop.happen(properties={"deal": "D1", "amount": 100})
    await shop.settle()
    await shop.later(hours=1)
    assert await shop.book() == ["Hooray D1 in general"]


async def test_settings_are_kept_and_changing_them_publishes_a_new_version(
    door: httpx.AsyncClient, shop: Workshop
) -> None:
    made = (await door.post("/api/v1/automations", json={"recipe": "cheer", "settings": {"after": "2h"}})).json()
    assert (made["settings"]["after"], made["version"]) == ("2h", 1)
    path = f"/api/v1/automations/{made['id']}"
    changed = (await door.patch(path, json={"settings": {"words": "만세"}})).json()
    assert (changed["settings"], changed["version"]) == (
        {"least": 100, "after": "2h", "words": "만세", "room": "general"}, 2,
    )  # fmt: skip
    again = (await door.patch(path, json={"settings": {"words": "만세"}})).json()
    assert again["version"] == 2
    back = (await door.patch(path, json={"settings": {"after": None}})).json()
    assert back["settings"]["after"] == "1h"
    await shop.happen(properties={"deal": "D1", "amount": 100})
    await shop.settle()
    await shop.later(hours=1)
    assert await shop.book() == ["만세 D1 in general"]
    listed = (await door.get("/api/v1/automations/recipes")).json()["recipes"][0]
    assert listed["values"]["words"] == "만세"
    assert listed["definition"]["nodes"][0]["with"] == {"for": "1h"}


async def test_switched_on_again_with_settings_it_is_set_up_anew_and_without_them_left_alone(shop: Workshop) -> None:
    first = await shop.automation.switch_on(shop.cast.mina, "cheer", settings={"least": 5})
    assert (await shop.automation.switch_on(shop.cast.mina, "cheer")).version == 1
    again = await shop.automation.switch_on(shop.cast.mina, "cheer", settings={"least": 7})
    assert (again.id, again.version, (again.settings or {})["least"]) == (first.id, 2, 7)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"least": "many"}, "settings.least"),
        ({"least": -1}, "settings.least"),
        ({"after": "soon"}, "settings.after"),
        ({"room": "{{ event.properties.room }}"}, "settings.room"),
        ({"room": " "}, "settings.room"),
        ({"words": "x" * 301}, "settings.words"),
        ({"colour": "red"}, "settings.colour"),
    ],
)
async def test_what_does_not_fit_a_field_is_refused_by_its_name(
    door: httpx.AsyncClient, settings: dict[str, Any], field: str
) -> None:
    for path, body in (("", {"recipe": "cheer"}), ("/recipes/cheer/preview", {})):
        answer = await door.post(f"/api/v1/automations{path}", json={**body, "settings": settings})
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert (await door.get("/api/v1/automations")).json()["automations"] == []


def test_every_type_of_field_takes_what_fits_and_refuses_the_rest() -> None:
    choices = [("a", {"ko": "가", "en": "A"})]
    for kind, fits, does_not in (
        ("number", 1.5, "1"), ("percent", 25, 101), ("switch", True, 1), ("days", ["mon"], ["monday"]),
        ("users", ["U1"], "U1"), ("time", "09:30", "9"), ("function", "sales", "kitchen"), ("choice", "a", "b"),
        ("stage", "Proposal", 3), ("duration", "1d 2h", ""), ("long_text", "y" * 4000, "y" * 4001),
    ):  # fmt: skip
        one = setting("x", kind, None, choices=choices)
        ready = Recipe("r", {}, {}, {"nodes": [{"$setting": "x"}]}, [one])
        assert recipes.fill(ready, {"x": fits}) == ({"x": fits}, {"nodes": [fits]}), kind
        with pytest.raises(Invalid) as refused:
            recipes.fill(ready, {"x": does_not})
        assert refused.value.field == "settings.x", kind


async def test_a_field_without_a_default_has_to_be_given(shop: Workshop) -> None:
    with pytest.raises(Invalid) as refused:
        await shop.automation.switch_on(shop.cast.mina, "asking")
    assert refused.value.field == "settings.whom"
    made = await shop.automation.switch_on(shop.cast.mina, "asking", settings={"whom": "U1"})
    assert made.definition.nodes[0].with_ == {"text": "U1"}


async def test_what_a_setting_brings_in_is_not_looked_through_for_places() -> None:
    _, doc = recipes.fill(CHEER, {"words": "[[room]]"})
    assert doc["nodes"][1]["with"]["text"] == "[[room]] {{ event.properties.deal }} in general"


async def test_only_what_was_made_of_a_recipe_has_settings_and_by_hand_it_has_none(
    shop: Workshop, door: httpx.AsyncClient
) -> None:
    plain = await shop.make([{"kind": "book.write"}])
    answer = await door.patch(f"/api/v1/automations/{plain}", json={"settings": {}})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "settings")
    made = await shop.automation.switch_on(shop.cast.mina, "cheer")
    doc = {"trigger": {"event": "Deal Won"}, "nodes": [{"kind": "book.write"}]}
    assert (await shop.automation.update(shop.cast.mina, made.id, doc=doc)).settings is None
    named = await shop.automation.update(shop.cast.mina, made.id, name="Other")
    assert named.settings is None
    both = await door.patch(f"/api/v1/automations/{made.id}", json={"settings": {}, "definition": doc})
    assert both.json()["error"]["field"] == "settings"


async def test_a_preview_without_past_events_shows_a_sample_and_says_so(
    door: httpx.AsyncClient, shop: Workshop
) -> None:
    seen = (await door.post("/api/v1/automations/recipes/cheer/preview", json={"settings": {"least": 7}})).json()
    assert (seen["sample"], seen["looked_at"], seen["started"]) == (True, 0, 0)
    (run,) = seen["runs"]
    assert run["event"]["properties"] == {"deal": "‹deal›", "amount": 7}
    assert run["steps"][1]["inputs"] == {"text": "Hooray ‹deal› in general"}
    scheduled = (
        await door.post("/api/v1/automations/recipes/asking/preview", json={"settings": {"whom": "U1"}})
    ).json()
    assert (scheduled["sample"], scheduled["next_at"]) == (False, "2026-11-24T00:00:00Z")
    assert await shop.book() == []


async def test_a_preview_runs_over_the_logs_last_events(state: State, log: Log) -> None:
    shop = await open_workshop(state, recipes=[CHEER], kinds_of_events=[WON], log=log)
    for deal, amount in (("D1", 500), ("D2", 50), ("D1", 600)):
        await shop.happen(properties={"deal": deal, "amount": amount})
    while await LogWriter(state, log).step():
        pass
    seen = await shop.automation.preview(shop.cast.joon, "cheer", {})
    assert (seen.sample, seen.would.looked_at, seen.would.met, seen.would.started) == (False, 3, 2, 1)
    none = await shop.automation.preview(shop.cast.joon, "cheer", {"least": 10_000})
    assert (none.sample, none.would.looked_at, none.would.started, len(none.would.refused)) == (True, 3, 0, 3)
    with pytest.raises(NotFound, match="there are: cheer"):
        await shop.automation.preview(shop.cast.joon, "other", {})
