"""What the company wrote itself, where a network hands it back: under its own names, or said through a source.

Arrivals ask it of everything new, so that nobody is told of the company's own words; care asks it again, for an answer
may come back before its outcome is written down.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.social import events, store
from dure.social.routing import events as routing_events
from dure.social.rules import voice
from dure.state import Tx

# Under which settings sources know the company's own account.
_NAMED = ("handle", "user", "address", "account")


class Post(Protocol):
    """As much of a post as says who wrote it."""

    @property
    def network(self) -> str: ...
    @property
    def handle(self) -> str: ...
    @property
    def email(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Own:
    """The company's names by source and by network, and the networks' ids of what it said through a source."""

    by_source: Mapping[uuid.UUID | None, Collection[str]] = field(default_factory=dict)
    by_network: Mapping[str, Collection[str]] = field(default_factory=dict)
    said: Collection[str] = ()

    def wrote(self, one: Post, external: str, source: uuid.UUID | None) -> bool:
        """Whether the company wrote a post that the network knows as `external`."""
        if external in self.said:
            return True
        names = (self.by_source.get(source, ()), self.by_network.get(one.network, ()))
        return any(plain_name(name) in known for known in names if known for name in (one.handle, one.email) if name)


async def of(tx: Tx, workspace: str, posts: Sequence[tuple[uuid.UUID | None, str]]) -> Own:
    """What is to be known of posts, (source, the network's id) pairs; one question however many they are."""
    told = await store.own(tx, workspace, {source for source, _ in posts if source}, posts)
    by_network: dict[str, set[str]] = {}
    for name in told["names"] or ():
        network, _, handle = name.partition(":")
        by_network.setdefault(network, set()).add(plain_name(handle))
    settings: dict[str, dict[str, str]] = told["settings"] or {}
    by_source: dict[uuid.UUID | None, set[str]] = {uuid.UUID(one): _names(given) for one, given in settings.items()}
    return Own(by_source, by_network, frozenset(told["said"] or ()))


async def came_first(tx: Tx, principal: Principal, now: datetime, network: str, external: str) -> list[Event]:
    """A network may hand back what was said before it is written down that it was: what stands there becomes the
    company's now, and whoever was told of it is told so. The caller holds the lock on arrivals, has written it down,
    and appends the events."""
    workspace = principal.tenant.workspace
    known = (await store.known(tx, workspace, [(network, external)], lock=True)).get((network, external))
    before = await store.mention(tx, workspace, known["id"]) if known else None
    if before is None or before.own or before.deleted_at:
        return []
    ours = replace(
        before, own=True, state="done", function="", channel="", themes=(), original=before.id,
        version=before.version + 1,
    )  # fmt: skip
    if before.original != before.id:
        await store.count_copies(tx, workspace, {before.original: -1})
    await store.rewrite(tx, workspace, ours, voice(ours.network, ours.handle, ours.author, ours.external))
    told = events.mention_event(principal, events.OWN_POST_ARRIVED, now, now, ours, {})
    return [told, *routing_events.outdated(principal, now, [before])]


def plain_name(name: str) -> str:
    return name.strip().lstrip("@").lower()


def _names(settings: Mapping[str, str]) -> set[str]:
    """The company's own names on a source, as its settings have them."""
    return {name for one in _NAMED if (name := plain_name(settings.get(one, "")))}
