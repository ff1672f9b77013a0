"""The audit trail: one entry per change, in its transaction, and nothing can be taken from it unseen."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dure.feed.api import append
from dure.governance import events
from dure.governance.api import Governance, OrgRole, Role
from dure.governance.audit.api import Wanted
from dure.governance.audit.model import Head
from dure.kernel.errors import Conflict, Invalid, NotAllowed
from dure.kernel.origin import apart, arrive, proven
from dure.state import State
from tests.people_of import Cast, found_sori

pytestmark = pytest.mark.anyio

_SCOPE = {"client": ("203.0.113.9", 4000), "headers": [(b"user-agent", b"Mozilla/5.0 (test)")]}


@pytest.fixture
async def cast(state: State) -> Cast:
    return await found_sori(state)


async def told(cast: Cast, **wanted: Any) -> list[str]:
    """The actions in Sorimaru's trail, the oldest first."""
    found = await cast.governance.audit.logs(cast.mina, Wanted(**wanted), limit=999)
    return [entry.told["action"] for entry in reversed(found.entries)]


async def _tamper(state: State, *statements: str) -> None:
    """As somebody would who may do anything in the database."""
    async with state.begin_system() as tx:
        await tx.run("set local session_replication_role = replica")
        for one in statements:
            await tx.run(one)


async def test_every_change_leaves_one_entry(cast: Cast) -> None:
    assert await told(cast) == [
        "token_created", "token_created", "token_created", "workspace_created", "user_created", "guest_created",
    ]  # fmt: skip
    governance, joon = cast.governance, cast.users["joon"].id
    await governance.organisation.set_role(cast.mina, joon, OrgRole.AUDITOR)
    await governance.organisation.set_role(cast.mina, joon, OrgRole.AUDITOR)  # changes nothing, so tells nothing
    await governance.policies.set(cast.mina, "channels.connect", "admins", whole=True)
    await governance.deactivate(cast.mina, cast.users["gil"].id)
    await governance.sign_out(await governance.sign_in("joon@sorimaru.example", "correct horse"))
    assert (await told(cast))[6:] == [
        "role_change_to_auditor", "pref.who_can_manage_ext_shared_channels", "guest_deactivated", "user_login",
        "user_logout",
    ]  # fmt: skip


async def test_an_entry_says_who_did_what_to_whom_and_what_was_before(cast: Cast) -> None:
    governance = cast.governance

    async def act() -> None:
        arrive(_SCOPE)
        proven(token="t-1", app="A1")
        await governance.policies.set(cast.mina, "channels.connect", "admins")
        await governance.policies.set(cast.mina, "channels.connect", "owners")

    await asyncio.get_running_loop().create_task(act(), context=apart())
    found = await governance.audit.logs(cast.mina, Wanted(action=("pref.who_can_manage_ext_shared_channels",)))
    newest = found.entries[0].told
    assert newest["details"] == {
        "policy": "channels.connect", "value": "owners", "before": "admins", "whole": False,
    }  # fmt: skip
    assert newest["entity"] == {"type": "workspace", "id": cast.tenant.workspace}
    assert newest["context"] == {"ip": "203.0.113.9", "ua": "Mozilla/5.0 (test)", "token": "t-1", "app": "A1"}
    assert found.names[newest["actor"]]["email"] == "mina@sorimaru.example"
    # The trail itself names people by id alone: no entry can ever be changed.
    made = await governance.audit.logs(cast.mina, Wanted(entity=cast.users["joon"].id))
    assert "joon@" not in json.dumps([dict(entry.told) for entry in made.entries])


async def test_what_does_not_happen_leaves_nothing(cast: Cast, state: State) -> None:
    before = await told(cast)
    with pytest.raises(Conflict):
        await cast.governance.create_user(cast.mina, "joon@sorimaru.example", "Joon")
    with pytest.raises(RuntimeError):
        await _broken(cast, state.begin(cast.tenant))
    async with state.begin(cast.tenant) as tx:
        with pytest.raises(RuntimeError):
            await _broken(cast, tx.part(), tx)
    assert await told(cast) == before
    async with state.begin(cast.tenant) as tx:
        async with tx.part():
            await append(tx, _policy_event(cast))
        with pytest.raises(RuntimeError):
            await _broken(cast, tx.part(), tx)
    assert len(await told(cast)) == len(before) + 1


async def test_many_at_once_in_two_organisations_neither_wait_in_a_ring_nor_break_the_chain(
    cast: Cast, state: State
) -> None:
    async def both(turn: int) -> None:
        one, other = (cast.mina, cast.rina) if turn % 2 else (cast.rina, cast.mina)
        async with state.begin_system() as tx:
            for who in (one, other):
                event = events.governance_event(who, cast.governance._clock, events.PASSWORD_SET, "user", who.user, {})
                await append(tx, event)

    await asyncio.gather(*(both(turn) for turn in range(60)))
    for who in (cast.mina, cast.rina):
        verdict = await cast.governance.audit.verify(who)
        assert (verdict.ok, verdict.entries) == (True, 66 if who is cast.mina else 64)


