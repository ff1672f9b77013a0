"""One look for sets of people: may they be sent this at this moment, and if not, why.

Asked when people come in, again in the transaction that claims, and by the dry run. A batch of thousands costs a
handful of statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from dure.campaigns.gate import rules
from dure.campaigns.gate.caps import Went, looks_back, reached
from dure.campaigns.gate.model import SEND, Policy
from dure.campaigns.gate.quiet import quiet_until
from dure.campaigns.gate.walls import zone_of
from dure.campaigns.model import Reason, Recipient, Verdict
from dure.experiments.api import Holdout

DISTURBING = frozenset({"email", "web_push", "push", "sms", "webhook"})
"""Channels that reach somebody who did nothing at the moment, and so keep quiet hours."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent, to all of those who are looked at."""

    channel: str
    topic: str
    quiet: str
    holdout: bool
    """Whether the global holdout is left out of it."""


@dataclass(frozen=True, slots=True)
class Known:
    """All that was read for a set of people."""

    policy: Policy
    holdout: Holdout
    zone: ZoneInfo
    words: Mapping[UUID, Mapping[tuple[str, str], bool]]
    suppressed: Mapping[str, str]
    went: Mapping[UUID, Sequence[Went]]
    reserved: Mapping[UUID, Sequence[Went]]
    audience: frozenset[UUID] | None


def verdicts(
    message: Message, recipients: Sequence[Recipient], address: Callable[[Recipient], str], known: Known, now: datetime
) -> list[Verdict]:
    """The answer for each, in the order asked. Somebody asked for twice takes two places under a cap."""
    more: dict[UUID, list[Went]] = defaultdict(list)
    answers = []
    for to in recipients:
        answer = _verdict(message, to, address(to), known, [*known.went.get(to.person, ()), *more[to.person]], now)
        if answer.answer == "send":
            more[to.person].append(Went(now, message.channel, message.topic))
        answers.append(answer)
    return answers


def _verdict(
    message: Message, to: Recipient, address: str, known: Known, went: Sequence[Went], now: datetime
) -> Verdict:
    policy, urgent = known.policy, message.topic == rules.TRANSACTIONAL
    if not address:
        return Verdict("skip", Reason.NO_ADDRESS)
    suppressed = known.suppressed.get(address.lower())
    if suppressed is not None and rules.binds(suppressed, message.topic):
        return Verdict("skip", Reason.SUPPRESSED)
    if not rules.consents(policy, message.topic, message.channel, known.words.get(to.person, {})):
        return Verdict("skip", Reason.NO_CONSENT)
    if known.audience is not None and to.person not in known.audience:
        return Verdict("skip", Reason.NOT_IN_AUDIENCE)
    if urgent:
        return SEND
    if message.holdout and known.holdout.has(str(to.person)):
        return Verdict("hold", Reason.GLOBAL_HOLDOUT)
    zone = zone_of(to.traits, known.zone)
    if policy.quiet is not None and message.quiet != "ignore" and message.channel in DISTURBING:
        until = quiet_until(now, zone, policy.quiet)
        if until is not None:
            return Verdict("later" if message.quiet == "wait" else "skip", Reason.QUIET, until)
    cap, only_reserved = reached(
        policy.caps, message.channel, message.topic, now, zone, went, known.reserved.get(to.person, ())
    )
    if cap is not None:
        return Verdict("skip", Reason.OUTRANKED if only_reserved else Reason.CAPPED, cap=cap.name)
    return SEND


def capped_since(policy: Policy, now: datetime) -> datetime:
    """From when on messages matter to the workspace's caps."""
    return now - looks_back(policy.caps)
