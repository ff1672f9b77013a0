"""When a failed step is tried again, and when there is no point."""

from __future__ import annotations

import random
from datetime import timedelta

from dure.kernel.errors import DureError, Invalid, Malformed, NotAllowed, TooLarge, TooMany

ATTEMPTS = 5
LOST = 25
"""So often a step may lose its worker."""
_LONGEST = timedelta(hours=1)
# The same call would be refused again, however often it is made.
_HOPELESS = (Invalid, Malformed, NotAllowed, TooLarge)


def hopeless(error: BaseException) -> bool:
    """Whether trying again cannot help."""
    return isinstance(error, _HOPELESS)


def pause(attempts: int, error: BaseException, rng: random.Random) -> timedelta:
    """2^n seconds, half to one and a half of it by chance so that many do not come back at once; at most an hour."""
    seconds = min(2.0 ** min(attempts, 20), _LONGEST.total_seconds()) * (0.5 + rng.random())
    if isinstance(error, TooMany):
        seconds = max(seconds, float(error.retry_after))
    return timedelta(seconds=seconds)


def sentence(error: BaseException) -> str:
    """What a person reads about it."""
    if isinstance(error, DureError):
        return error.message if error.field is None else f"{error.message} ({error.field})"
    if isinstance(error, TimeoutError):
        return str(error) or "It took too long."
    return f"{type(error).__name__}: {error}"[:2000]
