"""One look for sets of people: may they be sent this at this moment, and if not, why.

Asked when people come in, again in the transaction that claims, and by the dry run. A batch of thousands costs a
handful of statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from dure.campaigns.gate import rules
from dure.campaigns.gate.caps import Went, looks_back, reached
from dure.campaigns.gate.model import SEND, Policy
from dure.campaigns.gate.quiet import Quiet, quiet_until
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
    message: Message, recipients: Sequence[Recipient], addresses: Sequence[str], known: Known, now: datetime
) -> list[Verdict]:
    """The answer for each, in the order asked; `addresses` are theirs in lower case. Somebody asked for twice takes two
    places under a cap."""
    sight, more = _Sight(message, known, now), defaultdict[UUID, list[Went]](list)
    twice = len({to.person for to in recipients}) < len(recipients)
    answers = []
    for to, address in zip(recipients, addresses, strict=True):
        went = known.went.get(to.person, ()) if known.went else ()
        answer = sight.verdict(to, address, [*went, *more[to.person]] if twice else went)
        if twice and answer.answer == "send":
            more[to.person].append(Went(now, message.channel, message.topic))
        answers.append(answer)
    return answers


class _Sight:
    """What is the same for all who are looked at, found out once: what silence means, and by zone what is quiet."""

    def __init__(self, message: Message, known: Known, now: datetime) -> None:
        self._message = message
        self._known = known
        self._now = now
        policy = known.policy
        self._silence = rules.consents(policy, message.topic, message.channel, {})
        self._holdout = known.holdout if message.holdout else None
        disturbing = message.quiet != "ignore" and message.channel in DISTURBING
        self._quiet = policy.quiet if disturbing else None
        self._quiet_until: dict[ZoneInfo, datetime | None] = {}

    def verdict(self, to: Recipient, address: str, went: Sequence[Went]) -> Verdict:
        message, known, policy = self._message, self._known, self._known.policy
        if not address:
            return Verdict("skip", Reason.NO_ADDRESS)
        if known.suppressed:
            suppressed = known.suppressed.get(address)
            if suppressed is not None and rules.binds(suppressed, message.topic):
                return Verdict("skip", Reason.SUPPRESSED)
        words = known.words.get(to.person) if known.words else None
        if not (rules.consents(policy, message.topic, message.channel, words) if words else self._silence):
            return Verdict("skip", Reason.NO_CONSENT)
        if known.audience is not None and to.person not in known.audience:
            return Verdict("skip", Reason.NOT_IN_AUDIENCE)
        if message.topic == rules.TRANSACTIONAL:
            return SEND
        if self._holdout is not None and self._holdout.has(str(to.person)):
            return Verdict("hold", Reason.GLOBAL_HOLDOUT)
        until = self._disturbed(to, self._quiet) if self._quiet is not None else None
        if until is not None:
            return Verdict("later" if message.quiet == "wait" else "skip", Reason.QUIET, until)
        reserved = known.reserved.get(to.person, ()) if known.reserved else ()
        if not went and not reserved:
            return SEND  # no cap is below one message
        zone = zone_of(to.traits, known.zone)
        cap, only_reserved = reached(policy.caps, message.channel, message.topic, self._now, zone, went, reserved)
        if cap is not None:
            return Verdict("skip", Reason.OUTRANKED if only_reserved else Reason.CAPPED, cap=cap.name)
        return SEND

    def _disturbed(self, to: Recipient, quiet: Quiet) -> datetime | None:
        zone = zone_of(to.traits, self._known.zone)
        if zone not in self._quiet_until:
            self._quiet_until[zone] = quiet_until(self._now, zone, quiet)
        return self._quiet_until[zone]


def capped_since(policy: Policy, now: datetime) -> datetime:
    """From when on messages matter to the workspace's caps."""
    return now - looks_back(policy.caps)
