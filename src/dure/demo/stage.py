"""What a chapter of the story stands on: the doors, the clock, and the words for checking what is read back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from slack_sdk import WebClient

from dure.demo import live
from dure.demo.company import Company
from dure.demo.forum import Forum
from dure.demo.mailbox import Mailbox
from dure.kernel.clock import ShiftedClock

_TRIES = 4


class Untrue(Exception):
    """Something the chapter tells did not happen."""


@dataclass
class Stage:
    """The running server seen from outside, as `company`'s owner, and in `outside` as anybody who is not signed in;
    what chapters tell each other is in `told`."""

    url: str
    company: Company
    clock: ShiftedClock
    mailbox: Mailbox
    forum: Forum
    http: httpx.AsyncClient
    outside: httpx.AsyncClient
    told: dict[str, Any] = field(default_factory=dict)

    def now(self) -> datetime:
        return self.clock.now()

    def pass_time(self, **span: float) -> None:
        """Lets time pass: the server's clock moves on, and what was due is due."""
        self.clock.advance(timedelta(**span))

    def slack(self, token: str = "") -> WebClient:
        """Slack's own client on this server; the company's bot unless another token is given."""
        return WebClient(token=token or self.company.bot_token, base_url=f"{self.url}/slack/api/")

    async def get(self, path: str, **query: Any) -> Any:
        return await self.ask("GET", path, params=query)

    async def post(self, path: str, body: Any = None) -> Any:
        return await self.ask("POST", path, json=body)

    async def ask(self, method: str, path: str, **rest: Any) -> Any:
        """The JSON answer of a door; Untrue with its words where it refuses.

        On a machine with much else to do the database may not answer in time; of such a request nothing was kept, and
        it is made again when the server says."""
        for _ in range(_TRIES):
            answer = await self.http.request(method, path, **rest)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            await asyncio.sleep(float(answer.headers.get("retry-after", 1)))
        if not answer.is_success:
            raise Untrue(f"{method} {path} answered {answer.status_code}: {answer.text[:300]}")
        return answer.json() if answer.content else None

    async def token_of(self, email: str) -> str:
        """A token that speaks for an employee."""
        user = self.company.users[email].user
        made = await self.post("/api/v1/tokens", {"kind": "user", "holder": user, "scopes": ["*"]})
        return str(made["token"])

    async def happen(self, calls: list[dict[str, Any]]) -> None:
        """What listeners do, each call through the source it belongs to."""
        for source, key in (("web", self.company.web_key), ("app", self.company.app_key)):
            await self.send_events(key, [call for call in calls if live.source_of(call) == source])

    async def send_events(self, key: str, calls: list[dict[str, Any]]) -> None:
        """Segment calls with times of the story's own clock, in batches, acknowledged."""
        for start in range(0, len(calls), 200):
            body = {"batch": calls[start : start + 200], "sentAt": self.now().isoformat()}
            answer = await self.http.post("/v1/batch", json=body, auth=(key, ""))
            need(answer.status_code == 200, f"the event door answered {answer.status_code}: {answer.text[:200]}")


def need(truth: object, sentence: str) -> None:
    """Goes on when it is so, raises Untrue with the sentence when not."""
    if not truth:
        raise Untrue(sentence)


async def eventually(
    look: Callable[[], Awaitable[Any]], sentence: str, seconds: float = 30.0, every: float = 0.1
) -> Any:
    """Looks again and again until what is looked for is there; Untrue when it does not come in time."""
    async with asyncio.timeout(seconds + 30):
        ends = asyncio.get_running_loop().time() + seconds
        while True:
            found = await look()
            if found:
                return found
            need(asyncio.get_running_loop().time() < ends, f"{sentence} did not happen within {seconds:.0f} s")
            await asyncio.sleep(every)


def said(response: Any) -> Mapping[str, Any]:
    """What Slack's client was answered, as a mapping."""
    data: Mapping[str, Any] = response.data
    return data
