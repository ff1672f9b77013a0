"""Between two servers: an invitation by link, what was erased before it was sent, and a side that an older backup was
restored on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dure.automation.plugs import Unreached
from dure.channels.api import Draft
from dure.channels.connect.refusals import EmailDoesNotMatch
from dure.channels.federation.calling import Refused
from dure.channels.federation.problems import PROBLEMS, problem_of, read
from dure.channels.federation.refusals import LinkNotKnown
from dure.channels.federation.store import outbox
from dure.channels.holding import ChannelHolder
from dure.channels.model import ts_text
from dure.governance.api import Principal, Role
from dure.kernel.errors import DureError, NotAllowed
from dure.kernel.whom import Whom
from dure.state import State
from tests.channels.test_federation import ask, lines, said, same, sharing
from tests.channels.two_houses import Company, settle
from tests.databases import copied, named

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def databases(postgres_url: str, template: str) -> Iterator[list[str]]:
    with copied(postgres_url, template) as one, copied(postgres_url, template) as other:
        yield [one, other]


class Letters:
    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    async def send(self, to: str, subject: str, text: str, html: str, headers: Mapping[str, str], key: str) -> str:
        self.sent.append((to, text.rsplit("\n", 1)[-1]))
        assert text.rsplit("\n", 1)[-1] in html
        return "sent"


async def member(who: Company, name: str) -> Principal:
    made = await who.governance.create_user(who.owner, f"{name}@{who.owner.tenant.workspace}.example", name.title())
    return await who.governance.principal(await who.governance.create_token(who.owner, "user", made.id, ["*"]))


async def accept(who: Company, principal: Principal, channel: str) -> str:
    """What the invitation stands at, asked for at the home."""
    async with who.state.begin(principal.tenant) as tx:
        invite = await who.channels._open_to(tx, principal, channel)
        made = await who.channels._accept(tx, principal, invite, "", None)
    return made.state


async def test_a_link_is_opened_on_the_partners_server_and_accepted_under_both_policies(
    databases: list[str], tmp_path: Path
) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, _, _):
        partner, home, away = await sori.partner(), sori.federation.links, hanbit.federation.links
        home.postman = letters = Letters()  # type: ignore[assignment]
        channel = (await sori.channels.create(sori.owner, "launch")).id
        made = await home.offer(sori.owner, channel, partner, "", link=True)
        assert made.link.startswith(f"{hanbit.federation.address}/invited/")
        secret = made.link.rsplit("/", 1)[1]
        joon = await member(hanbit, "joon")
        with pytest.raises(LinkNotKnown):
            await away.open(joon, secret)
        await settle(sori, hanbit)
        # The secret never crosses; without it nobody over there hears of the channel.
        assert secret.encode() not in b"".join(body for *_, body in sori.network.sent)
        assert await hanbit.channels.offers(hanbit.owner) == []
        with pytest.raises(LinkNotKnown):
            await away.open(joon, secret[:-1] + ("A" if secret[-1] != "A" else "B"))
        with pytest.raises(LinkNotKnown):
            await home.open(sori.owner, secret)  # it is the other side's to open
        with pytest.raises(NotAllowed):
            await away.open(Principal(joon.tenant, joon.user, Role.GUEST), secret)
        seen = await away.open(joon, secret)
        assert (seen.name, seen.org, seen.inviter, seen.state) == ("launch", sori.owner_org, sori.owner_name, "sent")
        assert await away.open(joon, secret) == seen
        assert [one.name for one in await hanbit.channels.offers(joon)] == ["launch"]
        # A member accepts: their own administrator approves, and so did the home's, who invited.
        assert await accept(hanbit, joon, seen.channel) == "accepted"
        await settle(sori, hanbit)
        assert not (await sori.channels.info(sori.owner, channel)).is_shared
        waiting = next(one for one in await hanbit.channels.invites(hanbit.owner) if one.state == "accepted")
        await ask(hanbit, hanbit.channels.approve_invite(hanbit.owner, waiting.id))
        await settle(sori, hanbit)
        assert (await sori.channels.info(sori.owner, channel)).is_shared
        await ask(hanbit, hanbit.channels.post(joon, seen.channel, Draft("here I am")))
        assert (await same(sori, hanbit, channel, seen.channel))[-1].text == "here I am"

        # By letter: to one person, who alone may accept; taken back, it opens nothing.
        second = (await sori.channels.create(sori.owner, "second")).id
        made = await home.offer(sori.owner, second, partner, hanbit.email, link=True)
        await home.tick()
        await home.tick()
        assert letters.sent == [(hanbit.email, made.link)]
        await settle(sori, hanbit)
        seen = await away.open(joon, made.link.rsplit("/", 1)[1])
        with pytest.raises(EmailDoesNotMatch):
            await accept(hanbit, joon, seen.channel)
        await sori.channels.decline_invite(sori.owner, made.invite)
        await settle(sori, hanbit)
        assert (await away.open(joon, made.link.rsplit("/", 1)[1])).state == "revoked"
        assert await hanbit.channels.offers(hanbit.owner) == []
        async with sori.state.begin_system() as tx:
            kept = await tx.rows("select secret from channels.partner_link")
        assert {row["secret"] for row in kept} == {""}

        # Where a member's invitation waits for leave, no letter goes and no link opens before.
        await sori.governance.policies.set(sori.owner, "connect.gate", "admins")
        mina = await member(sori, "mina")
        third = (await sori.channels.create(mina, "third")).id
        made = await home.offer(mina, third, partner, hanbit.email, link=True)
        await home.tick()
        await settle(sori, hanbit)
        assert (made.state, len(letters.sent)) == ("requested", 1)
        with pytest.raises(LinkNotKnown):
            await away.open(hanbit.owner, made.link.rsplit("/", 1)[1])
        await sori.channels.allow_request(sori.owner, made.invite)
        await home.tick()
        await settle(sori, hanbit)
        assert letters.sent[1:] == [(hanbit.email, made.link)]
        assert (await away.open(hanbit.owner, made.link.rsplit("/", 1)[1])).state == "sent"
        with pytest.raises(DureError):
            await home.offer(mina, third, "P0000000000", "", link=True)


async def test_what_was_erased_before_it_was_sent_never_goes_out(databases: list[str], tmp_path: Path) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, channel, copy):
        network = sori.network
        network.down |= set(network.apps)
        await sori.channels.post(sori.owner, channel, Draft("first"))
        secret = await sori.channels.post(sori.owner, channel, Draft("the secret plan"))
        await sori.channels.update(sori.owner, channel, secret.ts, Draft("the secret plan, better"))
        await sori.channels.post(sori.owner, channel, Draft("write to eun@person.example today"))
        await sori.federation.outward.step()
        waits = "select string_agg(body::text, ' ') from channels.partner_entry"
        async with sori.state.begin_system() as tx:
            assert "secret plan" in await tx.value(waits)
            whom = Whom(sori.owner.tenant, addresses=("eun@person.example",))
            await ChannelHolder(None).erase(tx, whom)  # type: ignore[arg-type]
            assert "eun@person.example" not in await tx.value(waits)
        await sori.channels.delete(sori.owner, channel, secret.ts)
        async with sori.state.begin_system() as tx:
            assert "secret plan" not in await tx.value(waits)
        # Of what was said before it was shared, and is on its way, a message goes too.
        partner = await sori.partner()
        async with sori.state.begin_system() as tx:
            found = (await sori.federation.partners(sori.owner))[0].partner
            await outbox.add(tx, partner, await sori.federation.outward.retell(tx, found), sori.clock.now())
            first = (await said(sori, channel))[1]
            assert first.text == "first"
            await outbox.forget(tx, channel, [ts_text(first.ts)])
            assert '"first"' not in await tx.value(waits)
        network.down.clear()
        sent = len(network.sent)
        await settle(sori, hanbit)
        crossed = b"".join(body for *_, body in network.sent[sent:])
        assert b"secret plan" not in crossed
        assert b"eun@person.example" not in crossed
        assert [one.text for one in await said(hanbit, copy)][-1] == "write to [erased] today"
        assert (await hanbit.federation.partners(hanbit.owner))[0].refused == []
        async with sori.state.begin_system() as tx:
            assert (await tx.row("select count(*) as n from channels.partner_entry"))["n"] == 0  # type: ignore[index]


@contextmanager
def _server(url: str) -> Iterator[Any]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


async def back_up(who: Company, server: str) -> str:
    """A copy of a side's database as it stands."""
    await who.state.close()
    name = named(who.state.url)
    with _server(server) as at:
        at.execute(f"create database {name}_kept template {name} strategy file_copy")
    await _open(who)
    return name


