"""What signing in is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# `session` is somebody signed in; `half` is who still owes the second factor, and speaks for nobody. `link` is a
# letter's or an administrator's way in.
Purpose = Literal["session", "link", "half"]
Means = Literal["password", "code", "recovery", "passkey", "provider", "link", "switch", ""]
# What stands between somebody and their session: a second factor they have, or the setting up of one.
Owes = Literal["", "second", "setup"]
Way = Literal["code", "recovery", "passkey"]


@dataclass(frozen=True, slots=True)
class Device:
    """A session as its owner sees it: never its secret. Times are of the hour, `means` is how it was begun."""

    id: str
    workspace: str
    device: str
    means: str
    first: datetime
    last: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody can prove themselves with beside a password."""

    code: bool
    passkeys: int
    recovery: int

    @property
    def any(self) -> bool:
        return self.code or self.passkeys > 0


@dataclass(frozen=True, slots=True)
class Step:
    """Where a way in has led: a secret for the browser, and by which `ways` it goes on where something is owed."""

    secret: str
    owes: Owes = ""
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Passkey:
    id: str
    name: str
    added: datetime
    used: datetime | None
