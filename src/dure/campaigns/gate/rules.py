"""Decisions about a workspace's demands: whether they make sense, and whom consent lets through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta

import msgspec

from dure.campaigns.gate.caps import LONGEST, Cap
from dure.campaigns.gate.model import Choice, Policy
from dure.campaigns.gate.quiet import Quiet
from dure.kernel.errors import Invalid

TRANSACTIONAL = "transactional"
"""Receipts and passwords: exempt from caps, quiet hours and holdouts, but not from addresses that are dead."""
PERSONAL = ("email", "web_push", "push", "sms", "in_app")
"""Channels that reach somebody; calls and posts go to others."""
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_MOST_CAPS = 20


def read_policy(raw: object) -> Policy:
    """A policy out of decoded JSON; Invalid names the field."""
    try:
        policy = msgspec.convert(raw, Policy)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        raise Invalid(message, field=path.rstrip("`") or "policy") from error
    _check(policy)
    return policy


def _check(policy: Policy) -> None:
    if len(policy.caps) > _MOST_CAPS:
        raise Invalid(f"At most {_MOST_CAPS} caps.", field="caps")
    for index, cap in enumerate(policy.caps):
        _check_cap(cap, f"caps[{index}]")
    for name, quiet in (("quiet", policy.quiet), ("business", policy.business)):
        if quiet is not None:
            _check_hours(quiet, name)
    _within(policy.horizon_hours, 0, 168, "horizon_hours")
    _within(policy.approval.above, 0, 1_000_000_000, "approval.above")
    for provider, rate in policy.rates.items():
        _within(rate.second, 0, 100_000, f"rates.{provider}.second")
        _within(rate.minute, 0, 1_000_000, f"rates.{provider}.minute")
    for name in ("bounced", "complained", "failed"):
        threshold = getattr(policy.watch, name)
        if not 0 < threshold.share <= 1:
            raise Invalid("A threshold is a share above 0 and at most 1.", field=f"watch.{name}.share")
        _within(threshold.least, 1, 1_000_000, f"watch.{name}.least")
    _within(policy.watch.balance_least, 10, 1_000_000, "watch.balance_least")
    if len(policy.seeds) > 100:
        raise Invalid("A seed list has at most 100 addresses.", field="seeds")
    for index, seed in enumerate(policy.seeds):
        if not is_address(seed):
            raise Invalid(f"{seed!r} is not an e-mail address.", field=f"seeds[{index}]")


def is_address(text: str) -> bool:
    return len(text) <= 254 and re.fullmatch(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+", text) is not None


def consents(policy: Policy, topic: str, channel: str, words: Mapping[tuple[str, str], bool]) -> bool:
    """Whether somebody's words let a message through. `words` are yes or no by (topic, channel), "" for all topics.

    A no counts, whether it was said of all topics or of this one. Where nothing was said the workspace's choice does:
    the nearest of `topic/channel`, topic, channel and all.
    """
    said = [words[key] for key in ((topic, channel), ("", channel)) if key in words]
    if topic == TRANSACTIONAL:
        return words.get((topic, channel)) is not False
    return all(said) if said else choice_of(policy, topic, channel) == "opt_out"


def hears(policy: Policy, words: Mapping[tuple[str, str], bool]) -> bool:
    """Whether somebody may be handed to a team that writes to people, before it is known how: they said no to nothing,
    and there is a channel that is open to them, by a yes of theirs or by the workspace's choice."""
    if not all(words.values()):
        return False
    return bool(words) or any(consents(policy, "marketing", channel, words) for channel in PERSONAL)


def choice_of(policy: Policy, topic: str, channel: str) -> Choice:
    """Whether silence is a yes (`opt_out`) or a no (`opt_in`)."""
    for key in (f"{topic}/{channel}", topic, channel):
        if key in policy.choices:
            return policy.choices[key]
    return policy.consent


def binds(reason: str, topic: str) -> bool:
    """Whether a suppressed address stops a topic: whoever left the list still gets their receipts."""
    return topic != TRANSACTIONAL or reason != "unsubscribed"


def tightest(rates: Iterable[tuple[int, timedelta]]) -> float:
    """Messages a second that a set of limits lets through in the long run; infinity without one."""
    return min((most / span.total_seconds() for most, span in rates if most), default=float("inf"))


def _check_cap(cap: Cap, field: str) -> None:
    _within(cap.most, 1, 1_000, f"{field}.most")
    if cap.per == "rolling":
        _within(cap.hours, 1, int(LONGEST.total_seconds() // 3600), f"{field}.hours")


def _check_hours(quiet: Quiet, field: str) -> None:
    for name in ("start", "end"):
        if not _TIME.fullmatch(getattr(quiet, name)):
            raise Invalid("A time is written HH:MM.", field=f"{field}.{name}")
    if quiet.start == quiet.end:
        raise Invalid("Hours begin and end at different times.", field=f"{field}.end")


def _within(value: int, least: int, most: int, field: str) -> None:
    if not least <= value <= most:
        raise Invalid(f"This is a whole number from {least} to {most}.", field=field)
