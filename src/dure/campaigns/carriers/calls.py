"""SMS and webhooks: a call to a provider's address, signed as automations sign theirs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec

from dure.automation.plugs import Answer, Outgoing, Unreached, sign
from dure.campaigns.carriers.body import body_of, found, headers_of
from dure.campaigns.carriers.model import Provider, answered
from dure.campaigns.carriers.providers import Providers
from dure.campaigns.model import Recipient
from dure.campaigns.numbers import international
from dure.campaigns.plugs import Accepted, Delivery, Parcel, Refused, Unknown
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotAllowed
from dure.kernel.tenant import Tenant

_SECONDS = 20.0
_BUSY = 30.0


class Caller:
    """One signed POST through the guarded way out."""

    def __init__(self, clock: Clock, outgoing: Outgoing, signing_key: bytes) -> None:
        self._clock = clock
        self._outgoing = outgoing
        self._signing_key = signing_key

    async def call(
        self, tenant: Tenant, provider: Provider, key: str, body: bytes, kind: str, headers: dict[str, str]
    ) -> Answer | Delivery:
        seconds = str(int(self._clock.now().timestamp()))
        signature = sign(self._signing_key, tenant.workspace, seconds, body)
        sent = {
            "Content-Type": kind, **headers, "Idempotency-Key": key, "Dure-Signature": f"t={seconds},v1={signature}",
        }  # fmt: skip
        try:
            return await self._outgoing.send(tenant, "POST", provider.settings["url"], sent, body, _SECONDS)
        except (NotAllowed, Invalid) as error:
            return Refused(error.message, permanent=True, reached=False)
        except Unreached as error:
            return Refused(str(error)[:300], reached=False)
        except OSError as error:
            return Unknown(str(error)[:300])

    def meant(self, answer: Answer, *, reference: str = "") -> Delivery:
        """What a status means where the provider has no words of its own."""
        return answered(answer.status, answer.text, answer.headers, self._clock.now(), reference=reference, shared=True)


class SmsCarrier:
    """Any provider that takes messages by HTTP: what it is sent and what its answers mean are settings."""

    channel = "sms"

    def __init__(self, caller: Caller, providers: Providers) -> None:
        self._caller = caller
        self._providers = providers

    def address(self, recipient: Recipient) -> str:
        return recipient.phone

    async def carry(self, tenant: Tenant, parcel: Parcel) -> Delivery:
        provider = await self._providers.of(tenant, "sms")
        if provider is None:
            return Refused("No provider is set for SMS.", reached=False)
        settings = provider.settings
        to = international(parcel.address, settings.get("country", ""))
        if not to:
            return Refused(f"{parcel.address} has no country; set `country`.", permanent=True, reached=False)
        values = {
            "to": to, "text": parcel.content.text, "key": parcel.key, "sender": settings.get("sender", ""),
            "secret": provider.secret,
        }  # fmt: skip
        made: Any = body_of(settings.get("body", ""), values)
        form = settings.get("form") == "yes" and isinstance(made, dict)
        body = urlencode(made).encode() if form else msgspec.json.encode(made)
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        headers = headers_of(settings.get("headers", ""), values)
        answer = await self._caller.call(tenant, provider, parcel.key, body, kind, headers)
        return self._read(answer, provider) if isinstance(answer, Answer) else answer

    def _read(self, answer: Answer, provider: Provider) -> Delivery:
        """The provider's own code decides where it gave one that is known; many answer 200 to everything."""
        settings = provider.settings
        reference = found(answer.json, settings["reference"]) if settings.get("reference") else ""
        code = found(answer.json, settings["code"]) if settings.get("code") else ""
        told = f"{answer.status} {code} {answer.text}"[:300]
        if code and code in _codes(settings.get("gone", "")):
            return Refused(told, permanent=True, gone=True)
        if code and code in _codes(settings.get("retry", "")):
            return Refused(told, retry_after=_BUSY)
        if settings.get("ok") and 200 <= answer.status < 300:
            if code in _codes(settings["ok"]):
                return Accepted(reference or code)
            return Refused(told, permanent=True)
        return self._caller.meant(answer, reference=reference)


class WebhookCarrier:
    """A company's own address that does with a message what only it can."""

    channel = "webhook"

    def __init__(self, caller: Caller, providers: Providers) -> None:
        self._caller = caller
        self._providers = providers

    def address(self, recipient: Recipient) -> str:
        return recipient.distinct_id

    async def carry(self, tenant: Tenant, parcel: Parcel) -> Delivery:
        provider = await self._providers.of(tenant, "webhook")
        if provider is None:
            return Refused("No provider is set for webhooks.", reached=False)
        headers = headers_of(provider.settings.get("headers", ""), {"secret": provider.secret, "key": parcel.key})
        body = parcel.content.text.encode()
        kind = "application/json" if _is_json(body) else "text/plain; charset=utf-8"
        answer = await self._caller.call(tenant, provider, parcel.key, body, kind, headers)
        return self._caller.meant(answer) if isinstance(answer, Answer) else answer


def _codes(text: str) -> set[str]:
    return {one.strip() for one in text.split(",") if one.strip()}


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body)
    except msgspec.DecodeError:
        return False
    return True
