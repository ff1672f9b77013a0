"""Clocks' decisions without I/O: which policy holds, and what starting, pausing, re-timing and stopping make of a
clock. Every moment is clamped to where the clock stands, so that what is told late turns nothing back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dure.governance.api import Hours, NeverOpen, after, seconds_between
from dure.governance.model import FUNCTIONS
from dure.kernel.errors import Invalid
from dure.social.care.model import PRIORITIES, Conversation
from dure.social.clocks.model import PROMISED, Outcome, Policy, ResponseClock, Setting

WARNED = 0.8
"""The share of its time after which a clock warns."""
_MOST, _NAME, _LONGEST = 50, 60, 60 * 24 * 60
SENDINGS = ("off", "ask", "reply", "email")


def policy_of(setting: Setting, talk: Conversation, tier: str) -> Policy | None:
    """The first policy that fits."""
    for one in setting.policies:
        if (
            (not one.teams or talk.team in one.teams)
            and (not one.priorities or talk.priority in one.priorities)
            and (not one.networks or talk.network in one.networks)
            and (not one.tiers or tier.lower() in [known.lower() for known in one.tiers])
        ):
            return one
    return None


def aimed(clock: ResponseClock, policy: Policy | None, setting: Setting) -> ResponseClock:
    """With what a policy says of its kind; `timed` is what makes times of it."""
    minutes = setting.silent if clock.kind == "agent" else policy.minutes(clock.kind) if policy else None
    target = None if minutes is None else minutes * 60
    return replace(clock, target=target, policy=policy.id if policy and clock.kind in PROMISED else "")


def timed(clock: ResponseClock, hours: Hours) -> ResponseClock:
    """With its warning and due times as they follow from what is left."""
    if clock.running_at is None or clock.target is None:
        return replace(clock, warn_at=None, due_at=None)
    warn_at = _in(hours, clock.running_at, clock.target * WARNED - clock.spent)
    return replace(clock, warn_at=warn_at, due_at=_in(hours, clock.running_at, clock.target - clock.spent))


def paused(clock: ResponseClock, hours: Hours, at: datetime) -> ResponseClock:
    if clock.running_at is None:
        return clock
    at = max(at, clock.running_at)
    return replace(
        clock, running_at=None, warn_at=None, due_at=None,
        spent=clock.spent + seconds_between(hours, clock.running_at, at),
        passed=clock.passed + (at - clock.running_at).total_seconds(),
    )  # fmt: skip


def resumed(clock: ResponseClock, hours: Hours, at: datetime) -> ResponseClock:
    if clock.running_at is not None or clock.stopped_at is not None:
        return clock
    return timed(replace(clock, running_at=max(at, clock.started_at)), hours)


def moved(clock: ResponseClock, was: Hours, hours: Hours, at: datetime) -> ResponseClock:
    """From now on by another calendar; what was spent was spent in the old one."""
    if clock.running_at is None or was == hours:
        return timed(clock, hours)
    at = max(at, clock.running_at)
    return resumed(paused(clock, was, at), hours, at)


def stopped(clock: ResponseClock, hours: Hours, at: datetime, outcome: Outcome, agent: str) -> ResponseClock:
    at = max(at, clock.running_at or clock.started_at)
    return replace(paused(clock, hours, at), stopped_at=at, outcome=outcome, agent=agent)


def _in(hours: Hours, at: datetime, seconds: float) -> datetime | None:
    try:
        return after(hours, at, max(seconds, 0.0))
    except NeverOpen:
        return None  # not within ten years: there is nothing to warn of


def setting_of(told: Mapping[str, Any], version: int) -> Setting:
    """A setting from what a screen sends, with the field that is wrong."""
    if len(told["policies"]) > _MOST:
        raise Invalid(f"At most {_MOST} policies can be kept.", field="policies")
    policies = [_policy(one, f"policies[{number}]") for number, one in enumerate(told["policies"])]
    if len({one.id for one in policies}) < len(policies):
        raise Invalid("Two policies have one id.", field="policies")
    if told["survey"] not in SENDINGS:
        raise Invalid(f"`survey` is one of {', '.join(SENDINGS)}.", field="survey")
    return Setting(policies, _minutes(told["silent"], "silent"), told["survey"], version)


def _policy(told: Mapping[str, Any], where: str) -> Policy:
    name, known_as = " ".join(str(told.get("name", "")).split()), str(told.get("id", ""))
    if not 1 <= len(name) <= _NAME:
        raise Invalid(f"A policy's name has 1 to {_NAME} letters.", field=f"{where}.name")
    if not 1 <= len(known_as) <= 40:
        raise Invalid("A policy's id has 1 to 40 letters.", field=f"{where}.id")
    known = {"id", "name", "teams", "priorities", "networks", "tiers", *PROMISED}
    for other in told.keys() - known:
        raise Invalid(f"A policy has no `{other}`.", field=f"{where}.{other}")
    times = {kind: _minutes(told.get(kind), f"{where}.{kind}") for kind in PROMISED}
    if not any(times.values()):
        raise Invalid("A policy sets at least one time.", field=f"{where}.first")
    return Policy(
        known_as, name, _several(told, "teams", where, FUNCTIONS), _several(told, "priorities", where, PRIORITIES),
        _several(told, "networks", where), _several(told, "tiers", where), **times,
    )  # fmt: skip


def _several(told: Mapping[str, Any], name: str, where: str, known: Iterable[str] = ()) -> tuple[str, ...]:
    given = told.get(name) or []
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) > 50:
        raise Invalid(f"`{name}` is a list of at most 50.", field=f"{where}.{name}")
    found = tuple(dict.fromkeys(str(one).strip() for one in given if str(one).strip()))
    for one in found:
        if (known and one not in known) or len(one) > _NAME:
            raise Invalid(f"{one[:_NAME]!r} is not known here.", field=f"{where}.{name}")
    return found


def _minutes(given: Any, where: str) -> int | None:
    if given is None or given == "":
        return None
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= _LONGEST:
        raise Invalid(f"A time is 1 to {_LONGEST:,} whole minutes of opening hours.", field=where)
    return given
