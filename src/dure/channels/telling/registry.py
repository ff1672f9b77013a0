"""Every teller by the name of the event that it tells of; each noun brings its own table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from dure.channels.apps import telling as apps
from dure.channels.connect import telling as connect
from dure.channels.files import telling as files
from dure.channels.groups import telling as groups
from dure.channels.interaction import telling as interaction
from dure.channels.plugs import Teller, Tellers
from dure.channels.profile import telling as profile
from dure.channels.spanning import telling as spanning
from dure.channels.telling import members, messages, people, pins, reactions, rooms


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
    rooms.TELLERS, members.TELLERS, messages.TELLERS, reactions.TELLERS, pins.TELLERS, files.TELLERS, people.TELLERS,
    profile.TELLERS, groups.TELLERS, connect.TELLERS, interaction.TELLERS, apps.TELLERS,
    spanning.TELLERS,
)  # fmt: skip
