"""`/reach/`: devices and cards, asked with a write key from any site."""

from __future__ import annotations

import base64
import hmac
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dure.campaigns.devices.model import MOST
from dure.campaigns.plugs import Accepted
from dure.kernel.tenant import Tenant
from dure.web.front import Front
from tests.campaigns.carriers.world import World

pytestmark = pytest.mark.anyio
TOKEN = "a-token-of-an-android-phone"


@pytest.fixture
async def door(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async def keys(key: str) -> Tenant | None:
        return {"wk": world.tenant, "rival": world.cast.rina.tenant}.get(key)

    app = Front(world.reach.door(keys))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://dure", headers={"origin": "https://sori.example"}
    ) as client:
        yield client


async def post(door: httpx.AsyncClient, path: str, who: str, **more: Any) -> httpx.Response:
    return await door.post(f"/reach/{path}", json={"write_key": "wk", "distinct_id": who, **more})


async def card(world: World, who: str, **more: Any) -> str:
    to = await world.recipient(who)
    parcel = replace(world.parcel(world.reach.cards.address(to), "in_app", **more), person=to.person)
    assert await world.carry(parcel) == Accepted(parcel.key)
    assert await world.carry(parcel) == Accepted(parcel.key)  # once, however often
    return parcel.key


async def cards(door: httpx.AsyncClient, who: str, **more: str) -> list[dict[str, Any]]:
    answer = await door.get("/reach/cards", params={"write_key": "wk", "distinct_id": who, **more})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["cards"])


async def test_a_card_is_fetched_seen_clicked_and_dismissed(world: World, door: httpx.AsyncClient) -> None:
    await world.know("c-1")
    more = {"form": "banner", "button": "듣기", "expires": "2026-12-01T00:00:00+00:00"}
    key = await card(world, "c-1", url="https://s.example/live", more=more)
    [shown] = await cards(door, "c-1")
    assert {name: shown[name] for name in ("id", "form", "title", "body", "button", "url", "seen")} == {
        "id": key, "form": "banner", "title": "밤의 낭독", "body": "안녕하세요", "button": "듣기",
        "url": "https://s.example/live", "seen": False,
    }  # fmt: skip
    for what in ("seen", "seen", "clicked"):
        assert (await post(door, f"cards/{key}", "c-1", what=what)).json() == {"ok": True}
    [shown] = await cards(door, "c-1")
    assert (shown["seen"], shown["clicked"]) == (True, True)
    await post(door, f"cards/{key}", "c-1", what="dismissed")
    assert await cards(door, "c-1") == []
    told = [one for one in await world.events("Message Seen", "Message Clicked", "Message Dismissed")
            if one.properties["message"] == key]  # fmt: skip
    assert [one.event for one in told] == ["Message Seen", "Message Clicked", "Message Dismissed"]
    assert told[1].properties["url"] == "https://s.example/live"
    assert {(one.person, one.object_type, one.object) for one in told} == {(world.who("c-1"), "campaign", "c-1")}


async def test_cards_follow_whoever_a_visitor_turns_out_to_be(world: World, door: httpx.AsyncClient) -> None:
    parcel = replace(world.parcel("anon-7", "in_app"), person=world.who("anon-7"))
    await world.carry(parcel)
    mine = parcel.key
    await world.know("c-2", links=("anon-7",))
    assert [one["id"] for one in await cards(door, "c-2")] == [mine]
    assert [one["id"] for one in await cards(door, "anon-7")] == [mine]
    assert await cards(door, "c-stranger") == []
    other = await post(door, f"cards/{mine}", "c-stranger", what="seen")
    assert (other.status_code, other.json()["error"]["code"]) == (404, "not_found")


async def test_a_card_goes_when_its_time_is_over(world: World, door: httpx.AsyncClient) -> None:
    await world.know("c-3")
    until = world.clock.now() + timedelta(hours=1)
    await card(world, "c-3", more={"expires": until.isoformat()})
    assert len(await cards(door, "c-3")) == 1
    before = world.clock.at
    world.clock.advance(timedelta(hours=1))
    assert await cards(door, "c-3") == []
    world.clock.advance(timedelta(days=31))
    assert await world.reach.cards.forget() >= 1
    world.clock.at = before


