"""The loop that pushes: takes notices that are due, then tells each of the person's browsers."""

from __future__ import annotations

import asyncio
import json

import structlog

from dure.automation.plugs import Outgoing
from dure.channels.notice import devices, store
from dure.channels.notice.model import Device, Notice
from dure.channels.notice.reading import lines_of, people_of
from dure.channels.notice.wording import Line, path, title
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.kernel.errors import NotAllowed
from dure.kernel.tenant import Tenant
from dure.state import State
from dure.web.push import MOST, Sender, encrypted

log = structlog.get_logger("dure.channels.notice")

_SECONDS = 10.0


class Pushing:
    def __init__(self, state: State, clock: Clock, governance: Governance, outgoing: Outgoing, sender: Sender) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._outgoing = outgoing
        self._sender = sender

    async def tick(self) -> int:
        """Pushes what is due; how many notices were taken. They are marked before anything goes out, so that a crash
        loses one rather than telling it twice; it is still there to be read, and in the next letter."""
        async with self._state.begin_system() as tx:
            taken = await store.take_push(tx, self._clock.now())
            lines = await lines_of(tx, self._governance, taken)
            own = await devices.of(tx, sorted({one.account for one in taken}))
            spaces = sorted({one.workspace for one in taken})
            people = {user: it for space in spaces
                      for user, it in (await people_of(tx, self._governance, space)).items()}  # fmt: skip
        sends = [
            self._send(line, device, people[line.notice.account].language or "ko")
            for line in lines for device in own
            if device.account == line.notice.account and device.workspace == line.notice.workspace
            and line.notice.account in people and not people[line.notice.account].deleted
        ]  # fmt: skip
        outcome = await asyncio.gather(*sends)
        failed = {(one.account, one.channel, one.ts): one for one, arrived in outcome if not arrived}
        reached = {(one.account, one.channel, one.ts) for one, arrived in outcome if arrived}
        async with self._state.begin_system() as tx:
            for key, notice in failed.items():
                if key not in reached:
                    await store.push_failed(tx, notice)
        return len(taken)

    async def _send(self, line: Line, device: Device, language: str) -> tuple[Notice, bool]:
        body = encrypted(_payload(line, language), device.p256dh, device.auth)
        tenant = Tenant(line.notice.org, line.notice.workspace)
        headers = self._sender.headers(device.endpoint, self._clock.now())
        try:
            answer = await self._outgoing.send(tenant, "POST", device.endpoint, headers, body, _SECONDS)
        except (OSError, NotAllowed) as error:
            log.warning("channels.push_not_sent", device=str(device.id), error=str(error)[:200])
            return line.notice, False
        if answer.status in (404, 410):
            # The browser has let the subscription go; it will never answer again.
            async with self._state.begin_system() as tx:
                await devices.remove(tx, device.account, device.id)
        elif not 200 <= answer.status < 300:
            log.warning("channels.push_refused", device=str(device.id), status=answer.status, said=answer.text[:200])
        return line.notice, 200 <= answer.status < 300


def _payload(line: Line, language: str) -> bytes:
    told = {"title": title(line, language)[:160], "body": line.text, "url": path(line.notice),
            "tag": line.notice.channel}  # fmt: skip
    raw = json.dumps(told, ensure_ascii=False).encode()
    if len(raw) > MOST:
        raw = json.dumps({**told, "body": line.text[:200]}, ensure_ascii=False).encode()
    return raw
