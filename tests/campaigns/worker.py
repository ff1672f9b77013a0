"""Senders for the kill test: `python -m tests.campaigns.worker URL PORT` forks one for each line on its standard input
and says its process id. The line says at which boundary it dies, and the how-manieth time it gets there.

Forked of a process that has read the program already, so that two hundred lives are a matter of minutes.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dure.campaigns.letter import Letters

from dure.campaigns.api import Campaigns
from dure.campaigns.design import Messaging
from dure.campaigns.journeys.looking import Checks
from dure.campaigns.journeys.noting import Done
from dure.campaigns.model import Campaign, Item, Letter, Recipient, Verdict
from dure.campaigns.plugs import Content, Delivery
from dure.connectors.smtp import SmtpMailer
from dure.feed.api import Bell
from dure.governance.api import Governance, Principal
from dure.kernel.clock import SystemClock
from dure.kernel.seal import Seal
from dure.log.api import Log
from dure.people.api import People
from dure.segments.api import Segments
from dure.state import State, Tx

LEASE = 1.0
BOUNDARIES = ("looking", "claimed", "network", "taken", "noting", "noted")
"""Within the claiming transaction; with the claim committed; before the network; the server took it; before the outcome
is written down; after it was."""


class Death:
    """Kills this process the n-th time that it comes to a boundary."""

    def __init__(self, boundary: str, count: int) -> None:
        self._boundary = boundary
        self._left = count

    def at(self, boundary: str) -> None:
        if boundary == self._boundary:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)


class DyingMailer:
    def __init__(self, mailer: SmtpMailer, death: Death) -> None:
        self._mailer, self._death = mailer, death

    async def send(self, letter: Letter, key: str) -> Delivery:
        self._death.at("network")
        answer = await self._mailer.send(letter, key)
        self._death.at("taken")
        return answer


class DyingLetters(Letters):
    """Writing comes after the claim was committed."""

    death: Death

    def compose(
        self, campaign: Campaign, node: Messaging, to: Recipient, items: Sequence[Item], *, language: str, out_url: str
    ) -> Content:  # fmt: skip
        self.death.at("claimed")
        return super().compose(campaign, node, to, items, language=language, out_url=out_url)


class DyingGate(Checks):
    """The gate is asked within the transaction that claims. It lets everybody through, as often as they come."""

    death: Death

    async def look(
        self, tx: Tx, principal: Principal, campaign: Campaign, node: Messaging, recipients: Sequence[Recipient],
        now: datetime,
    ) -> list[Verdict]:  # fmt: skip
        found = await super().look(tx, principal, campaign, node, recipients, now)
        self.death.at("looking")
        return found


async def work(url: str, port: int, boundary: str, count: int) -> None:
    state, clock, log = State(url, connections=8), SystemClock(), Log("chdb:///nowhere")
    await state.open()
    governance, death = Governance(state, clock), Death(boundary, count)
    people = People(state, log, clock)
    mailer = DyingMailer(SmtpMailer("127.0.0.1", port, seconds=0.4), death)
    letters, gate = DyingLetters(mailer, "hello@sorimaru.example"), DyingGate(Seal(bytes(32)))
    letters.death = gate.death = death
    campaigns = Campaigns(
        state, log, clock, governance, Segments(state, log, clock, governance, people=people), people, mailer,
        sender="hello@sorimaru.example", site="https://dure.example", gate=gate, writing=letters, lease=LEASE,
    )  # fmt: skip
    note = campaigns.engine.noting.note

    async def noting(done: Sequence[Done]) -> None:
        death.at("noting")
        await note(done)
        death.at("noted")

    told: Any = campaigns.engine.noting
    told.note = noting
    bell = Bell(state)
    await asyncio.gather(bell.run(), campaigns.engine.follow(bell), campaigns.engine.work())


def fork_on_demand(url: str, port: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        worker = os.fork()
        if not worker:
            boundary, count = line.split()
            asyncio.run(work(url, port, boundary, int(count)))
            os._exit(0)
        print(worker, flush=True)  # noqa: T201


if __name__ == "__main__":
    fork_on_demand(sys.argv[1], int(sys.argv[2]))
