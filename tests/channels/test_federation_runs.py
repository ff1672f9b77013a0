"""What came at once is done at once, and ends as if it had been done one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from dure.channels.api import Draft
from dure.channels.federation.inward import Inward
from dure.channels.federation.refusals import TheyRefused
from dure.channels.model import ts_text
from tests.channels.test_federation import ask, deliver, said, same, sharing
from tests.channels.two_houses import Company, settle, share
from tests.databases import copied

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def databases(postgres_url: str, template: str) -> Iterator[list[str]]:
    with copied(postgres_url, template) as one, copied(postgres_url, template) as other:
        yield [one, other]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many entries were to be done together, each time."""
    counted: list[int] = []
    done = Inward._do_all

    async def do_all(self: Inward, tx: Any, ear: Any, entries: Sequence[Mapping[str, Any]]) -> None:
        counted.append(len(entries))
        await done(self, tx, ear, entries)

    monkeypatch.setattr(Inward, "_do_all", do_all)
    return counted


async def test_messages_of_one_batch_are_there_in_order_with_their_threads_and_mentions(
    databases: list[str], tmp_path: Path, runs: list[int]
) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, channel, copy):
        await settle(sori, hanbit)
        (them,) = {one.user for one in await sori.channels.members(sori.owner, channel)} - {sori.owner.user}
        runs.clear()
        root = await sori.channels.post(sori.owner, channel, Draft("plan"))
        for n in range(3):
            await sori.channels.post(sori.owner, channel, Draft(f"reply {n}", thread=root.ts))
        await sori.channels.post(sori.owner, channel, Draft(f"<@{them}> and all"))
        await sori.channels.post(sori.owner, channel, Draft("once", client_msg_id="c-1"))
        await settle(sori, hanbit)
        assert max(runs) == 6
        here, there = await said(sori, channel), await said(hanbit, copy)
        assert [one.ts for one in there] == [one.ts for one in here]
        assert [one.text for one in there][-3:] == ["plan", f"<@{hanbit.owner.user}> and all", "once"]
        plan = next(one for one in there if one.text == "plan")
        assert (plan.reply_count, plan.latest_reply) == (3, max(one.ts for one in await thread(hanbit, copy, plan.ts)))
        assert there[-2].mentions == (hanbit.owner.user,)


async def test_one_that_is_not_to_be_believed_does_not_take_the_others_with_it(
    databases: list[str], tmp_path: Path, runs: list[int]
) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, channel, copy):
        own = await sori.channels.post(sori.owner, channel, Draft("the last"))
        await settle(sori, hanbit)

        def says(number: int, user: str, text: str) -> dict[str, Any]:
            return entry(sori, channel, own.ts + number, user, text, "UNEW")

        runs.clear()
        await deliver(
            sori, hanbit,
            says(1, "UNEW", "first"), says(2, f"~{hanbit.owner.user}", "I agree"), says(3, "UNEW", "third"),
            says(3, "UNEW", "third, again"),
        )  # fmt: skip
        assert runs == [4]
        assert [one.text for one in await said(hanbit, copy)][-2:] == ["first", "third, again"]
        assert len({one.user for one in (await said(hanbit, copy))[-2:]}) == 1
        (refused,) = (await hanbit.federation.partners(hanbit.owner))[0].refused
        assert "Nobody here asked" in refused["why"]


async def test_what_is_there_already_and_whom_a_refused_one_named_are_read_again(
    databases: list[str], tmp_path: Path, runs: list[int]
) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, channel, copy):
        own = await sori.channels.post(sori.owner, channel, Draft("before"))
        await settle(sori, hanbit)

        def says(number: int, user: str, text: str, *new: str) -> dict[str, Any]:
            return entry(sori, channel, own.ts + number, user, text, *new)

        await deliver(sori, hanbit, says(0, sori.owner.user, "before, corrected"), says(1, sori.owner.user, "after"))
        assert [one.text for one in await said(hanbit, copy)][-2:] == ["before, corrected", "after"]
        await deliver(
            sori, hanbit,
            says(2, f"~{hanbit.owner.user}", "I agree", "UBORA"), says(3, "UBORA", "and after", "UBORA"),
        )  # fmt: skip
        assert runs[-2:] == [2, 2]
        there = await said(hanbit, copy)
        assert [one.text for one in there][-2:] == ["after", "and after"]
        async with hanbit.state.begin_system() as tx:
            (author,) = await hanbit.governance.users_named_in(tx, [there[-1].user])
        assert author.name == "UBORA"


async def test_nothing_is_passed_on_to_a_home_that_is_elsewhere(databases: list[str], tmp_path: Path) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, _, _):
        theirs, ours = await share(hanbit, sori, "theirs")
        await settle(sori, hanbit)
        asks = [
            {"kind": "ask", "request": f"r-{n}", "what": "post", "channel": ours, "by": hanbit.owner.user,
             "people": {}, "text": "round"} for n in range(2)
        ]  # fmt: skip
        await deliver(hanbit, sori, *asks)
        async with sori.state.begin_system() as tx:
            assert (
                await tx.value(
                    "select count(*) from channels.partner_request where channel = %s and what = 'post'", (ours,)
                )
                == 0
            )
        assert "round" not in {one.text for one in await said(hanbit, theirs)}


async def test_what_is_asked_at_once_is_answered_each_for_itself(
    databases: list[str], tmp_path: Path, runs: list[int]
) -> None:
    async with sharing(databases, tmp_path) as (sori, hanbit, channel, copy):
        root = await sori.channels.post(sori.owner, channel, Draft("asks"))
        await settle(sori, hanbit)
        await sori.channels.set_posting(sori.owner, channel, "threads")
        runs.clear()
        drafts = [Draft("a", thread=root.ts), Draft("b"), Draft("c", thread=root.ts)]
        posts = [hanbit.channels.post(hanbit.owner, copy, one) for one in drafts]
        first, refused, last = await ask(hanbit, asyncio.gather(*posts, return_exceptions=True))
        assert isinstance(refused, TheyRefused)
        assert refused.code == "restricted_action_thread_only_channel"
        assert 3 in runs
        assert [one.text for one in await thread(hanbit, copy, root.ts)] == ["a", "c"]
        assert [one.ts for one in await thread(sori, channel, root.ts)] == sorted((first.ts, last.ts))

        await sori.channels.set_posting(sori.owner, channel, "everyone")
        await same(sori, hanbit, channel, copy)
        runs.clear()
        many = await ask(
            hanbit, asyncio.gather(*[hanbit.channels.post(hanbit.owner, copy, Draft(f"{n}")) for n in range(9)])
        )
        assert max(runs) == 9
        assert {one.text for one in many} == {str(n) for n in range(9)}
        await same(sori, hanbit, channel, copy)
        (left,) = await hanbit.federation.pending(hanbit.owner, copy)
        assert (left.state, left.body["text"]) == ("refused", "b")


def entry(home: Company, channel: str, ts: int, user: str, text: str, *new: str) -> dict[str, Any]:
    """What a home tells of a message; `new` are people of its own whom it tells of with it."""
    team = {"id": home.owner.tenant.workspace, "own": True}
    people = {one: {"name": one, "team": team} for one in new}
    message = {"ts": ts_text(ts), "user": user, "text": text}
    return {"kind": "said", "channel": channel, "message": message, "people": people}


async def thread(who: Any, channel: str, root: int) -> list[Any]:
    _, replies, _ = await who.channels.replies(who.owner, channel, root)
    return replies
