"""The life of a share: every cell of the table is reached by the acts themselves, and the acts do what it says."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from dure.channels.connect import store
from dure.channels.connect.machine import ACTS, STATES, TABLE, Act, State, step
from dure.channels.connect.model import VALID_FOR, standing_of
from dure.channels.store import conversations
from dure.governance.api import Principal, Role
from dure.kernel.errors import DureError
from tests.channels.room import Room, room_of

pytestmark = pytest.mark.anyio

# How each state comes about, act by act, beginning at `none`.
WAYS: dict[State, tuple[Act, ...]] = {
    "none": (),
    "requested": ("request",),
    "denied": ("request", "deny"),
    "sent": ("invite",),
    "offered": ("offer",),
    "accepted": ("invite", "accept"),
    "home_approved": ("offer", "accept"),
    "away_approved": ("invite", "accept_approving"),
    "connected": ("offer", "accept_approving"),
    "post_only": ("offer", "accept_approving", "downgrade"),
    "moving": ("offer", "accept_approving", "ask_transfer"),
    "declined": ("invite", "decline"),
    "revoked": ("invite", "take_back"),
    "expired": ("invite", "expire"),
    "disconnected": ("offer", "accept_approving", "disconnect"),
}


@pytest.fixture(scope="module")
async def room(postgres_url: str, template: str) -> AsyncIterator[Room]:
    async with room_of(postgres_url, template) as made:
        governance = made.cast.governance
        # Here one accepts without being able to approve, and there approval is needed.
        ria = await governance.create_user(made.cast.rina, "ria@rival.example", "Ria")
        made.cast.users["ria"] = ria
        made.cast.users["ryu"] = await governance.create_user(made.cast.rina, "ryu@rival.example", "류")
        await governance.policies.set(made.cast.mina, "connect.gate", "admins")
        yield made


@dataclass
class Pair:
    """One channel between Sorimaru and the rival, and what each of the table's acts is at the api."""

    room: Room
    channel: str
    invite: str = ""

    @property
    def acts(self) -> dict[Act, Callable[[], Awaitable[object]]]:
        api, cast = self.room.channels, self.room.cast
        mina, joon, rina = cast.mina, cast.joon, cast.rina
        ria = Principal(rina.tenant, cast.users["ria"].id, Role.MEMBER)
        there, channel = rina.tenant.workspace, self.channel

        async def kept(made: Awaitable[object]) -> None:
            self.invite = (await made).id  # type: ignore[attr-defined]

        async def offered() -> None:
            await api.offer(mina, channel, there)
            async with self.room.state.begin_system() as tx:
                found = await store.open_to(tx, channel, there)
                self.invite = found.id if found else ""

        async def expired() -> None:
            self.room.clock.advance(VALID_FOR)
            await api.expire_due()

        return {
            "invite": lambda: kept(api.invite_shared(mina, channel, user=cast.users["ryu"].id, limited=False)),
            "offer": offered,
            "request": lambda: kept(api.invite_shared(joon, channel, user=cast.users["ryu"].id, limited=False)),
            "allow": lambda: api.allow_request(mina, self.invite),
            "deny": lambda: api.deny_request(mina, self.invite),
            "accept": lambda: api.accept_invite(ria, self.invite, self.name),
            "accept_approving": lambda: api.accept_invite(rina, self.invite, self.name),
            "approve_home": lambda: api.approve_invite(mina, self.invite),
            "approve_away": lambda: api.approve_invite(rina, self.invite),
            "take_back": lambda: api.decline_invite(mina, self.invite),
            "decline": lambda: api.decline_invite(rina, self.invite),
            "disconnect": lambda: api.disconnect(mina, channel, there),
            "leave": lambda: api.disconnect(rina, channel, there),
            "kick_home": lambda: api.disconnect(rina, channel, mina.tenant.workspace),
            "upgrade": lambda: api.set_limited(mina, channel, there, False),
            "downgrade": lambda: api.set_limited(mina, channel, there, True),
            "ask_transfer": lambda: api.ask_transfer(mina, channel, there),
            "take_transfer": lambda: api.take_transfer(rina, channel),
            "refuse_transfer": lambda: api.end_transfer(rina, channel),
            "stop_transfer": lambda: api.end_transfer(mina, channel),
            "expire": expired,
        }

    @property
    def name(self) -> str:
        return f"from-{self.channel.lower()}"

    async def state(self, of: str = "") -> State:
        """Where it stands; what is over is told apart by its invitation, as `shares` do not remember why."""
        async with self.room.state.begin_system() as tx:
            found = await conversations.find_home(tx, self.channel)
            open_ones = await store.open_of(tx, self.channel)
            there = of or self.room.cast.rina.tenant.workspace
            state, _ = standing_of(found, there, open_ones, self.room.clock.now())
            kept = await store.find(tx, self.invite) if self.invite else None
        if kept is not None and state in ("none", "disconnected") and kept.state != "connected":
            return kept.at(self.room.clock.now())  # type: ignore[return-value]
        return state


