"""Providers and devices as values, and what their answers mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal
from uuid import UUID

from dure.campaigns.plugs import Accepted, Delivery, Refused, Unknown

PUSH_KEPT = 24 * 60 * 60
"""For how many seconds push services keep what a device that is off has not fetched."""
_LONGEST = 24 * 60 * 60.0
_BUSY = 30.0


@dataclass(frozen=True, slots=True)
class Provider:
    """What a workspace has set for one way out. `secret` lies encrypted in the database."""

    kind: str
    settings: Mapping[str, str]
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Target:
    """A device with what pushes need of it: `token` is a browser's endpoint or an app's; the keys are a browser's."""

    id: UUID
    kind: Literal["web", "fcm", "apns"]
    token: str = field(repr=False)
    p256dh: bytes = b""
    auth: bytes = field(default=b"", repr=False)


def answered(
    status: int, told: str, headers: Mapping[str, str], now: datetime, *, reference: str = "", gone: bool = False,
    shared: bool = False,
) -> Delivery:  # fmt: skip
    """What a provider's HTTP status means where it has no words of its own.

    429 and 503 say that nothing was taken; after any other 5xx nobody can say, so that it counts as unknown. `shared`
    where a limit is the provider's own, whoever messages are for; others have one for each device.
    """
    told = f"{status} {told}".strip()[:300]
    if 200 <= status < 300:
        return Accepted(reference or str(status))
    if gone:
        return Refused(told, permanent=True, gone=True)
    if status in (425, 429, 503):
        return Refused(told, retry_after=retry_after(headers, now) or _BUSY, busy=shared and status != 425)
    return Unknown(told) if status >= 500 else Refused(told, permanent=True)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds from a Retry-After header, which is a number or a date; None without one that can be read."""
    text = headers.get("retry-after", "").strip()
    if text.isdigit():
        return min(float(text), _LONGEST)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 1.0), _LONGEST)


def fitting(payload: Callable[[str], bytes], text: str, most: int) -> bytes | None:
    """What `payload` makes of the text, the text cut where it would be more than `most` bytes; None where even that
    does not help."""
    made = payload(text)
    while len(made) > most and text:
        # A letter is up to four bytes, and quoted it may be more: come near in steps.
        text = text[: -max(1, (len(made) - most) // 6)].rstrip()
        made = payload(text + "…")
    return made if len(made) <= most else None
