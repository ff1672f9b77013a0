"""Senders for the kill test: `python -m tests.campaigns.worker URL PORT` forks one for each line on its standard input
and says its process id. The line says at which boundary it dies, and the how-manieth time it gets there.

Forked of a process that has read the program already, so that two hundred lives are a matter of minutes.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from dure.campaigns.api import Campaigns
from dure.campaigns.design import Messaging
from dure.campaigns.model import Campaign, Item, Letter, Recipient
from dure.campaigns.plugs import Content, Delivery
from dure.campaigns.writing import Writer
from dure.connectors.smtp import SmtpMailer
from dure.feed.api import Bell
from dure.governance.api import Governance
from dure.kernel.clock import SystemClock
from dure.log.api import Log
from dure.people.api import People
from dure.segments.api import Segments
from dure.state import State

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


class DyingWriter(Writer):
    """Writing comes after the claim was committed."""

    death: Death

    def compose(
        self, campaign: Campaign, node: Messaging, to: Recipient, items: Sequence[Item], *, language: str, out_url: str
    ) -> Content:  # fmt: skip
        self.death.at("claimed")
        return super().compose(campaign, node, to, items, language=language, out_url=out_url)


async def work(url: str, port: int, boundary: str, count: int) -> None:
    state, clock, log = State(url, connections=8), SystemClock(), Log("chdb:///nowhere")
    await state.open()
    governance, death = Governance(state, clock), Death(boundary, count)
    people = People(state, log, clock)
    mailer = DyingMailer(SmtpMailer("127.0.0.1", port, seconds=0.4), death)
    writer = DyingWriter(clock)
    writer.death = death
    campaigns = Campaigns(
        state, log, clock, governance, Segments(state, log, clock, governance, people=people), people, mailer,
        sender="hello@sorimaru.example", site="https://dure.example", writing=writer, lease=LEASE,
    )  # fmt: skip
    gate: Any = campaigns.engine.gate
    noting: Any = campaigns.engine.noting
    gate.look = dying(gate.look, death, "", "looking")  # within the transaction that claims
    noting.note = dying(noting.note, death, "noting", "noted")
    bell = Bell(state)
    await asyncio.gather(bell.run(), campaigns.engine.follow(bell), campaigns.engine.work())


def dying(act: Callable[..., Awaitable[Any]], death: Death, before: str, after: str) -> Callable[..., Awaitable[Any]]:
    async def acting(*given: Any) -> Any:
        death.at(before)
        answer = await act(*given)
        death.at(after)
        return answer

    return acting


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