_numbers = itertools.count()


async def at(room: Room, state: State) -> Pair:
    made = await room.channels.create(room.cast.mina, f"pair-{next(_numbers)}", members=[room.cast.joon.user])
    pair = Pair(room, made.id)
    for act in WAYS[state]:
        await pair.acts[act]()
    assert await pair.state() == state
    return pair


async def outcome(pair: Pair, act: Act) -> str:
    try:
        await pair.acts[act]()
    except DureError as refused:
        return refused.code
    home = pair.room.cast.mina.tenant.workspace if act == "take_transfer" else ""
    return await pair.state(of=home)


async def test_every_cell_of_the_table_is_what_happens(room: Room) -> None:
    reached: set[tuple[State, Act]] = set()
    for state in STATES:
        pair = await at(room, state)
        # What is refused changes nothing, so that one channel is enough for all of it.
        for act in sorted(ACTS, key=lambda one: isinstance(TABLE[one][state], str)):
            wanted = TABLE[act][state]
            if isinstance(wanted, str):
                pair = await at(room, state)
            found = await outcome(pair, act)
            assert found == (wanted if isinstance(wanted, str) else wanted.code), (state, act)
            if not isinstance(wanted, str):
                assert await pair.state() == state, (state, act)
            reached.add((state, act))
    assert len(reached) == len(STATES) * len(ACTS) == 315


def test_who_is_invited_to_write_only_is_connected_so() -> None:
    assert step("offered", "accept_approving", field="", limited=True) == "post_only"
    assert step("away_approved", "approve_home", field="", limited=True) == "post_only"
    assert step("moving", "refuse_transfer", field="", limited=True) == "connected"


def test_the_table_is_whole_and_every_state_can_be_reached() -> None:
    assert {act: set(row) for act, row in TABLE.items()} == {act: set(STATES) for act in ACTS}
    reached: set[State] = {"none"}
    for _ in STATES:
        reached |= {
            found for row in TABLE.values() for state, found in row.items()
            if state in reached and isinstance(found, str)
        }  # fmt: skip
    assert reached == set(STATES)


async def test_an_invitation_expires_once_whoever_comes_to_it(room: Room) -> None:
    pair = await at(room, "sent")
    asked = await at(room, "requested")
    room.clock.advance(VALID_FOR + timedelta(seconds=1))
    await asyncio.gather(*(room.channels.expire_due() for _ in range(3)))
    await pair.acts["invite"]()
    home = [e for e in await room.told(room.cast.tenant.workspace) if e.event == "Channel Share Expired"]
    away = [e for e in await room.told(room.cast.rina.tenant.workspace) if e.event == "Channel Share Expired"]
    assert [e.object for e in home].count(pair.channel) == 1
    assert [e.object for e in away].count(pair.channel) == 1
    # Of a request nobody outside hears, not even that it is over.
    assert [e.object for e in home].count(asked.channel) == 1
    assert [e.object for e in away].count(asked.channel) == 0


async def test_whoever_does_two_things_at_once_one_of_them_is_told_why_not(room: Room) -> None:
    for state, first, second in (
        ("offered", "accept_approving", "take_back"),
        ("away_approved", "approve_home", "disconnect"),
        ("requested", "allow", "deny"),
        ("moving", "take_transfer", "stop_transfer"),
        ("connected", "leave", "disconnect"),
    ):
        pair = await at(room, state)  # type: ignore[arg-type]
        acts = [pair.acts[first](), pair.acts[second]()]  # type: ignore[index]
        answers = await asyncio.gather(*acts, return_exceptions=True)
        refused = [one for one in answers if isinstance(one, Exception)]
        assert all(isinstance(one, DureError) for one in refused), (state, refused)
        # Either one was refused, or the later one undid the earlier: what came out is one of the table's ways.
        assert len(refused) <= 1, (state, refused)
