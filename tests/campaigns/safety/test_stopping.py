"""Stopping: by one click, by unsubscribing, by itself; and what was in hand then."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import pytest

from dure.campaigns.gate.boundary import FRESH
from dure.campaigns.gate.model import Threshold, Watching
from dure.campaigns.journeys.plan import queue_of
from dure.campaigns.model import Halted, Letter
from dure.campaigns.plugs import Accepted, Delivery, Refused
from dure.campaigns.watch.rules import Seen, alarm
from dure.log.api import Log
from dure.state import State
from tests.campaigns.safety.letters import demand, launched
from tests.campaigns.studio import Studio, open_studio

pytestmark = pytest.mark.anyio

MET = {"kind": "did", "event": "Signed Up"}


@dataclass
class Turnpike:
    """A mail server that takes a letter only when the test lets it. `inside` is how many were handed to it and wait."""

    taken: list[str] = field(default_factory=list)
    handed: int = 0
    inside: int = 0
    let: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(20))
    closed: bool = True

    async def send(self, letter: Letter, key: str) -> Delivery:
        self.handed += 1
        if self.closed:
            self.inside += 1
            await self.let.acquire()
            self.inside -= 1
        self.taken.append(letter.to)
        return Accepted("ok")

    def open(self) -> None:
        self.closed = False
        for _ in range(self.inside):
            self.let.release()


async def everybody(studio: Studio, count: int) -> list[str]:
    who = [f"u-{n}" for n in range(count)]
    await studio.know(*who)
    await studio.happen("Signed Up", *who)
    await studio.settle()
    return who


async def until(what: object, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


async def test_after_one_click_nothing_more_is_handed_over_and_nothing_is_lost(state: State, log: Log) -> None:
    mail = Turnpike()
    studio = await open_studio(state, log, mail)
    who = await everybody(studio, 400)
    await launched(studio, kind="once", entry={"audience": MET})
    safety, sending = studio.campaigns.safety, studio.campaigns.engine.sending
    at_once = dict(sending.channels())["email"]
    work = asyncio.create_task(studio.campaigns.engine.work())
    try:
        # Twenty are through, and every hand of this sender is at the mail server's door.
        await until(lambda: len(mail.taken) == 20 and mail.inside == at_once)
        await safety.gate.halting.stop_all(studio.cast.joon)
        assert FRESH < 1.0, "what a process has read of a stop holds for less than a second"
        safety.customs.forget(studio.cast.tenant)
        mail.open()
        await until(lambda: not sending.busy())
        assert (mail.handed, len(mail.taken)) == (20 + at_once, 20 + at_once)
        await safety.gate.halting.resume_all(studio.cast.mina, "고쳤습니다")
        safety.customs.forget(studio.cast.tenant)
        studio.clock.advance(studio.minute)
        await until(lambda: len(mail.taken) >= len(who))
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
    assert sorted(mail.taken) == sorted(f"{one}@listeners.example" for one in who)


async def test_who_unsubscribes_during_a_broadcast_is_left_out_of_the_very_next_claim(studio: Studio) -> None:
    await everybody(studio, 6)
    await launched(studio, kind="once", entry={"audience": MET})
    while await studio.campaigns.engine.occurring.begin():
        pass
    while await studio.campaigns.engine.occurring.let_in():
        pass
    queue = queue_of("email", bulk=True)
    _, first = await studio.campaigns.engine.claiming.step(queue, 3)
    await studio.campaigns.engine.sending.at_once(first)
    got = {letter.to for letter in studio.postbox.taken}
    left = next(f"u-{n}" for n in range(6) if f"u-{n}@listeners.example" not in got)
    await studio.campaigns.set_consent(studio.cast.joon, str(studio.who(left)), False)
    _, rest = await studio.campaigns.engine.claiming.step(queue, 3)
    await studio.campaigns.engine.sending.at_once(rest)
    assert len(studio.postbox.taken) == 5
    assert f"{left}@listeners.example" not in {letter.to for letter in studio.postbox.taken}


async def test_a_campaign_stops_by_itself_at_too_many_failures_and_is_judged_anew_when_it_goes_on(
    studio: Studio,
) -> None:
    await demand(studio, watch={"failed": {"share": 0.2, "least": 10}, "bounced": {"share": 1.0, "least": 10}})
    await everybody(studio, 12)
    studio.postbox.answers.extend(Refused("451 busy") for _ in range(4))
    live = await launched(studio, entry={"trigger": {"event": "Came"}}, kind="triggered")
    await studio.happen("Came", *(f"u-{n}" for n in range(12)))
    await studio.settle()
    watch = studio.campaigns.safety.watch
    assert await watch.tick() == 1
    (campaign, _) = await studio.campaigns.campaign(studio.cast.joon, live.id)
    assert campaign.status == "paused"
    (told,) = await studio.events("Campaign Paused")
    assert (told.properties["reason"], told.properties["by_itself"]) == ("failed", True)
    assert "4" in told.properties["text_ko"]
    assert "limit 20.00%" in told.properties["text_en"]
    # The screen says why, by whom and when; the switch for all comes after what the campaign did itself.
    (halt,) = [(await studio.campaigns.progress(studio.cast.joon, live.id)).halt]
    assert halt == Halted("failed", "watch", studio.clock.now(), True, count=4, of=12, share=4 / 12, most=0.2)
    halting = studio.campaigns.safety.gate.halting
    await halting.stop_all(studio.cast.mina, "주소가 틀렸습니다")
    assert (await studio.campaigns.progress(studio.cast.joon, live.id)).halt == halt
    await studio.campaigns.resume(studio.cast.joon, live.id)
    seen = (await studio.campaigns.progress(studio.cast.joon, live.id)).halt
    assert seen == Halted("switch", studio.cast.mina.actor, studio.clock.now(), False, "주소가 틀렸습니다")
    await halting.resume_all(studio.cast.mina, "고쳤습니다")
    assert (await studio.campaigns.progress(studio.cast.joon, live.id)).halt is None
    await studio.campaigns.pause(studio.cast.joon, live.id)
    by_hand = (await studio.campaigns.progress(studio.cast.joon, live.id)).halt
    assert (by_hand.cause, by_hand.by, by_hand.by_itself) == ("paused", studio.cast.joon.actor, False)
    await studio.campaigns.resume(studio.cast.joon, live.id)
    assert await watch.tick() == 0
    await studio.know(*(f"v-{n}" for n in range(10)))
    studio.postbox.answers.extend(Refused("451 busy") for _ in range(9))
    await studio.happen("Came", *(f"v-{n}" for n in range(10)))
    await studio.settle()
    assert await watch.tick() == 1


async def test_bounces_and_complaints_that_come_back_later_count(studio: Studio) -> None:
    await demand(studio, watch={"complained": {"share": 0.1, "least": 10}, "bounced": {"share": 0.5, "least": 10}})
    await everybody(studio, 12)
    live = await launched(studio, kind="once", entry={"audience": MET})
    await launched(studio, kind="triggered")  # another one, with which nothing is wrong
    await studio.settle()
    sent = await studio.campaigns.messages(studio.cast.joon, live.id, state="sent")
    async with studio.state.begin(studio.cast.tenant) as tx:
        await tx.run("update campaigns.campaign set status = 'live' where id = %s", (live.id,))
        await tx.many(
            "insert into campaigns.response (workspace, message, kind, link, at) values (%s, %s, 'complaint', '', %s)",
            [(studio.cast.tenant.workspace, one.id, studio.clock.now()) for one in sent[:2]],
        )
    assert await studio.campaigns.safety.watch.tick() == 1
    (told,) = await studio.events("Campaign Paused")
    assert (told.properties["reason"], told.properties["campaign"]) == ("complained", live.id)


def test_each_sign_has_its_threshold_and_its_least_number() -> None:
    watching = Watching(Threshold(0.05, 100), Threshold(0.01, 100), Threshold(0.2, 100), 100)
    assert alarm(watching, Seen(sent=99, bounced=99), 0.5) is None
    assert alarm(watching, Seen(sent=100, bounced=5), 0.5) is None
    for seen, sign in (
        (Seen(sent=100, bounced=6), "bounced"), (Seen(sent=100, complained=2), "complained"),
        (Seen(sent=100, failed=30), "failed"), (Seen(control=20, treated=100), "balance"),
    ):  # fmt: skip
        found = alarm(watching, seen, 0.5)
        assert found is not None
        assert found.sign == sign
    assert alarm(watching, Seen(control=45, treated=55), 0.5) is None
    assert alarm(watching, Seen(control=20, treated=100), 0.0) is None
    off = Watching(watching.bounced, watching.complained, watching.failed, 100, False)
    assert alarm(off, Seen(sent=100, bounced=100), 0.5) is None
