"""Waiting for another process: looked at now and then, for as long as a busy machine may need and not so many times."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def waited(for_what: Callable[[], T], why: str = "it did not come", *, seconds: float = 120) -> T:
    """The first answer that is true; asked again and again without a pause, it would take the other's time to come."""
    end = time.monotonic() + seconds
    while not (found := for_what()):
        assert time.monotonic() < end, why
        time.sleep(0.02)
    return found
