"""One open socket of an app: what waits to be written to it, what it has not acknowledged, why it must close."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from starlette.websockets import WebSocket, WebSocketDisconnect

from dure.channels.delivery.model import Sent
from dure.channels.delivery.rules import ACK, envelope

Reason = Literal["warning", "refresh_requested", "too_many_websockets", "link_disabled"]

# So many envelopes may be on their way to a socket without an acknowledgement.
WINDOW = 100
# A reader that does not take one frame in this time is cut: what it has not acknowledged goes to another.
_SLOW = 5.0


@dataclass(eq=False, slots=True)
class Line:
    """All methods belong to the event loop's thread. `refresh_at` is when it is asked to come again, by `loop.time`."""

    id: str
    app: str
    token: str
    ws: WebSocket
    refresh_at: float
    in_hand: dict[str, tuple[Sent, datetime]] = field(default_factory=dict)
    leaving: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    _texts: deque[str] = field(default_factory=deque)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def open(self) -> bool:
        return not self.leaving and not self.ended.is_set()

    @property
    def room(self) -> int:
        """How many events it may have beside those that it has."""
        return max(0, WINDOW - len(self.in_hand)) if self.open else 0

    def say(self, text: str) -> None:
        self._texts.append(text)
        self._wake.set()

    def give(self, sent: Sent, now: datetime) -> None:
        self.in_hand[sent.envelope] = (sent, now)
        self.say(envelope(sent.kind, sent.envelope, sent.body, sent.attempts, sent.why))

    def forget_late(self, now: datetime) -> bool:
        """What was not acknowledged in time is not this socket's any more; whether there was anything."""
        late = [one for one, (_, at) in self.in_hand.items() if now - at >= ACK]
        for one in late:
            del self.in_hand[one]
        return bool(late)

    def ask_to_leave(self, reason: Reason, host: str) -> None:
        """Tells the app to open another socket; it may still acknowledge here what it has."""
        if not self.leaving:
            self.leaving = True
            self.say(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": host}}))

    async def write(self) -> None:
        """Writes until the socket is gone or too slow."""
        while True:
            while self._texts:
                try:
                    async with asyncio.timeout(_SLOW):
                        await self.ws.send_text(self._texts[0])
                except (TimeoutError, WebSocketDisconnect, RuntimeError, OSError):
                    return
                self._texts.popleft()
            self._wake.clear()
            await self._wake.wait()

    async def read(self) -> tuple[str, str | None] | None:
        """The next acknowledgement: an envelope and its payload as JSON; None once the socket is gone."""
        while True:
            try:
                found = _acknowledgement(await self.ws.receive_text())
            except (WebSocketDisconnect, RuntimeError):
                return None
            except KeyError:  # a binary frame
                continue
            if found is not None:
                return found


def _acknowledgement(text: str) -> tuple[str, str | None] | None:
    """What is no acknowledgement is passed over, as Slack does."""
    try:
        said = json.loads(text)
        one = str(UUID(said["envelope_id"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    payload = said.get("payload")
    if payload is None:
        return one, None
    return one, json.dumps(payload)  # in ASCII: it may hold what PostgreSQL and UTF-8 do not take
