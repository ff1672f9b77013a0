"""What signing in is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# `session` is somebody signed in; `second` is owed the second factor, `setup` is owed its setting up: both speak for
# nobody yet. `link` is a letter's or an administrator's way in.
Purpose = Literal["session", "link", "second", "setup"]


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
