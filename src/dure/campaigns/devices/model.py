"""Devices as they are registered and shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from dure.kernel.errors import Invalid
from dure.web.push import decoded, key_of

MOST = 20
"""So many devices of one person are kept, those seen last."""
_TOKEN = re.compile(r"[A-Za-z0-9_:./+=-]{16,1500}")
_APNS = re.compile(r"[0-9a-fA-F]{32,200}")


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device about to be registered, checked."""

    kind: Literal["web", "fcm", "apns"]
    token: str
    p256dh: bytes = b""
    auth: bytes = b""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """A device as staff see it: not by what it is reached with."""

    id: UUID
    kind: str
    label: str
    distinct_id: str
    added_at: datetime
    seen_at: datetime


def read_device(raw: Mapping[str, Any]) -> NewDevice:
    """A device out of decoded JSON; Invalid names the field.

    A browser sends its `subscription` as it is: `{"endpoint", "keys": {"p256dh", "auth"}}`. Apps send `kind` (fcm,
    apns) and `token`.
    """
    label = str(raw.get("label") or "").replace("\0", "")[:200]
    if "subscription" in raw:
        return _browser(raw["subscription"], label)
    kind, token = raw.get("kind"), raw.get("token")
    if kind not in ("fcm", "apns"):
        raise Invalid("`kind` is fcm or apns; a browser sends its `subscription`.", field="kind")
    if not isinstance(token, str) or not (_APNS if kind == "apns" else _TOKEN).fullmatch(token):
        raise Invalid("`token` is no token of this kind.", field="token")
    return NewDevice(kind, token.lower() if kind == "apns" else token, label=label)


def token_of(raw: Mapping[str, Any]) -> str:
    """Which device is meant: its token, or its browser's endpoint."""
    subscription = raw.get("subscription")
    token = subscription.get("endpoint") if isinstance(subscription, Mapping) else raw.get("token")
    if not isinstance(token, str) or not token or "\0" in token:
        raise Invalid("Name the `token`, or the browser's `subscription`.", field="token")
    return token.lower() if raw.get("kind") == "apns" else token


def _browser(subscription: object, label: str) -> NewDevice:
    keys = subscription.get("keys") if isinstance(subscription, Mapping) else None
    endpoint = subscription.get("endpoint") if isinstance(subscription, Mapping) else None
    if not isinstance(endpoint, str) or len(endpoint) > 1500 or not _leads_out(endpoint):
        raise Invalid("`endpoint` is the https address of a push service.", field="subscription.endpoint")
    if not isinstance(keys, Mapping):
        raise Invalid("A subscription has `keys`.", field="subscription.keys")
    try:
        point, auth = decoded(str(keys.get("p256dh", ""))), decoded(str(keys.get("auth", "")))
        key_of(point)
    except ValueError as error:
        raise Invalid("`p256dh` is no public key.", field="subscription.keys.p256dh") from error
    if len(auth) != 16:
        raise Invalid("`auth` has 16 bytes.", field="subscription.keys.auth")
    return NewDevice("web", endpoint, point, auth, label)


def _leads_out(endpoint: str) -> bool:
    """Whether it is an address at all; the way out decides whether it may be called."""
    try:
        parts = urlsplit(endpoint)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname) and not re.search(r"[\s\x00-\x1f]", endpoint)
