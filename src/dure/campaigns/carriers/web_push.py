"""Pushes to browsers through their makers' services, which cannot read them (RFC 8291, RFC 8292)."""

from __future__ import annotations

import json
from uuid import UUID

from dure.automation.plugs import Outgoing, Unreached
from dure.campaigns.carriers.model import PUSH_KEPT, Provider, Target, answered, fitting
from dure.campaigns.plugs import Content, Delivery, Refused, Unknown
from dure.kernel.clock import Clock
from dure.kernel.errors import NotAllowed
from dure.kernel.tenant import Tenant
from dure.web.push import MOST, Sender, encrypted

_SECONDS = 15.0


class WebPusher:
    """`sender` is the server as push services know it; sites give its public key to `PushManager.subscribe`."""

    kind = "web"

    def __init__(self, clock: Clock, outgoing: Outgoing, sender: Sender) -> None:
        self._clock = clock
        self._outgoing = outgoing
        self._sender = sender

    async def push(self, tenant: Tenant, provider: Provider, to: Target, content: Content, key: str) -> Delivery:
        del provider
        body = fitting(lambda text: _payload(content, text, key), content.text, MOST)
        if body is None:
            return Refused(f"A push has at most {MOST:,} bytes.", permanent=True)
        now = self._clock.now()
        headers = {**self._sender.headers(to.token, now), "TTL": str(PUSH_KEPT), "Topic": UUID(key).hex}
        try:
            answer = await self._outgoing.send(
                tenant, "POST", to.token, headers, encrypted(body, to.p256dh, to.auth), _SECONDS
            )
        except NotAllowed as error:
            return Refused(error.message, permanent=True, reached=False)
        except Unreached as error:
            return Refused(str(error)[:300], reached=False)
        except OSError as error:
            return Unknown(str(error)[:300])
        return answered(
            answer.status, answer.text, answer.headers, now, gone=answer.status in (404, 410),
            reference=answer.headers.get("location", ""),
        )  # fmt: skip


def _payload(content: Content, text: str, key: str) -> bytes:
    told = {"title": content.title, "body": text, "url": content.url, "image": content.image, "message": key}
    return json.dumps({name: value for name, value in told.items() if value}, ensure_ascii=False).encode()
