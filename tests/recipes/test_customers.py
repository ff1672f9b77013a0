"""What each recipe for customers' channels does; and what it leaves alone."""

from __future__ import annotations

import pytest

from tests.recipes.house import ROOM, Done, House, kinds

pytestmark = pytest.mark.anyio

TWO = {"channels": ["C0CAFE0001", "C0CAFE0002"], "count": 2}


async def a_week(house: House, name: str) -> list[Done]:
    return [one for _ in range(7) for one in await house.later(name, days=1)]


async def test_customer_weekly(house: House) -> None:
    house.canned["customers.channels"] = TWO
    house.canned["customers.numbers"] = {"text": "이번 주의 숫자", "blocks": [{"type": "divider"}]}
    await house.switched_on("customer-weekly", {"audience": "outside"})
    did = await a_week(house, "customer-weekly")
    assert sorted(kinds(did)) == [
        "channels.post", "channels.post", "customers.channels", "customers.numbers", "customers.numbers"]  # fmt: skip
    assert did[0].inputs["audience"] == "outside"
    posted = [one.inputs for one in did if one.kind == "channels.post"]
    assert sorted(one["channel"] for one in posted) == TWO["channels"]
    assert posted[0]["blocks"] == [{"type": "divider"}]
    house.canned["customers.channels"] = {"channels": [], "count": 0}
    assert kinds(await a_week(house, "customer-weekly")) == ["customers.channels"]


async def test_agenda_weekly(house: House) -> None:
    house.canned["channels.agendas"] = TWO
    await house.switched_on("agenda-weekly", {"carry": False})
    did = await a_week(house, "agenda-weekly")
    assert sorted(kinds(did)) == [
        "channels.agenda", "channels.agenda", "channels.agendas", "channels.post", "channels.post"]  # fmt: skip
    assert {one.inputs["carry"] for one in did if one.kind == "channels.agenda"} == {False}


async def test_charter_weekly(house: House) -> None:
    house.canned["channels.charters"] = TWO
    house.canned["channels.charter_card"] = {"there": True}
    await house.switched_on("charter-weekly")
    did = await a_week(house, "charter-weekly")
    assert did[0].inputs["missing"] is False
    posted = [one.inputs for one in did if one.kind == "channels.post"]
    assert [one["card"] for one in posted] == ["charter", "charter"]  # one card a channel, changed and not piled up
    house.canned["channels.charter_card"] = {"there": False}
    assert "channels.post" not in kinds(await a_week(house, "charter-weekly"))


async def test_charter_changed(house: House) -> None:
    house.canned["channels.charter_card"] = {"there": True}
    facts = {"version": 2, "by": "U0MINA"}
    did = await house.on("charter-changed", "Charter Changed", facts, ROOM)
    assert kinds(did) == ["channels.charter_card", "channels.post"]
    assert (did[1].inputs["channel"], "<@U0MINA>" in did[1].text) == (ROOM, True)
    await house.once("charter-changed")
    house.canned["channels.charter_card"] = {"there": False}
    gone = await house.on("charter-changed", "Charter Changed", {**facts, "version": 3}, ROOM)
    assert kinds(gone) == ["channels.charter_card"]


async def test_charter_missing(house: House) -> None:
    house.canned["channels.charter_card"] = {"there": False, "missing": True, "creator": "U0MINA"}
    shared = {"with_workspace": "T0HANBIT", "with_org": "E0HANBIT"}
    assert await house.on("charter-missing", "Channel Shared", shared, ROOM) == []
    did = await house.later("charter-missing", days=1)
    assert kinds(did) == ["channels.charter_card", "channels.dm"]
    assert did[1].inputs["users"] == ["U0MINA"]
    assert f"<#{ROOM}>" in did[1].text
    await house.once("charter-missing")
    assert kinds(await house.later("charter-missing", days=7)) == ["channels.charter_card", "channels.dm"]
    await house.on("charter-missing", "Channel Shared", shared, "C0WRITTEN01")
    await house.later("charter-missing", days=1)
    await house.happen("charter-missing", "Charter Changed", "C0WRITTEN01", version=1)
    assert await house.later("charter-missing", days=8) == []
    house.canned["channels.charter_card"] = {"there": True, "missing": False}
    await house.on("charter-missing", "Channel Shared", shared, "C0HASONE001")
    assert kinds(await house.later("charter-missing", days=9)) == ["channels.charter_card"]
