"""What routing writes to the feed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.kernel.ids import uuid7
from dure.social import events
from dure.social.model import Mention
from dure.social.routing.model import Decision, Settings
from dure.social.routing.verdicts import Judged

ACCEPTED = "Mention Accepted"
REFUSED = "Mention Refused"
ROUTED_TOGETHER = "Mentions Routed"
CARDS_OUTDATED = "Mention Cards Outdated"
SETTINGS_CHANGED = "Mention Routing Changed"
MODEL_CHANGED = "Mention Router Changed"


def why(decision: Decision) -> dict[str, Any]:
    """What an event says of a decision: by rule or model, how sure, by which version, asked about or not."""
    return {
        "by": decision.by, "sure": round(decision.sure, 4), "version": decision.version, "audit": decision.audit,
        "reasons": list(decision.reasons), "also": list(decision.also),
    }  # fmt: skip


def together(
    principal: Principal, now: datetime, routed: Sequence[tuple[Mention, tuple[str, ...]]], settings: Settings
) -> list[Event]:  # fmt: skip
    """One event for each channel to which a call routed mentions, so that one run brings all of them. Near copies are
    not brought. Functions that are only told hear of it by an event of their own."""
    places: dict[tuple[str, str, bool], list[str]] = defaultdict(list)
    for mention, also in routed:
        if mention.original == mention.id:
            places[mention.function, mention.channel, False].append(str(mention.id))
            for function in also:
                places[function, settings.channel_of(function), True].append(str(mention.id))
    return [
        act(
            principal, "social", ROUTED_TOGETHER, "mentions", str(uuid7()),
            {"function": function, "channel": channel, "told": told, "count": len(ids), "mentions": ids}, now,
        )
        for (function, channel, told), ids in places.items()
    ]  # fmt: skip


def outdated(principal: Principal, now: datetime, shown: Sequence[Mention]) -> list[Event]:
    """One event for each channel whose cards no longer say what is so; `shown` are mentions as the cards have them."""
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for mention in shown:
        if mention.function and mention.original == mention.id:
            places[mention.function, mention.channel].append(str(mention.id))
    return [_outdated(principal, now, *place, ids) for place, ids in places.items()]


def withdrawn(principal: Principal, now: datetime, gone: Sequence[Mention]) -> list[Event]:
    """What was taken back is changed on every card, wherever it stands: teams that were only told have one too."""
    ids = [str(mention.id) for mention in gone if mention.original == mention.id]
    return [_outdated(principal, now, "social", "", ids)] if ids else []


def _outdated(principal: Principal, now: datetime, function: str, channel: str, ids: list[str]) -> Event:
    facts = {"function": function, "channel": channel, "count": len(ids), "mentions": ids}
    return act(principal, "social", CARDS_OUTDATED, "mentions", str(uuid7()), facts, now)


def judged(
    principal: Principal, now: datetime, before: Mention, said: Judged, by: str, *, on_card: bool = False
) -> list[Event]:  # fmt: skip
    """A person's verdict: accepted, refused, done for nobody, or routed elsewhere, which brings a card there. One that
    was given on a card (`on_card`) changes that card by itself."""
    stale = [] if on_card else outdated(principal, now, [before])
    more: dict[str, Any] = {"user": by, "from": before.function, "from_channel": before.channel}
    mention = said.mention
    if said.verdict == "moved":
        told = events.mention_event(principal, events.MENTION_ROUTED, now, now, mention, {**more, "by": "person"})
        return [told, *together(principal, now, [(mention, ())], Settings()), *stale]
    name = {"accepted": ACCEPTED, "refused": REFUSED, "nobody": events.MENTION_DONE}[said.verdict]
    return [events.mention_event(principal, name, now, now, mention, {**more, "by": "person"}), *stale]


def settings_changed(principal: Principal, now: datetime, settings: Settings) -> Event:
    return act(principal, "social", SETTINGS_CHANGED, "mention_rules", "", msgspec.to_builtins(settings), now)


def model_changed(principal: Principal, now: datetime, version: int, card: Mapping[str, Any]) -> Event:
    """`version` is the one that decides from now on."""
    return act(principal, "social", MODEL_CHANGED, "mention_router", str(version), {"version": version, **card}, now)