async def restore(who: Company, server: str, name: str) -> None:
    await who.state.close()
    with _server(server) as at:
        at.execute(f"drop database {name} with (force)")
        at.execute(f"create database {name} template {name}_kept strategy file_copy")
        at.execute(f"drop database {name}_kept")
    await _open(who)


async def _open(who: Company) -> None:
    who.state._pool = State(who.state.url, connections=6)._pool
    await who.state.open()


@pytest.mark.parametrize("victim", ["home", "away"])
async def test_a_side_on_an_older_backup_is_noticed_and_goes_on(
    databases: list[str], tmp_path: Path, postgres_url: str, victim: str
) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, channel, copy):
        restored, other = (sori, hanbit) if victim == "home" else (hanbit, sori)
        await sori.channels.post(sori.owner, channel, Draft("before"))
        await ask(hanbit, hanbit.channels.post(hanbit.owner, copy, Draft("before, away")))
        await same(sori, hanbit, channel, copy)
        kept = await back_up(restored, postgres_url)
        for n in range(3):
            await sori.channels.post(sori.owner, channel, Draft(f"lost {n}"))
            await ask(hanbit, hanbit.channels.post(hanbit.owner, copy, Draft(f"lost, away {n}")))
        await settle(sori, hanbit)
        await restore(restored, postgres_url, kept)
        # What is written now has numbers that the other side knows something else by.
        await sori.channels.post(sori.owner, channel, Draft("after"))
        await settle(sori, hanbit)
        await ask(hanbit, hanbit.channels.post(hanbit.owner, copy, Draft("after, away")))
        await settle(sori, hanbit)
        here, there = await said(sori, channel), await said(hanbit, copy)
        for one in (here, there):
            texts = [line.text for line in one if not line.subtype]
            assert texts[:2] == ["before", "before, away"]
            assert texts[-2:] == ["after", "after, away"]
            assert len(texts) == len(set(texts))
        if victim == "away":
            # The home told once more what it holds; what people of the restored side said is not put into their mouths.
            assert {text for _, text in lines(here)} - {text for _, text in lines(there)} == {
                f"lost, away {n}" for n in range(3)
            }
        else:
            assert {text for _, text in lines(here)} < {text for _, text in lines(there)}
        (mine,), (theirs,) = [await one.federation.partners(one.owner) for one in (restored, other)]
        assert (mine.partner.restored, theirs.partner.restored) == ("we", "they")
        assert "lost" in {one["kind"] for one in mine.refused}
        assert mine.partner.waiting == theirs.partner.waiting == 0


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (Unreached("sori.example is not known"), "unknown_host"),
        (Unreached("[Errno 111] Connect call failed ('127.0.0.1', 1)"), "unreachable"),
        (OSError("no answer within 30 seconds"), "silent"),
        (Unreached("TLS: certificate has expired"), "certificate"),
        (KeyError("the key x is not in this data folder any more"), "key_missing"),
        (Refused(403, "forbidden", "127.0.0.1 is in a private network"), "forbidden"),
        (Refused(401, "wrong_clock", "the clocks differ by 3600 s"), "clock"),
        (Refused(401, "bad_signature", ""), "signature"),
        (Refused(403, "not_confirmed", ""), "not_confirmed"),
        (Refused(403, "partnership_ended", ""), "ended"),
        (Refused(422, "wrong_address", ""), "address"),
        (Refused(409, "wrong_version", ""), "version"),
        (Refused(404, "not_found", ""), "version"),
        (Refused(429, "too_many", ""), "busy"),
        (Refused(503, "unavailable", ""), "broken"),
        (Refused(200, "bad_answer", ""), "answer"),
        (Refused(400, "malformed", ""), "refused"),
    ],
)
def test_what_goes_wrong_has_a_word_and_the_screen_a_sentence_for_it(error: Exception, problem: str) -> None:
    assert problem_of(error) == problem
    assert read(f"{problem}: why: really") == (problem, "why: really")
    words = Path("src/dure/channels/static/partner_words.js").read_text()
    assert all(words.count(f"{one}: '") >= 2 for one in PROBLEMS)
