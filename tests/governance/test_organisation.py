"""One organisation with several workspaces: people are one across them, and a role in one says nothing in another."""

from __future__ import annotations

import pytest

from dure.feed.api import tail
from dure.governance.api import Governance, OrgRole, Principal, Role, Workspace
from dure.kernel.errors import Conflict, DureError, Invalid, NotAllowed, NotFound, NotSignedIn
from dure.state import State
from tests.people_of import Cast, found_sori

pytestmark = pytest.mark.anyio


async def second(cast: Cast) -> tuple[Workspace, Principal]:
    """Another workspace of Sorimaru's, and Mina in it."""
    made = await cast.governance.organisation.open_workspace(cast.mina, "Sorimaru Japan", timezone="Asia/Tokyo")
    there = await cast.governance.session(await cast.governance.organisation.switch(by_cookie(cast.mina), made.id))
    return made, there


def by_cookie(principal: Principal) -> Principal:
    """The same person, signed in."""
    return Principal(principal.tenant, principal.user, principal.role, org_role=principal.org_role)


async def test_a_workspace_opened_inside_is_the_organisations(state: State) -> None:
    cast = await found_sori(state)
    made, there = await second(cast)
    assert (made.org, made.timezone, made.currency) == (cast.tenant.org, "Asia/Tokyo", "KRW")
    assert (there.tenant, there.user, there.role) == (made.tenant, cast.mina.user, Role.OWNER)
    assert [one.id for one in await cast.governance.users(made.tenant)] == [cast.mina.user]
    assert {one.id: role for one, role in await cast.governance.organisation.mine(there)} == {
        cast.tenant.workspace: Role.OWNER, made.id: Role.OWNER,
    }  # fmt: skip


async def test_who_is_known_stays_who_they_are_with_a_role_of_their_own_here(state: State) -> None:
    cast = await found_sori(state)
    made, there = await second(cast)
    seated = await cast.governance.create_user(there, "JOON@sorimaru.example", "Somebody", role=Role.ADMIN)
    assert (seated.id, seated.name, seated.role, seated.workspace) == (cast.joon.user, "박준", Role.ADMIN, made.id)
    joon = await cast.governance.session(await cast.governance.organisation.switch(by_cookie(cast.joon), made.id))
    assert (joon.role, cast.joon.role) == (Role.ADMIN, Role.MEMBER)
    with pytest.raises(Conflict):
        await cast.governance.organisation.seat(there, cast.joon.user, Role.MEMBER)


async def test_a_workspaces_administrator_gets_at_nobodys_other_workspaces(state: State) -> None:
    """By a password, a link, or by switching: each would be a way into where they have no say."""
    cast = await found_sori(state)
    made, there = await second(cast)
    cho = await cast.governance.create_user(there, "cho@sorimaru.example", "Cho", role=Role.ADMIN)
    admin = Principal(made.tenant, cho.id, Role.ADMIN)
    await cast.governance.organisation.seat(admin, cast.joon.user, Role.MEMBER)
    for act in (
        cast.governance.set_password(admin, cast.joon.user, "another long one"),
        cast.governance.sign_in_link(admin, cast.joon.user),
        cast.governance.organisation.switch(admin, cast.tenant.workspace),
        cast.governance.create_user(admin, "gil@partner.example", "Gil", password="a long password"),
        cast.governance.organisation.people(admin),
        cast.governance.organisation.open_workspace(admin, "Mine"),
    ):
        with pytest.raises((NotAllowed, NotFound, Invalid)):
            await act
    assert await cast.governance.sign_in_link(there, cast.joon.user)  # Mina looks after the organisation


async def test_leaving_one_workspace_ends_what_one_had_there_and_nothing_else(state: State) -> None:
    cast = await found_sori(state)
    made, there = await second(cast)
    await cast.governance.organisation.seat(there, cast.joon.user, Role.MEMBER)
    in_japan = await cast.governance.organisation.switch(by_cookie(cast.joon), made.id)
    token = await cast.governance.create_token(there, "user", cast.joon.user, ["*"])
    at_home = await cast.governance.sign_in("joon@sorimaru.example", "correct horse")
    await cast.governance.deactivate(there, cast.joon.user)
    for gone in (cast.governance.session(in_japan), cast.governance.principal(token)):
        with pytest.raises(NotSignedIn):
            await gone
    assert (await cast.governance.session(at_home)).tenant == cast.tenant
    assert await cast.governance.user_by_email(made.tenant, "joon@sorimaru.example") is None
    await cast.governance.deactivate(cast.mina, cast.joon.user)
    [joon] = [one for one in await cast.governance.organisation.people(cast.mina) if one.id == cast.joon.user]
    assert (joon.gone, joon.seats) == (True, {})


