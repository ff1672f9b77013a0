"""One call of an app's address: signed, within three seconds, through the guarded way out; what came of it is a value.

The reasons are Slack's words for why something is sent again (`X-Slack-Retry-Reason`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import httpx

from dure.automation.plugs import Answer as Answered
from dure.automation.plugs import Outgoing
from dure.channels.apps.model import Installation
from dure.channels.delivery.rules import ACK, signed
from dure.kernel.clock import Clock
from dure.kernel.errors import NotAllowed
from dure.kernel.tenant import Tenant

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
_REDIRECTS = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """`why` is empty where the address answered 2xx. `last`: it does not want to be asked again, or cannot be."""

    why: str
    status: int = 0
    body: Any = None
    last: bool = False


@dataclass(frozen=True, slots=True)
class Calling:
    outgoing: Outgoing
    clock: Clock
    seconds: float = ACK.total_seconds()

    async def call(
        self, app: Installation, url: str, body: bytes, kind: str, more: Mapping[str, str] | None = None
    ) -> Outcome:
        """POSTs a body of a content type to an app's address."""
        headers = {
            "Content-Type": kind, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", "Accept": "*/*",
            **signed(app.signing_secret, body, self.clock.now()), **(more or {}),
        }  # fmt: skip
        try:
            async with asyncio.timeout(self.seconds):
                answer = await self._follow(Tenant(app.org, app.workspace), url, headers, body)
        except TimeoutError:
            return Outcome("http_timeout")
        except NotAllowed:
            return Outcome("address_refused", last=True)
        except OSError as error:
            return Outcome(_reason(error))
        except (httpx.InvalidURL, ValueError):  # where a redirect leads to may be anything
            return Outcome("unknown_error")
        if answer is None:
            return Outcome("too_many_redirects")
        if not 200 <= answer.status < 300:
            return Outcome("http_error", answer.status, last=answer.headers.get("x-slack-no-retry") == "1")
        return Outcome("", answer.status, _said(answer))

    async def _follow(self, tenant: Tenant, url: str, headers: Mapping[str, str], body: bytes) -> Answered | None:
        """The answer at the end of at most two redirects, each checked like the first address; None beyond."""
        for _ in range(_REDIRECTS + 1):
            answer = await self.outgoing.send(tenant, "POST", url, headers, body, self.seconds)
            place = answer.headers.get("location", "")
            if answer.status not in (301, 302, 303, 307, 308) or not place:
                return answer
            url = urljoin(url, place)
        return None


def _reason(error: OSError) -> str:
    text = f"{error} {error.__cause__!r}".lower()
    if "timeout" in text or "timed out" in text:
        return "http_timeout"
    return "ssl_error" if "certificate" in text or "ssl" in text else "connection_failed"


def _said(answer: Answered) -> Any:
    """An acknowledgement's payload: what JSON says, a text, or None for nothing."""
    if answer.json is not None:
        return answer.json
    return answer.text or None
