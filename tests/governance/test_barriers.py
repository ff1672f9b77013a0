"""People whom an information barrier keeps apart, at every way of coming together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from dure.channels.api import Channels, Draft
from dure.channels.groups.across import UserGroups
from dure.governance.api import OrgRole, Principal, Role
from dure.kernel.errors import DureError, NotAllowed
from dure.state import State
from tests.channels.room import Room, open_room
from tests.channels.shared_state import shared_database, state

__all__ = ["shared_database", "state"]
pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class House:
    """Sal sells, Pia is of the press, Joon does marketing; sales and press are to be kept apart."""

    room: Room
    sal: Principal
    pia: Principal

    @property
    def channels(self) -> Channels:
        return self.room.channels

    @property
    def mina(self) -> Principal:
        return self.room.cast.mina

    @property
    def joon(self) -> Principal:
        return self.room.cast.joon

    async def apart(self, *, rooms: bool = False) -> str:
        made = await self.room.cast.governance.barriers.create(
            self.mina, "function:sales", ["function:press"], rooms=rooms
        )
        return made.id


@pytest.fixture
async def house(state: State) -> House:
    room = await open_room(state)
    governance, mina = room.cast.governance, room.cast.mina
    governance.barriers.groups.append(UserGroups(governance))
    sal = await governance.create_user(mina, "sal@sorimaru.example", "Sal", function="sales")
    pia = await governance.create_user(mina, "pia@sorimaru.example", "Pia", function="press")
    tenant = room.cast.tenant
    return House(room, Principal(tenant, sal.id, Role.MEMBER), Principal(tenant, pia.id, Role.MEMBER))


async def outcome(call: object) -> str:
    try:
        await call  # type: ignore[misc]
    except DureError as refusal:
        return refusal.code
    return "done"


NEVER = {"im", "im the other way", "mpim", "mpim by an automation"}
STRICTER = {"invited to a private channel", "made with both", "made private"}


@pytest.mark.parametrize(
    ("stage", "refused"),
    [("free", set()), ("apart", NEVER), ("strict", NEVER | STRICTER), ("loosened", NEVER), ("taken away", set())],
)
async def test_the_table_of_who_meets_whom(house: House, stage: str, refused: set[str]) -> None:
    """Every way of coming together, without a barrier, with one, with the stricter one, and after it."""
    api, mina, joon, sal, pia = house.channels, house.mina, house.joon, house.sal, house.pia
    governance = house.room.cast.governance
    system = governance.system(house.room.cast.tenant, "automation", run="r")
    if stage != "free":
        barrier = await house.apart(rooms=stage == "strict")
    if stage == "loosened":
        for rooms in (True, False):
            await governance.barriers.update(mina, barrier, "function:sales", ["function:press"], rooms=rooms)
    if stage == "taken away":
        await governance.barriers.delete(mina, barrier)
    private = (await api.create(mina, "private", private=True, members=[sal.user])).id
    public = (await api.create(mina, "public", members=[sal.user])).id
    ways = {
        "im": api.open_direct(sal, [pia.user]),
        "im the other way": api.open_direct(pia, [sal.user]),
        "im with somebody else": api.open_direct(sal, [joon.user]),
        "mpim": api.open_direct(joon, [sal.user, pia.user]),
        "mpim of others": api.open_direct(joon, [mina.user, pia.user]),
        "mpim by an automation": api.open_direct(system, [sal.user, pia.user]),
        "invited to a private channel": api.invite(mina, private, [pia.user]),
        "made with both": api.create(mina, "both", private=True, members=[sal.user, pia.user]),
        "invited to an open channel": api.invite(mina, public, [pia.user]),
        "made private": api.spanning.set_private(mina, public, True),
    }
    found = {name: await outcome(way) for name, way in ways.items()}
    assert {name for name, what in found.items() if what != "done"} == refused
    assert {found[name] for name in refused} <= {"restricted_action"}


async def test_what_was_said_before_can_only_be_read(house: House) -> None:
    api, sal, pia = house.channels, house.sal, house.pia
    direct, _ = await api.open_direct(sal, [pia.user])
    said = await api.post(sal, direct.id, Draft("안녕"))
    await house.apart()
    found = await api.info(sal, direct.id)
    assert await api.why_not(sal, found) == "information_barrier"
    for call in (
        api.post(sal, direct.id, Draft("또")), api.post(pia, direct.id, Draft("답", thread=said.ts)),
        api.update(sal, direct.id, said.ts, Draft("고침")), api.react(pia, direct.id, said.ts, "eyes"),
        api.schedule(sal, direct.id, Draft("나중"), house.room.clock.now() + timedelta(hours=1)),
    ):  # fmt: skip
        assert await outcome(call) == "restricted_action"
    again, was_there = await api.open_direct(sal, [pia.user])
    assert (again.id, was_there) == (direct.id, True)  # to be read
    page = await api.page(pia, direct.id)
    assert [one.text for one in page.messages] == ["안녕"]
    assert await api.apart_from(sal) == {pia.user}
    assert await api.apart_from(house.joon) == set()


async def test_neither_finds_the_other_to_write_to(house: House) -> None:
    await house.apart()
    names = {one.id for one in (await house.room.search.people(house.sal, "pia"))[0]}
    assert house.pia.user not in names
    assert house.pia.user in {one.id for one in (await house.room.search.people(house.joon, "pia"))[0]}


async def test_groups_are_user_groups_and_functions(house: House) -> None:
    barriers, mina = house.room.cast.governance.barriers, house.mina
    group = await house.channels.colleagues.groups.create(mina, "Analysts", users=[house.joon.user])
    named = {one.id: one for one in await barriers.nameable(mina)}
    assert (named[group.id].name, named[group.id].people) == ("@analysts", 1)
    await barriers.create(mina, group.id, ["function:sales", "function:press"])
    assert await outcome(house.channels.open_direct(house.joon, [house.sal.user])) == "restricted_action"
    assert await outcome(house.channels.open_direct(house.sal, [house.pia.user])) == "done"
    told = {
        "primary_usergroup_not_found": ("S0NOBODY", ["function:sales"]),
        "barriered_from_usergroups_not_found": ("function:care", ["S0NOBODY"]),
        "barrier_already_exists": ("function:sales", [group.id]),
    }
    for expected, (primary, groups) in told.items():
        assert await outcome(barriers.create(mina, primary, groups)) == expected
    assert await outcome(barriers.create(mina, "function:care", [])) == "barriered_from_usergroups_not_found"
    assert await outcome(barriers.create(mina, "function:care", ["function:social"], ["im"])) == (
        "invalid_restricted_subjects"
    )


async def test_only_the_organisation_raises_them_and_it_is_told(house: House) -> None:
    barriers, rina = house.room.cast.governance.barriers, house.room.cast.rina
    barrier = await house.apart()
    admin = Principal(house.room.cast.tenant, house.joon.user, Role.ADMIN)
    for call in (
        barriers.create(admin, "function:care", ["function:social"]), barriers.delete(admin, barrier),
        barriers.update(admin, barrier, "function:care", ["function:social"]), barriers.listed(admin),
        barriers.nameable(admin),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            await call
    assert await outcome(barriers.delete(rina, barrier)) == "barrier_not_found"
    assert await barriers.listed(rina) == []
    auditor = Principal(house.room.cast.tenant, house.joon.user, Role.MEMBER, org_role=OrgRole.AUDITOR)
    assert [one.id for one in await barriers.listed(auditor)] == [barrier]
    events = [one.event for one in await house.room.told_by("governance") if one.object == barrier]
    assert events == ["Information Barrier Created"]


async def test_a_group_of_the_directory_is_kept_apart_like_any_other(house: House) -> None:
    governance, mina = house.room.cast.governance, house.mina
    desk = await governance.idp_groups.create(mina, "Trading", "", [house.sal.user])
    assert (desk.id, "Trading", 1) in [
        (one.id, one.name, one.people) for one in await governance.barriers.nameable(mina)
    ]
    await governance.barriers.create(mina, desk.id, ["function:press"])
    assert await outcome(house.room.channels.open_direct(house.sal, [house.pia.user])) != "done"
    assert await outcome(house.room.channels.open_direct(mina, [house.pia.user])) == "done"
