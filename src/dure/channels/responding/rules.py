"""When a clock starts, warns, rests and stops, and how much of it has passed. Pure; time is counted in opening hours.

A clock keeps one moment, when it is due. What has passed follows from it: the promise less what is left until then,
or more by what has gone by since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dure.channels.model import Response, ResponseState
from dure.governance.api import Hours, NeverOpen, after, seconds_between

RESPONSE_MINUTES = 60
WARN_AT = 0.8
_NEVER = timedelta(days=3_650)


def timed(clock: Response, hours: Hours, now: datetime, left: float) -> Response:
    """The clock running from `now` with so many open seconds left of its promise."""
    until_warned = left - clock.minutes * 60 * (1 - WARN_AT)
    state: ResponseState = "waiting" if until_warned > 0 else "warned"
    return replace(
        clock, due_at=_after(hours, now, left), warn_at=_after(hours, now, max(until_warned, 0)), state=state,
        paused_at=None, left=None,
    )  # fmt: skip


def rested(clock: Response, hours: Hours, now: datetime) -> Response:
    """The clock standing still, with what is left of it."""
    return replace(clock, state="paused", paused_at=now, left=seconds_between(hours, now, clock.due_at))


def spent(clock: Response, hours: Hours, now: datetime) -> float:
    """Open seconds that somebody has waited, without those in which the clock stood still."""
    promised = clock.minutes * 60
    if clock.left is not None:
        return promised - clock.left
    if now < clock.due_at:
        return promised - seconds_between(hours, now, clock.due_at)
    return promised + seconds_between(hours, clock.due_at, now)


def starts_clock(thread: int | None, running: Sequence[Response]) -> int | None:
    """The thread (0: the conversation) whose clock an outsider's message starts, None where one is running.

    Who asks twice waits since the first time.
    """
    place = thread or 0
    return None if any(_waits_for(clock, thread) for clock in running) else place


def resumes(thread: int | None, running: Sequence[Response]) -> list[Response]:
    """The clocks standing still that an outsider's message sets going again."""
    return [clock for clock in running if clock.state == "paused" and _waits_for(clock, thread)]


def stops_clocks(thread: int | None, running: Sequence[Response]) -> list[Response]:
    """The clocks that a person of the home side stops by writing there.

    At the top level that is the conversation's; in a thread it is the thread's, and the conversation's too where the
    thread hangs on the question or on what was said after it.
    """
    return [clock for clock in running if _waits_for(clock, thread)]


def notices(ts: int, thread: int | None, running: Sequence[Response]) -> list[Response]:
    """The clocks whose question somebody has seen who reacts to a message: the question itself, or what came after."""
    return [clock for clock in running if ts >= clock.asked and (_waits_for(clock, thread) or ts == clock.thread)]


def state_at(clock: Response, now: datetime) -> ResponseState:
    """How a clock that nobody stopped stands at a moment."""
    if clock.state in ("answered", "paused"):
        return clock.state
    if now >= clock.due_at:
        return "overdue"
    return "warned" if now >= clock.warn_at else "waiting"


def _waits_for(clock: Response, thread: int | None) -> bool:
    """Whether what is said there belongs to the clock."""
    if clock.thread == (thread or 0):
        return True
    return thread is not None and clock.thread == 0 and thread >= clock.asked


def _after(hours: Hours, now: datetime, seconds: float) -> datetime:
    """A team that is never open again is not waited for in vain: the clock runs into ten years from now."""
    try:
        return after(hours, now, seconds)
    except NeverOpen:
        return now + _NEVER
