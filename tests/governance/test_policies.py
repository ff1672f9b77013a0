"""Policies: set for the whole, tightened below, and asked before the act."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dure.governance.api import Principal, Role
from dure.governance.policies.model import KINDS, WHO, Choice, Value, may, standing
from dure.kernel.clock import StillClock
from dure.kernel.errors import Invalid, NotAllowed, NotSignedIn
from dure.kernel.tenant import Tenant
from dure.state import State
from tests.people_of import MONDAY_NOON, Cast, found_sori

pytestmark = pytest.mark.anyio


def test_the_stricter_of_two_holds_whoever_said_it() -> None:
    kind = KINDS["channels.connect"]
    assert isinstance(kind, Choice)
    for whole in kind.values:
        for here in kind.values:
            said = [
                {"name": kind.name, "workspace": "", "value": whole},
                {"name": kind.name, "workspace": "T1", "value": here},
            ]
            holds = standing(said)[kind.name].holds
            assert WHO.index(str(holds)) == max(WHO.index(whole), WHO.index(here))
    hours = [
        {"name": "session.hours", "workspace": "", "value": 8},
        {"name": "session.hours", "workspace": "T1", "value": 9},
    ]
    assert standing(hours)["session.hours"].holds == 8
    assert standing([])["channels.connect"].holds == "members"


@pytest.mark.parametrize(
    ("role", "who", "lets"),
    [
        (Role.MEMBER, "members", True), (Role.MEMBER, "admins", False), (Role.ADMIN, "admins", True),
        (Role.ADMIN, "owners", False), (Role.OWNER, "owners", True), (Role.OWNER, "nobody", False),
        (Role.GUEST, "members", False), (Role.GUEST, "guests", True),
    ],
)  # fmt: skip
async def test_who_may(role: Role, who: str, lets: bool) -> None:
    assert may(Principal(Tenant("E1", "T1"), "U1", role), who) is lets
    assert may(Principal(Tenant("E1", "T1"), "", role, kind="system"), who)


async def test_a_workspace_tightens_and_never_loosens(state: State) -> None:
    cast = await found_sori(state)
    policies = cast.governance.policies
    await policies.set(cast.mina, "people.invite", "owners", whole=True)
    with pytest.raises(Invalid, match="stricter") as refused:
        await policies.set(cast.mina, "people.invite", "members")
    assert refused.value.field == "value"
    made = await policies.set(cast.mina, "people.invite", "nobody")
    assert (made.whole, made.here, made.holds) == ("owners", "nobody", "nobody")
    assert (await policies.set(cast.mina, "people.invite", None)).holds == "owners"


async def test_inviting_goes_by_its_policy(state: State) -> None:
    cast = await found_sori(state)
    with pytest.raises(NotAllowed):
        await cast.governance.create_user(cast.joon, "ara@sorimaru.example", "Ara")
    await cast.governance.policies.set(cast.mina, "people.invite", "members")
    assert (await cast.governance.create_user(cast.joon, "ara@sorimaru.example", "Ara")).role is Role.MEMBER
    for more in ({"role": Role.ADMIN}, {"password": "a long password"}):
        with pytest.raises(NotAllowed):
            await cast.governance.create_user(cast.joon, "bora@sorimaru.example", "Bora", **more)
    with pytest.raises(NotAllowed):
        await cast.governance.create_user(cast.gil, "bora@sorimaru.example", "Bora")


async def test_sessions_last_as_long_as_the_rule_says_and_those_that_are_open_too(state: State) -> None:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    before = await cast.governance.sign_in("joon@sorimaru.example", "correct horse")
    clock.advance(timedelta(hours=9))
    await cast.governance.policies.set(cast.mina, "session.hours", 8, whole=True)
    with pytest.raises(NotSignedIn):
        await cast.governance.session(before)
    after = await cast.governance.sign_in("joon@sorimaru.example", "correct horse")
    clock.advance(timedelta(hours=7, minutes=59))
    assert (await cast.governance.session(after)).user == cast.joon.user
    clock.advance(timedelta(minutes=2))
    with pytest.raises(NotSignedIn):
        await cast.governance.session(after)


async def test_what_is_no_rule_is_refused_by_its_field(state: State) -> None:
    cast = await found_sori(state)
    for name, value, field in (
        ("tea.time", "members", "name"), ("people.invite", "everybody", "value"), ("people.invite", 3, "value"),
        ("session.hours", 0, "value"), ("session.hours", "8", "value"), ("session.hours", True, "value"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            await cast.governance.policies.set(cast.mina, name, value)
        assert refused.value.field == field


async def test_who_sets_what(state: State) -> None:
    cast = await found_sori(state)
    boss = await _admin(cast)
    await cast.governance.policies.set(boss, "apps.install", "owners")
    for principal, whole in ((boss, True), (cast.joon, False), (cast.gil, False)):
        with pytest.raises(NotAllowed):
            await cast.governance.policies.set(principal, "apps.install", "admins", whole=whole)
    assert (await cast.governance.policies.listed(cast.joon))["apps.install"].holds == "owners"
    assert (await cast.governance.policies.listed(cast.rina))["apps.install"].holds == "admins"


async def _admin(cast: Cast) -> Principal:
    """An administrator of the workspace who has no say in the organisation."""
    made = await cast.governance.create_user(cast.mina, "boss@sorimaru.example", "Boss", role=Role.ADMIN)
    return Principal(cast.tenant, made.id, Role.ADMIN)


def _said(name: str, whole: Value, here: Value) -> list[dict[str, Any]]:
    return [{"name": name, "workspace": at, "value": value} for at, value in (("", whole), ("T1", here))]
