"""Asking an app what a person did, and its word within three seconds: commands, and all that is interactive.

What goes by a socket goes by the queue, because the socket may be in another process: the answer comes back by the row.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import uuid4

import msgspec

from dure.channels.apps.model import Installation
from dure.channels.apps.store import installations
from dure.channels.delivery import notices
from dure.channels.delivery.calling import FORM, Calling
from dure.channels.delivery.model import New, Way
from dure.channels.delivery.rules import ACK, address_of, summary
from dure.channels.plugs import Answer
from dure.channels.rules import clean
from dure.channels.store import deliveries, sockets
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.state import State

Question = Literal["slash_commands", "interactive"]


class AppAsking:
    """Fills `plugs.Asking`."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, calling: Calling,
        seconds: float = ACK.total_seconds(),
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._calling = calling
        self._seconds = seconds
        self._waiting: dict[int, asyncio.Event] = {}

    def answered(self, ids: Sequence[int]) -> None:
        """These were answered, or have failed, wherever that was."""
        for one in ids:
            if one in self._waiting:
                self._waiting[one].set()

    def look_again(self) -> None:
        """Word of an answer may have been missed."""
        self.answered([*self._waiting])

    async def ask(self, app: str, workspace: str, kind: Question, payload: Mapping[str, Any]) -> Answer:
        """Sends an app what a person did, over its socket or to its URL, and waits at most three seconds."""
        tenant = (await self._governance.workspace(Tenant("", workspace))).tenant
        async with self._state.begin(tenant) as tx:
            apps = await installations(tx, self._governance, tenant)
            found = next((one for one in apps if one.app == app), None)
        if found is None:
            return Answer(False, why="not_installed")
        return await (self._by_socket if found.socket_mode else self._by_address)(found, kind, payload)

    async def _by_socket(self, app: Installation, kind: Question, payload: Mapping[str, Any]) -> Answer:
        told = _new(app, kind, payload, "socket")
        async with self._state.begin(Tenant(app.org, app.workspace)) as tx:
            await tx.run("set local synchronous_commit = off")  # a question that a crash loses is not answered anyway
            if not await sockets.count(tx, app.app):
                await deliveries.add(tx, [replace(told, state="dropped", why="no_connection")], self._clock.now())
                return Answer(False, why="no_connection")
            [asked] = await deliveries.add(tx, [told], self._clock.now())
            await notices.tell(tx, apps=[app.app])
            heard = self._waiting[asked] = asyncio.Event()  # before the commit: no answer is faster than this
        try:
            async with asyncio.timeout(self._seconds):
                while True:
                    await heard.wait()
                    heard.clear()
                    if (answer := await self._outcome(app, asked)) is not None:
                        return answer
        except TimeoutError:
            return await self._give_up(app, asked)
        finally:
            del self._waiting[asked]

    async def _outcome(self, app: Installation, asked: int) -> Answer | None:
        """What became of a question; None while nobody has answered it and somebody may."""
        async with self._state.begin(Tenant(app.org, app.workspace)) as tx:
            row = await deliveries.answer_of(tx, asked)
        if row is None or row["state"] in ("waiting", "sent"):
            return None
        if row["state"] == "acknowledged":
            return Answer(True, json.loads(row["answer"]) if row["answer"] else None)
        return Answer(False, why=row["why"])

    async def _give_up(self, app: Installation, asked: int) -> Answer:
        async with self._state.begin(Tenant(app.org, app.workspace)) as tx:
            await deliveries.give_up(tx, asked, "timeout", self._clock.now())
        return await self._outcome(app, asked) or Answer(False, why="timeout")

    async def _by_address(self, app: Installation, kind: Question, payload: Mapping[str, Any]) -> Answer:
        """A command goes as a flat form, all else as JSON in a form's `payload`."""
        url = address_of(app, kind, payload)
        told = _new(app, kind, payload, "http")
        if not url:
            return Answer(False, why="no_address")
        form = payload if kind == "slash_commands" else {"payload": told.body}
        body = urlencode({name: _text(value) for name, value in form.items()}).encode()
        outcome = await self._calling.call(app, url, body, FORM)
        now = self._clock.now()
        async with self._state.begin(Tenant(app.org, app.workspace)) as tx:
            [asked] = await deliveries.add(tx, [replace(told, state="dropped", why=outcome.why)], now)
            await deliveries.was_called(tx, asked, ok=not outcome.why, now=now)
        return Answer(not outcome.why, outcome.body, outcome.why, outcome.status)


def _new(app: Installation, kind: Question, payload: Mapping[str, Any], way: Way) -> New:
    return New(
        str(uuid4()), app.app, app.org, app.workspace, kind, way, summary(payload),
        msgspec.json.encode(clean(dict(payload))).decode(),
    )  # fmt: skip


def _text(value: Any) -> str:
    """A value in a form: flags are `true` and `false` there."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