_BROKEN = {
    "removed": ("delete from governance.audit where org = '{org}' and number = 3", 3, "missing"),
    "changed": (
        "update governance.audit set entry = replace(entry::text, 'user_created', 'user_creatXd')::json"
        " where org = '{org}' and number = 5", 5, "changed",
    ),
    "reworded": (  # the same meaning in other bytes
        "update governance.audit set entry = replace(entry::text, '\"action\":', '\"action\": ')::json"
        " where org = '{org}' and number = 5", 5, "changed",
    ),
    "swapped": (
        "update governance.audit a set entry = b.entry from governance.audit b where a.org = '{org}' and b.org = a.org"
        " and a.number in (2, 3) and b.number = 5 - a.number", 2, "changed",
    ),
    "cut off": ("delete from governance.audit where org = '{org}' and number = 6", 6, "cut"),
    "put in": (
        "insert into governance.audit (org, number, entry, digest) select org, 7, entry, digest from governance.audit"
        " where org = '{org}' and number = 6", 7, "cut",
    ),
    "emptied": ("delete from governance.audit where org = '{org}'", 1, "cut"),
}  # fmt: skip


async def test_what_is_removed_changed_put_in_or_cut_off_shows(cast: Cast, state: State) -> None:
    audit = cast.governance.audit
    whole = await audit.verify(cast.mina)
    assert (whole.ok, whole.entries) == (True, 6)
    for name, (statement, at, problem) in _BROKEN.items():
        await _tamper(state, "create table if not exists public.kept as select org, number, entry::text as entry,"
                             " digest from governance.audit", statement.format(org=cast.tenant.org))  # fmt: skip
        found = await audit.verify(cast.mina)
        if name != "put in":
            assert (found.ok, found.broken_at, found.problem) == (False, at, problem), name
        else:
            # A row beyond the head is not of the trail: nothing of it is shown, and the next entry cannot be written.
            assert found.ok
            with pytest.raises(Exception, match="audit_pkey"):
                await cast.governance.deactivate(cast.mina, cast.users["gil"].id)
        await _tamper(
            state, "delete from governance.audit", "insert into governance.audit (org, number, entry, digest)"
            " select org, number, entry::json, digest from public.kept",
        )  # fmt: skip
    assert (await audit.verify(cast.mina)).ok
    assert (await audit.verify(cast.rina)).ok


async def test_whoever_rewrites_the_whole_trail_is_found_out_by_a_head_that_was_kept_elsewhere(
    cast: Cast, state: State
) -> None:
    audit, org = cast.governance.audit, cast.tenant.org
    kept = await audit.head(cast.mina)
    assert (await audit.verify(cast.mina, kept)).ok
    rewritten = (
        "create table public.told as select array_agg(replace(entry::text, 'guest_created', 'user_created')"
        f" order by number) as entries from governance.audit where org = '{org}'",
        f"delete from governance.audit where org = '{org}'", f"delete from governance.audit_head where org = '{org}'",
        f"select governance.chain(array_fill('{org}'::text, array[cardinality(entries)]), entries) from public.told",
    )  # fmt: skip
    await _tamper(state, *rewritten)
    assert (await audit.verify(cast.mina)).ok  # by itself it holds
    found = await audit.verify(cast.mina, kept)
    assert (found.ok, found.problem, found.broken_at) == (False, "other", kept.number)
    assert (await audit.verify(cast.mina, Head(kept.number + 1, kept.digest))).problem == "cut"


async def test_the_database_itself_refuses_to_change_an_entry(cast: Cast, state: State) -> None:
    for statement in (
        "delete from governance.audit", "update governance.audit set digest = '\\x00'", "truncate governance.audit",
    ):  # fmt: skip
        with pytest.raises(Exception, match="neither changed nor removed"):
            async with state.begin_system() as tx:
                await tx.run(statement)


