"""Who there is, what they carry, what they may."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dure.feed.api import tail
from dure.governance.api import Governance, Principal, Role, access
from dure.kernel.clock import StillClock
from dure.kernel.errors import Conflict, DureError, Invalid, NotAllowed, NotFound, NotSignedIn, TooMany
from dure.state import State
from tests.conftest import SORI
from tests.people_of import MONDAY_NOON, found_sori

pytestmark = pytest.mark.anyio


async def test_a_token_speaks_for_its_user_in_its_workspace(state: State) -> None:
    cast = await found_sori(state)
    assert cast.mina == Principal(cast.tenant, cast.users["mina"].id, Role.OWNER, token=cast.mina.token)
    assert (await cast.governance.principal(cast.bot_token)).kind == "bot"
    assert (await cast.governance.principal(cast.rival_token)).tenant != cast.tenant


async def test_tokens_are_kept_only_as_digests(state: State) -> None:
    cast = await found_sori(state)
    async with state.begin_system() as tx:
        kept = str(await tx.rows("select * from governance.token")) + str(await tail(tx, 0))
    assert cast.token not in kept


async def test_founding_twice_in_one_folder_changes_nothing(state: State) -> None:
    cast = await found_sori(state)
    with pytest.raises(Conflict, match="Sorimaru"):
        await cast.governance.found("Other", "other", "o@other.example", only_first=True)
    assert len(await cast.governance.workspaces()) == 2


async def test_a_revoked_token_stops_at_once(state: State) -> None:
    cast = await found_sori(state)
    token = await cast.governance.create_token(cast.mina, "user", "joon@sorimaru.example", ["deals:read"])
    joon = await cast.governance.principal(token)
    access(joon, "deals:read")
    with pytest.raises(NotAllowed):
        access(joon, "deals:write")
    [info] = [info for info in await cast.governance.tokens(cast.mina) if info.scopes == ("deals:read",)]
    await cast.governance.revoke_token(cast.mina, info.id)
    with pytest.raises(NotSignedIn):
        await cast.governance.principal(token)


async def test_roles_bound_what_one_may_do(state: State) -> None:
    cast = await found_sori(state)
    access(cast.joon, "deals:write")
    access(cast.gil, "channels:write")
    for principal, right in ((cast.joon, "governance:write"), (cast.gil, "deals:read"), (cast.gil, "metrics:read")):
        with pytest.raises(NotAllowed):
            access(principal, right)


@pytest.mark.parametrize(
    ("scopes", "may_write"),
    [({"channels:read"}, False), ({"channels:history", "users:read"}, False), ({"chat:write"}, True),
     ({"channels:manage"}, True), ({"deals:write"}, False)],
)  # fmt: skip
async def test_slacks_scopes_to_read_do_not_let_one_write(scopes: set[str], may_write: bool) -> None:
    bot = Principal(SORI, "U0BOT", Role.MEMBER, frozenset(scopes), "bot")
    if may_write:
        access(bot, "channels:write")
        return
    with pytest.raises(NotAllowed):
        access(bot, "channels:write")


async def test_a_password_opens_a_session_and_ten_wrong_ones_close_the_door(state: State) -> None:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    session = await cast.governance.sign_in("JOON@sorimaru.example", "correct horse")
    assert (await cast.governance.session(session)).user == cast.joon.user
    for _ in range(10):
        with pytest.raises(NotSignedIn):
            await cast.governance.sign_in("joon@sorimaru.example", "guess")
    with pytest.raises(TooMany):
        await cast.governance.sign_in("joon@sorimaru.example", "correct horse")
    clock.advance(timedelta(minutes=11))
    await cast.governance.sign_in("joon@sorimaru.example", "correct horse")


async def test_a_sign_in_link_works_once(state: State) -> None:
    cast = await found_sori(state)
    link = await cast.governance.sign_in_link(cast.mina, cast.joon.user)
    session = await cast.governance.follow_link(link)
    assert (await cast.governance.session(session)).user == cast.joon.user
    with pytest.raises(NotSignedIn):
        await cast.governance.follow_link(link)


async def test_somebody_deactivated_is_out_at_once(state: State) -> None:
    cast = await found_sori(state)
    session = await cast.governance.sign_in("joon@sorimaru.example", "correct horse")
    token = await cast.governance.create_token(cast.mina, "user", "joon@sorimaru.example", ["*"])
    await cast.governance.deactivate(cast.mina, cast.joon.user)
    with pytest.raises(NotSignedIn):
        await cast.governance.session(session)
    with pytest.raises(NotSignedIn):
        await cast.governance.principal(token)


async def test_a_rival_finds_nobody_of_ours(state: State) -> None:
    cast = await found_sori(state)
    with pytest.raises(NotFound):
        await cast.governance.user(cast.rina.tenant, cast.users["mina"].id)
    assert await cast.governance.user_by_email(cast.rina.tenant, "mina@sorimaru.example") is None


@pytest.mark.parametrize(
    ("change", "field"),
    [({"email": "nobody"}, "email"), ({"name": " "}, "name"), ({"function": "hr"}, "function"),
     ({"password": "short"}, "password")],
)  # fmt: skip
async def test_bad_input_names_its_field(state: State, change: dict[str, str], field: str) -> None:
    cast = await found_sori(state)
    with pytest.raises(Invalid) as caught:
        await cast.governance.create_user(cast.mina, **{"email": "sumi@sorimaru.example", "name": "Sumi", **change})
    assert caught.value.field == field


async def test_every_change_writes_exactly_one_event(state: State) -> None:
    cast = await found_sori(state)
    governance: Governance = cast.governance

    async def names() -> list[str]:
        async with state.begin_system() as tx:
            return [event.event for batch in await tail(tx, 0) for event in batch.events()]

    before = len(await names())
    sumi = await governance.create_user(cast.mina, "sumi@sorimaru.example", "Sumi")
    await governance.deactivate(cast.mina, sumi.id)
    assert (await names())[before:] == ["User Created", "User Deactivated"]
    with pytest.raises(DureError):
        await governance.create_user(cast.mina, "joon@sorimaru.example", "Joon again")
    assert len(await names()) == before + 2
