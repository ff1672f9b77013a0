"""Every teller by the name of the event that it tells of; each noun brings its own table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from dure.channels.plugs import Teller, Tellers
from dure.channels.telling import apps, members, messages, people, reactions, rooms


def _all(*tables: Tellers) -> Mapping[str, tuple[Teller, ...]]:
    """Several nouns may have something to tell about one event; they tell it in the order of the tables."""
    found: dict[str, list[Teller]] = defaultdict(list)
    for table in tables:
        for event, teller in table.items():
            found[event].append(teller)
    return {event: tuple(tellers) for event, tellers in found.items()}


# What these tell is heard only in the channel: nobody need look it up where no app is in it.
INSIDE = frozenset({*messages.TELLERS.values(), *reactions.TELLERS.values()})

TELLERS = _all(
    rooms.TELLERS, members.TELLERS, messages.TELLERS, reactions.TELLERS, people.TELLERS, apps.TELLERS,
)  # fmt: skip