async def test_signing_in_leads_to_where_one_still_has_a_seat(state: State) -> None:
    cast = await found_sori(state)
    made, there = await second(cast)
    await cast.governance.organisation.seat(there, cast.joon.user, Role.MEMBER)
    await cast.governance.deactivate(cast.mina, cast.joon.user)
    session = await cast.governance.sign_in("joon@sorimaru.example", "correct horse")
    assert (await cast.governance.session(session)).tenant == made.tenant


async def test_roles_in_the_organisation(state: State) -> None:
    cast = await found_sori(state)
    organisation = cast.governance.organisation
    await organisation.set_role(cast.mina, cast.joon.user, OrgRole.AUDITOR)
    joon = await _now(cast.governance, cast.mina, cast.joon.user)
    assert {one.id for one in await organisation.people(joon)} == {cast.mina.user, cast.joon.user, cast.gil.user}
    assert [one.id for one in await organisation.workspaces(joon)] == [cast.tenant.workspace]
    for act in (
        organisation.open_workspace(joon, "Auditors"),
        organisation.set_role(joon, cast.joon.user, OrgRole.OWNER),
        organisation.set_role(cast.mina, cast.mina.user, OrgRole.NONE),  # nobody would be left
        organisation.set_role(cast.mina, cast.rina.user, OrgRole.ADMIN),  # another organisation's
    ):
        with pytest.raises(DureError):
            await act
    await organisation.set_role(cast.mina, cast.joon.user, OrgRole.ADMIN)
    with pytest.raises(NotAllowed, match="Only an owner"):
        await organisation.set_role(
            await _now(cast.governance, cast.mina, cast.joon.user), cast.gil.user, OrgRole.OWNER
        )


async def test_another_organisation_is_not_reached(state: State) -> None:
    cast = await found_sori(state)
    made, _ = await second(cast)
    with pytest.raises(NotFound):
        await cast.governance.organisation.seat(cast.rina, cast.joon.user, Role.MEMBER)
    with pytest.raises(NotFound):
        await cast.governance.organisation.switch(by_cookie(cast.rina), made.id)
    stranger = await cast.governance.create_user(cast.rina, "joon@sorimaru.example", "Another Joon")
    assert stranger.id != cast.joon.user


async def test_a_playground_is_a_realm_of_its_own(state: State) -> None:
    """Whoever owns one makes accounts in it under any e-mail: none of them is somebody of the organisation."""
    cast = await found_sori(state)
    playground, owner = await cast.governance.playgrounds.make(cast.mina, "Trying things")
    made = await cast.governance.create_user(owner, "joon@sorimaru.example", "Not Joon", password="a long password")
    assert made.id != cast.joon.user
    assert (
        await cast.governance.session(await cast.governance.sign_in("joon@sorimaru.example", "correct horse"))
    ).tenant == cast.tenant
    with pytest.raises(NotFound):
        await cast.governance.organisation.switch(by_cookie(cast.mina), playground.id)
    with pytest.raises(NotFound):
        await cast.governance.organisation.seat(owner, cast.joon.user, Role.MEMBER)


async def test_each_act_is_one_event(state: State) -> None:
    cast = await found_sori(state)
    organisation = cast.governance.organisation
    before = len(await _told(state))
    made, there = await second(cast)
    await organisation.seat(there, cast.gil.user, Role.GUEST)
    await organisation.set_role(cast.mina, cast.joon.user, OrgRole.AUDITOR)
    await organisation.set_role(cast.mina, cast.joon.user, OrgRole.AUDITOR)  # changes nothing
    assert (await _told(state))[before:] == [
        ("Workspace Founded", made.id), ("Signed In", made.id), ("User Seated", made.id),
        ("Organisation Role Changed", cast.tenant.workspace),
    ]  # fmt: skip


async def _told(state: State) -> list[tuple[str, str]]:
    async with state.begin_system() as tx:
        return [(event.event, event.workspace) for batch in await tail(tx, 0) for event in batch.events()]


async def _now(governance: Governance, admin: Principal, user: str) -> Principal:
    """Somebody as they are now, by a fresh token."""
    return await governance.principal(await governance.create_token(admin, "user", user, ["*"]))
