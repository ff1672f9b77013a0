"""Codes: those that an authenticator shows for half a minute (RFC 6238), and those kept for the day it is lost."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

import segno

STEP = 30
DIGITS = 6
# A clock may be one step off, and a code be typed as it runs out.
_DRIFT = 1
RECOVERY_CODES = 10


def code_at(secret: bytes, step: int, *, digits: int = DIGITS, algorithm: str = "sha1") -> str:
    """The code of a step (RFC 4226, section 5.3)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), algorithm)
    at = mac[-1] & 15
    number = int.from_bytes(mac[at : at + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(moment: datetime) -> int:
    return int(moment.timestamp()) // STEP


def matching_step(secret: bytes, code: str, now: datetime, after: int) -> int | None:
    """The step whose code this is, none that is not later than `after`: a code counts once."""
    given, here = code.replace(" ", ""), step_of(now)
    if len(given) != DIGITS or not given.isascii() or not given.isdigit():
        return None
    found = None
    for step in range(here - _DRIFT, here + _DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step), given) and step > after:
            found = step
    return found


def new_secret() -> bytes:
    return secrets.token_bytes(20)


def written(secret: bytes) -> str:
    """As people type it where no camera is."""
    return base64.b32encode(secret).decode().rstrip("=")


def uri(secret: bytes, account: str, issuer: str) -> str:
    """What an authenticator reads from the picture."""
    label = quote(f"{issuer}:{account}", safe="@")
    return f"otpauth://totp/{label}?{urlencode({'secret': written(secret), 'issuer': issuer})}"


def picture(text: str) -> str:
    """A QR code as SVG: dark on light in every theme, for cameras do not read it otherwise."""
    return segno.make(text, error="m").svg_inline(scale=4, border=3, dark="#000", light="#fff", omitsize=True)


def new_recovery_codes() -> list[str]:
    """Eighty random bits each, in groups that can be read out."""
    made = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in made]


def recovery_digest(code: str) -> bytes:
    return hashlib.sha256("".join(c for c in code.casefold() if c.isalnum()).encode()).digest()