async def test_an_organisation_sees_its_own_trail_alone_and_only_who_looks_after_it(cast: Cast) -> None:
    audit = cast.governance.audit
    ours = await audit.logs(cast.mina, Wanted(), limit=999)
    theirs = await audit.logs(cast.rina, Wanted(), limit=999)
    assert {entry.told["workspace"] for entry in ours.entries} == {cast.tenant.workspace}
    assert {entry.told["workspace"] for entry in theirs.entries} == {cast.rina.tenant.workspace}
    assert (await audit.logs(cast.rina, Wanted(entity=cast.users["joon"].id))).entries == []
    for who in (cast.joon, cast.gil):
        for ask in (audit.logs(who, Wanted()), audit.head(who), audit.verify(who), audit.export(who)):
            with pytest.raises(NotAllowed):
                await ask
    admin = await cast.governance.create_user(cast.mina, "ada@sorimaru.example", "Ada", role=Role.ADMIN)
    token = await cast.governance.create_token(cast.mina, "user", admin.id, ["*"])
    with pytest.raises(NotAllowed):  # of a workspace, not of the organisation
        await audit.logs(await cast.governance.principal(token), Wanted())
    await cast.governance.organisation.set_role(cast.mina, admin.id, OrgRole.AUDITOR)
    assert (await audit.logs(await cast.governance.principal(token), Wanted())).entries
    narrow = await cast.governance.create_token(cast.mina, "user", cast.mina.user, ["channels:read"])
    with pytest.raises(NotAllowed):
        await audit.logs(await cast.governance.principal(narrow), Wanted())


async def test_pages_neither_repeat_nor_miss_where_all_is_of_one_second(cast: Cast) -> None:
    audit, seen, cursor = cast.governance.audit, [], ""
    while True:
        page = await audit.logs(cast.mina, Wanted(), limit=2, cursor=cursor)
        seen += [entry.number for entry in page.entries]
        if len(seen) == 2:  # something new comes while somebody pages
            await cast.governance.policies.set(cast.mina, "channels.connect", "admins")
        cursor = page.cursor
        if not cursor:
            break
    assert seen == [6, 5, 4, 3, 2, 1]
    for wrong in ("x", "MTox", "LTE6LTE=", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk6MQ=="):
        if wrong in ("MTox", "LTE6LTE="):
            assert (await audit.logs(cast.mina, Wanted(), cursor=wrong)).entries == []
        else:
            with pytest.raises(Invalid) as raised:
                await audit.logs(cast.mina, Wanted(), cursor=wrong)
            assert raised.value.field == "cursor"


async def test_an_export_is_verified_without_the_server(cast: Cast, tmp_path: Path) -> None:
    from dure.governance.audit.routes import _lines

    head, parts = await cast.governance.audit.export(cast.mina)
    await cast.governance.policies.set(cast.mina, "channels.connect", "admins")  # after the export began
    lines = b"".join([line async for line in _lines(cast.tenant.org, head, parts)])
    script = Path(__file__).parents[2] / "docs/how-to/verify_audit.py"

    def check(content: bytes, *more: str) -> tuple[int, str]:
        file = tmp_path / "audit.ndjson"
        file.write_bytes(content)
        done = subprocess.run([sys.executable, "-I", script, file, *more], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    code, said = check(lines)
    assert code == 0
    assert f"7 entries hold. The newest is {head.digest}" in said
    assert check(lines, head.digest)[0] == 0
    assert check(lines, "0" * 64)[0] == 1
    rows = lines.splitlines(keepends=True)
    assert check(lines.replace(b"guest_created", b"user_created"))[1].startswith("Entry 6 was changed")
    assert check(b"".join(rows[:3] + rows[4:]))[1].startswith("Entry 3 is missing")
    assert check(b"".join(rows[:-1]))[1].startswith("The end is missing")


async def test_what_an_entry_is_made_of_may_hold_any_text(cast: Cast) -> None:
    hours = {"name": "밤\u0000 “새”\\ \U0001f319" + "x" * 150, "zone": "Asia/Seoul", "week": [[]] * 7, "days": []}
    event = events.governance_event(cast.mina, cast.governance._clock, events.HOURS_CREATED, "hours", "h\u0000", hours)
    async with cast.governance._state.begin(cast.tenant) as tx:
        tx.told.append(event)
    newest = (await cast.governance.audit.logs(cast.mina, Wanted())).entries[0].told
    assert newest["details"]["name"].startswith("밤 “새”\\ \U0001f319x")
    assert (await cast.governance.audit.verify(cast.mina)).ok


async def _broken(cast: Cast, part: Any, within: Any = None) -> None:
    """Something is told, and then it fails."""
    async with part as tx:
        await append(within or tx, _policy_event(cast))
        raise RuntimeError


def _policy_event(cast: Cast) -> Any:
    about = {"policy": "channels.connect", "value": "admins", "before": None, "whole": False}
    return events.governance_event(
        cast.mina, cast.governance._clock, events.POLICY_CHANGED, "policy", "channels.connect", about
    )


async def test_governance_alone_is_enough_to_be_proven(state: State) -> None:
    assert state.witness is None
    Governance(state, (await found_sori(state)).governance._clock)
    assert state.witness is not None
