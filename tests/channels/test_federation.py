"""A channel shared between two servers of different companies: what crosses, in which order, and what never does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dure.channels.api import Draft, Message
from dure.channels.federation.refusals import CodeNotKnown, PartnerUnreachable, TheyRefused
from dure.channels.federation.store import outbox
from dure.channels.model import ts_text
from dure.kernel.errors import DureError, NotAllowed
from tests.channels.two_houses import Company, Network, become_partners, company, settle, share
from tests.databases import copied

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def databases(postgres_url: str, template: str) -> Iterator[list[str]]:
    with copied(postgres_url, template) as one, copied(postgres_url, template) as other:
        yield [one, other]


@asynccontextmanager
async def two(databases: list[str], folder: Path) -> AsyncIterator[tuple[Company, Company]]:
    network, number = Network(), len(list(folder.parent.iterdir()))
    async with (
        company(databases[0], f"sori{number}", network, folder) as sori,
        company(databases[1], f"hanbit{number}", network, folder) as hanbit,
    ):
        yield sori, hanbit


async def said(who: Company, channel: str) -> list[Message]:
    found, _ = await who.channels.history(who.owner, channel, limit=200)
    return found[::-1]


def lines(found: list[Message]) -> list[tuple[int, str]]:
    return [(one.ts, one.text) for one in found]


async def ask(who: Company, act: Any) -> Any:
    """An act that waits for the other server, which answers meanwhile."""
    who.federation.asking._patience = 5
    doing = asyncio.ensure_future(act)
    for _ in range(100):
        await asyncio.sleep(0.01)  # the act goes on until it waits for the other side
        for one in PAIR:
            await one.step()
        if doing.done():
            break
    return await doing


PAIR: list[Company] = []


@asynccontextmanager
async def sharing(databases: list[str], folder: Path) -> AsyncIterator[tuple[Company, Company, str, str]]:
    async with two(databases, folder) as (sori, hanbit):
        PAIR[:] = [sori, hanbit]
        await become_partners(sori, hanbit)
        yield sori, hanbit, *await share(sori, hanbit)


async def same(sori: Company, hanbit: Company, channel: str, copy: str) -> list[Message]:
    """Both have the same, in one order."""
    await settle(sori, hanbit)
    here, there = await said(sori, channel), await said(hanbit, copy)
    assert lines(here) == lines(there)
    assert [[(r.name, len(r.users)) for r in one.reactions] for one in here] == [
        [(r.name, len(r.users)) for r in one.reactions] for one in there
    ]
    assert [(one.reply_count, one.deleted, one.edited_at) for one in here] == [
        (one.reply_count, one.deleted, one.edited_at) for one in there
    ]
    return there


async def deliver(who: Company, to: Company, *entries: dict[str, Any]) -> None:
    """What somebody sends who has taken a server over: signed well, and in order."""
    partner = await who.partner()
    async with who.state.begin_system() as tx:
        await outbox.add(tx, partner, entries, who.clock.now())
    await settle(who, to)


async def test_what_is_said_changed_and_taken_back_crosses_in_one_order(databases: list[str], tmp_path: Path) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, channel, copy):
        home, away = sori.channels, hanbit.channels
        first = await home.post(sori.owner, channel, Draft("from home"))
        second = await ask(hanbit, away.post(hanbit.owner, copy, Draft("from away")))
        reply = await ask(hanbit, away.post(hanbit.owner, copy, Draft("a reply", thread=first.ts)))
        await ask(hanbit, away.update(hanbit.owner, copy, second.ts, Draft("from away, better")))
        await ask(hanbit, away.react(hanbit.owner, copy, first.ts, "tada"))
        await home.react(sori.owner, channel, second.ts, "eyes")
        gone = await ask(hanbit, away.post(hanbit.owner, copy, Draft("a mistake")))
        await ask(hanbit, away.delete(hanbit.owner, copy, gone.ts))
        await ask(hanbit, away.set_topic(hanbit.owner, copy, "what we do"))
        there = await same(sori, hanbit, channel, copy)
        assert first.ts < second.ts < reply.ts
        assert [one.text for one in there if not one.subtype] == ["from home", "from away, better"]
        assert (await away.info(hanbit.owner, copy)).topic == (await home.info(sori.owner, channel)).topic
        # Ids are each server's own, and the other's people are strangers of its organisation.
        assert channel != copy
        author = next(one.user for one in there if one.text == "from home")
        stranger = await away.person(hanbit.owner, author)
        assert (stranger.name, stranger.email) == (
            sori.network and (await home.person(sori.owner, sori.owner.user)).name,
            "",
        )
        assert stranger.workspace != hanbit.owner.tenant.workspace


async def test_who_is_named_is_named_on_the_other_side(databases: list[str], tmp_path: Path) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, channel, copy):
        stranger = next(m.user for m in await sori.channels.members(sori.owner, channel) if m.user != sori.owner.user)
        await sori.channels.post(sori.owner, channel, Draft(f"<@{stranger}> and <@{sori.owner.user}>"))
        await settle(sori, hanbit)
        there = (await said(hanbit, copy))[-1]
        assert there.mentions == (hanbit.owner.user, there.user)


async def test_days_apart_are_caught_up_with(databases: list[str], tmp_path: Path) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, channel, copy):
        network = sori.network
        network.down |= set(network.apps)
        for n in range(230):
            await sori.channels.post(sori.owner, channel, Draft(f"while away {n}"))
        with pytest.raises(PartnerUnreachable):
            await hanbit.channels.post(hanbit.owner, copy, Draft("optimistic"))
        waiting = await hanbit.federation.pending(hanbit.owner, copy)
        assert [(one.state, one.body["text"]) for one in waiting] == [("waiting", "optimistic")]
        await sori.step()
        shown = (await sori.federation.partners(sori.owner))[0]
        assert shown.partner.waiting == 230
        assert "not there" in shown.partner.error
        network.down.clear()
        await settle(sori, hanbit)
        there, _ = await hanbit.channels.history(hanbit.owner, copy, limit=500)
        here, _ = await sori.channels.history(sori.owner, channel, limit=500)
        assert lines(here) == lines(there)
        assert [one.text for one in there if one.text == "optimistic"] == ["optimistic"]
        assert await hanbit.federation.pending(hanbit.owner, copy) == []


async def test_a_gap_is_asked_for_again_and_copies_are_passed_over(databases: list[str], tmp_path: Path) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, channel, copy):
        for n in range(3):
            await sori.channels.post(sori.owner, channel, Draft(f"{n}"))
        await sori.federation.outward.step()
        partner = await sori.partner()
        async with sori.state.begin_system() as tx:
            entries, _ = await outbox.take(tx, partner, 10, 1 << 20)  # type: ignore[misc]
        key = sori.federation._keys.newest
        pairing = (await sori.federation.partners(sori.owner))[0].partner.pairing

        async def send(*some: dict[str, Any]) -> dict[str, Any]:
            return await sori.federation._caller.post(
                sori.owner.tenant, hanbit.federation.address, "/deliver", {"entries": some}, key, pairing
            )

        start = entries[0]["n"]
        assert await send(entries[1], entries[2]) == {"received": start - 1, "gap": True}
        assert await send(entries[0], entries[2]) == {"received": start, "gap": True}
        assert await send(entries[0], entries[1], entries[2]) == {"received": start + 2, "gap": False}
        assert await send(entries[0]) == {"received": start + 2, "gap": False}
        await same(sori, hanbit, channel, copy)


async def test_a_request_is_taken_once_of_its_time_at_its_address_by_its_key(
    databases: list[str], tmp_path: Path
) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, channel, _):
        await sori.channels.post(sori.owner, channel, Draft("once"))
        await settle(sori, hanbit)
        network = sori.network
        method, url, headers, body = next(one for one in reversed(network.sent) if one[1].endswith("/deliver"))
        again = await network.call(method, url, headers, body)
        assert (again.status, "came before" in again.text) == (401, True)
        changed = await network.call(method, url, headers, body.replace(b"said", b"sAid"))
        assert changed.status == 401
        await sori.federation.sending.step(await sori.partner())
        hanbit.clock.advance(timedelta(hours=1))
        late = await network.call(method, url, headers, body)
        assert (late.status, "clocks" in late.text) == (401, True)


async def test_a_server_that_was_taken_over_speaks_only_as_its_own_people_where_it_is_a_side(
    databases: list[str], tmp_path: Path
) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, channel, copy):
        secret = (await sori.channels.create(sori.owner, "secret")).id
        own = await sori.channels.post(sori.owner, channel, Draft("ours"))
        await settle(sori, hanbit)
        before = await said(sori, channel)
        people = {"UEVIL": {"name": "Eve", "team": {"id": hanbit.owner.tenant.workspace, "own": True}}}

        def asks(what: str, **more: Any) -> dict[str, Any]:
            return {"kind": "ask", "request": f"r-{what}-{len(json.dumps(more))}", "what": what, "channel": channel,
                    "by": hanbit.owner.user, "people": people, **more}  # fmt: skip

        await deliver(
            hanbit, sori,
            asks("post", by=f"~{sori.owner.user}", text="I am mina"),
            asks("post", by="UEVIL", text="not a member"),
            asks("post", channel=secret, text="elsewhere"),
            asks("edit", ts=ts_text(own.ts), text="changed"),
            asks("delete", ts=ts_text(own.ts)),
            asks("kick", users=[f"~{sori.owner.user}"]),
            asks("invite", users=[f"~{sori.owner.user}"]),
            asks("topic", text="x", until="2001-01-01T00:00:00+00:00"),
            {"kind": "said", "channel": channel, "message": {"ts": "1.000001", "user": hanbit.owner.user, "text": "n"}},
            {"kind": "disconnected", "channel": channel, "team": f"~{sori.owner.tenant.workspace}"},
            {"kind": "no such kind"},
        )  # fmt: skip
        assert await said(sori, channel) == before
        assert [m.user for m in await sori.channels.members(sori.owner, secret)] == [sori.owner.user]
        # The home of a channel puts no words into the mouths of the other side's people.
        before = await said(hanbit, copy)
        mouth = {"ts": "1999999999.000001", "user": f"~{hanbit.owner.user}", "text": "I agree", "client_msg_id": "x"}
        await deliver(
            sori, hanbit,
            {"kind": "said", "channel": channel, "message": mouth},
            {"kind": "reacted", "channel": channel, "ts": ts_text(own.ts), "name": "eyes",
             "user": f"~{hanbit.owner.user}"},
        )  # fmt: skip
        assert await said(hanbit, copy) == before
        refused = (await hanbit.federation.partners(hanbit.owner))[0].refused
        assert [one["kind"] for one in refused] == ["reacted", "said"]


async def test_what_is_refused_there_is_said_here(databases: list[str], tmp_path: Path) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, channel, copy):
        await sori.channels.set_posting(sori.owner, channel, "admins")
        with pytest.raises(TheyRefused) as refused:
            await ask(hanbit, hanbit.channels.post(hanbit.owner, copy, Draft("may I?")))
        assert refused.value.code == "restricted_action_read_only_channel"
        (waiting,) = await hanbit.federation.pending(hanbit.owner, copy)
        assert waiting.state == "refused"
        await sori.channels.set_posting(sori.owner, channel, "everyone")
        await ask(hanbit, hanbit.federation.again(hanbit.owner, waiting.id))
        assert (await same(sori, hanbit, channel, copy))[-1].text == "may I?"


async def test_a_key_is_changed_under_the_old_one(databases: list[str], tmp_path: Path) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, channel, copy):
        partner = await sori.partner()
        old = (await sori.federation.partners(sori.owner))[0]
        await sori.federation.rotate(sori.owner, partner)
        await settle(sori, hanbit)
        await sori.channels.post(sori.owner, channel, Draft("under the new key"))
        await same(sori, hanbit, channel, copy)
        new = (await sori.federation.partners(sori.owner))[0]
        assert new.partner.our_key != old.partner.our_key
        assert (await hanbit.federation.partners(hanbit.owner))[0].fingerprint == new.fingerprint != old.fingerprint
        entry = {"kind": "key", "key": "00" * 32, "id": "x", "proof": "00" * 64}
        await deliver(hanbit, sori, entry)
        assert (await sori.federation.partners(sori.owner))[0].refused[0]["kind"] == "key"


async def test_a_code_is_used_once_by_whoever_knows_it_and_nothing_goes_before_both_agree(
    databases: list[str], tmp_path: Path
) -> None:
    async with two(databases, tmp_path) as (sori, hanbit):
        await sori.federation.show_code(sori.owner)
        with pytest.raises(CodeNotKnown):
            await hanbit.federation.pair(hanbit.owner, sori.federation.address, "AAAAA-AAAAA-AAAAA-AAAAA")
        code, _ = await sori.federation.show_code(sori.owner)
        theirs = await hanbit.federation.pair(hanbit.owner, sori.federation.address, code.lower())
        with pytest.raises(CodeNotKnown):
            await hanbit.federation.pair(hanbit.owner, sori.federation.address, code)
        channel = (await sori.channels.create(sori.owner, "early")).id
        ours = (await sori.federation.partners(sori.owner))[0]
        assert ours.partner.state == "compare"
        with pytest.raises(NotAllowed):
            await sori.federation.invite(sori.owner, channel, ours.partner.id, hanbit.email)
        with pytest.raises(DureError, match="fingerprint"):
            await sori.federation.confirm(sori.owner, ours.partner.id, "1 2 3")
        await sori.federation.confirm(sori.owner, ours.partner.id, ours.fingerprint)
        await sori.federation.invite(sori.owner, channel, ours.partner.id, hanbit.email)
        await sori.step()
        assert "not_confirmed" in (await sori.federation.partners(sori.owner))[0].partner.error
        await hanbit.federation.confirm(hanbit.owner, theirs.partner.id, theirs.fingerprint)
        await settle(sori, hanbit)
        assert [one.name for one in await hanbit.channels.offers(hanbit.owner)] == ["early"]
        joon = await sori.governance.create_user(sori.owner, "joon@sori.example", "Joon")
        member = await sori.governance.principal(await sori.governance.create_token(sori.owner, "user", joon.id, ["*"]))
        for act in (sori.federation.partners(member), sori.federation.show_code(member)):
            with pytest.raises(NotAllowed):
                await act


async def test_a_file_is_fetched_from_its_owner_and_cut_at_the_end(databases: list[str], tmp_path: Path) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"figures " * 1000

    async with sharing(databases, tmp_path) as (sori, hanbit, channel, copy):
        for one, other, place, there in ((sori, hanbit, channel, copy), (hanbit, sori, copy, channel)):
            file = await one.files.upload(one.owner, "figures.txt", parts())
            await ask(one, one.channels.post(one.owner, place, Draft("look", files=(file.id,))))
            await settle(sori, hanbit)
            (seen,) = (await said(other, there))[-1].files
            known = await other.files.info(other.owner, seen)
            assert (known.name, known.size, known.sha256) == ("figures.txt", 8000, None)
            assert b"".join([part async for part in other.files.content(known)]) == b"figures " * 1000
            assert b"".join([part async for part in other.files.content(known, 8, 7)]) == b"figures"
        await ask(hanbit, hanbit.channels.disconnect(hanbit.owner, copy))
        await settle(sori, hanbit)
        with pytest.raises(DureError):
            _ = [part async for part in sori.files.content(known)]
        assert not (await sori.channels.info(sori.owner, channel)).is_shared


async def test_the_end_of_a_partnership_ends_what_is_shared_on_both_sides(databases: list[str], tmp_path: Path) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, channel, copy):
        await sori.federation.end(sori.owner, await sori.partner())
        await settle(sori, hanbit)
        assert (await hanbit.federation.partners(hanbit.owner))[0].partner.state == "ended"
        assert not (await sori.channels.info(sori.owner, channel)).is_shared
        with pytest.raises(DureError):
            await hanbit.channels.post(hanbit.owner, copy, Draft("hello?"))


class Killed(BaseException):
    """The process is gone: what it had not committed never was."""


PLACES = ("before send", "after send", "in the middle", "before commit", "after commit")


async def test_nothing_is_lost_doubled_or_out_of_order_wherever_a_side_dies(
    databases: list[str], tmp_path: Path
) -> None:
    """The short form of `make crash-federation`: what was not committed is taken back at each boundary, in turn."""
    chance, dies, rounds = random.Random(7), "", int(os.environ.get("DURE_CRASH_ROUNDS", "25"))
    counted: Counter[str] = Counter()

    def passing(place: str) -> None:
        nonlocal dies
        if place == dies and chance.random() < 0.5:
            dies = ""
            counted[place] += 1
            raise Killed

    async with sharing(databases, tmp_path) as (sori, hanbit, channel, copy):
        for one in (sori, hanbit):
            one.federation.sending.passing = one.federation.inward.passing = passing
            one.federation.asking._patience = 0.001
        expected: set[str] = set()
        for number in range(rounds):
            dies = PLACES[number % len(PLACES)]
            for n in range(chance.randint(1, 6)):
                text = f"{number} {n}"
                expected.add(text)
                if n % 2:
                    with contextlib.suppress(PartnerUnreachable):
                        await hanbit.channels.post(hanbit.owner, copy, Draft(text, client_msg_id=text))
                else:
                    await sori.channels.post(sori.owner, channel, Draft(text))
            for one in (hanbit, sori, hanbit, sori):
                with contextlib.suppress(Killed):
                    await one.step()
        dies = ""
        await settle(sori, hanbit)
        here, there = [
            [(m.ts, m.text) for m in (await one.channels.history(one.owner, place, limit=10_000))[0] if not m.subtype]
            for one, place in ((sori, channel), (hanbit, copy))
        ]
        assert here == there
        assert sorted(text for _, text in here) == sorted(expected)  # none lost, none doubled
        assert [ts for ts, _ in here] == sorted({ts for ts, _ in here}, reverse=True)
        sys.stderr.write(f"\n{len(expected)} messages, died at {dict(counted)}\n")
        assert set(counted) == set(PLACES)