async def test_any_site_may_ask_with_a_key_and_nobody_without(world: World, door: httpx.AsyncClient) -> None:
    asked = await door.options("/reach/cards")
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, "*")
    basic = {"authorization": "Basic " + base64.b64encode(b"wk:").decode()}
    good = await door.get("/reach/push-key", headers=basic)
    assert good.json() == {"key": world.reach.push_key}
    assert good.headers["access-control-allow-origin"] == "*"
    assert good.headers["cross-origin-resource-policy"] == "cross-origin"
    for answer, code in (
        (await door.get("/reach/cards?distinct_id=x"), "not_signed_in"),
        (await door.get("/reach/cards?write_key=no&distinct_id=x"), "not_signed_in"),
        (await door.get("/reach/cards?write_key=wk"), "invalid"),
        (await door.get("/reach/nothing?write_key=wk"), "not_found"),
        (await door.post("/reach/devices", content=b"{", headers=basic), "malformed"),
        (await door.post("/reach/devices", content=b"{" + b"x" * 70_000, headers=basic), "too_large"),
        (await post(door, "cards/x", "c-1", what="seen"), "invalid"),
        (await post(door, "cards/x", "c-1", what="eaten"), "invalid"),
    ):
        assert answer.json()["error"]["code"] == code
        assert answer.headers["access-control-allow-origin"] == "*"  # so that the page can read why
    assert (await door.get("/reach/cards?write_key=rival&distinct_id=c-1")).json() == {"cards": []}


async def test_signed_ids_keep_strangers_out(world: World, door: httpx.AsyncClient) -> None:
    await world.know("c-4")
    await world.provide("in_app", {"signed": "yes"}, "shared with the site's server")
    await card(world, "c-4")
    answer = await door.get("/reach/cards", params={"write_key": "wk", "distinct_id": "c-4", "signature": "0" * 64})
    assert (answer.status_code, answer.json()["error"]["field"]) == (403, "signature")
    assert (await post(door, "devices", "c-4", kind="fcm", token=TOKEN)).status_code == 403
    right = hmac.digest(b"shared with the site's server", b"c-4", "sha256").hex()
    assert len(await cards(door, "c-4", signature=right)) == 1
    await world.reach.providers.remove(world.cast.mina, "in_app")


async def test_devices_come_move_and_go(world: World, door: httpx.AsyncClient) -> None:
    await world.know("d-1", links=("anon-d",))
    await world.know("d-2")
    before = len(await world.events("Device Registered"))
    made = (await post(door, "devices", "anon-d", kind="fcm", token=TOKEN, label="Pixel")).json()["device"]
    again = (await post(door, "devices", "anon-d", kind="fcm", token=TOKEN, label="Pixel")).json()["device"]
    assert made == again
    assert len(await world.events("Device Registered")) == before + 1  # an app says so at every start
    assert [str(one.id) for one in (await world.recipient("d-1")).devices] == [made]
    [shown] = await world.reach.devices.of_person(world.cast.joon, world.who("d-1"))
    assert (shown.kind, shown.label, shown.distinct_id) == ("fcm", "Pixel", "anon-d")
    assert TOKEN not in repr(shown)
    # Somebody else signs in on the same phone.
    await post(door, "devices", "d-2", kind="fcm", token=TOKEN)
    assert (await world.recipient("d-1")).devices == ()
    assert [str(one.id) for one in (await world.recipient("d-2")).devices] == [made]
    assert (await post(door, "devices/forget", "d-1", kind="fcm", token=TOKEN)).json() == {"forgotten": False}
    assert (await post(door, "devices/forget", "d-2", kind="fcm", token=TOKEN)).json() == {"forgotten": True}
    assert (await world.recipient("d-2")).devices == ()
    assert (await world.events("Device Removed"))[-1].properties == {"kind": "fcm", "why": "asked"}


async def test_the_devices_seen_last_are_kept(world: World, door: httpx.AsyncClient) -> None:
    await world.know("d-many")
    start = world.clock.at
    for number in range(MOST + 3):
        world.clock.advance(timedelta(seconds=1))
        await post(door, "devices", "d-many", kind="apns", token=f"{number:064x}")
    devices = await world.reach.devices.of_person(world.cast.joon, world.who("d-many"))
    assert len(devices) == MOST
    world.clock.at = start
    to = await world.recipient("d-many")
    assert world.reach.carriers["push"].address(to).split() == [str(one.id) for one in devices[:5]]
    assert world.reach.carriers["web_push"].address(to) == ""


@pytest.mark.parametrize(
    ("device", "field"),
    [
        ({"kind": "pager", "token": TOKEN}, "kind"),
        ({"kind": "apns", "token": TOKEN}, "token"),
        ({"kind": "fcm", "token": "x"}, "token"),
        ({"subscription": {"endpoint": "ftp://x.example"}}, "subscription.endpoint"),
        ({"subscription": {"endpoint": "https://x.example", "keys": {"p256dh": "AA", "auth": "AA"}}},
         "subscription.keys.p256dh"),
    ],
)  # fmt: skip
async def test_what_is_no_device_is_refused_by_its_field(
    door: httpx.AsyncClient, device: dict[str, Any], field: str
) -> None:
    answer = await post(door, "devices", "d-1", **device)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
