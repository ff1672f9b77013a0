"""What Sorimaru itself pays for advertising, by network and day: it goes before the sign-ups that it brings."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from dure.demo.habits import DAY, SEOUL, UTMS, micros
from dure.demo.history import Chunk
from dure.demo.world import Scope, World
from dure.feed.api import Event, lines_of

EVENT = "Ad Spend Recorded"
# Won for a sign-up, by network; what nobody paid for is not here.
_PRICES = {"naver": 2_600, "instagram": 3_100, "youtube": 3_900, "x": 1_900, "kakao": 900}
_DAYS_AHEAD = 2
_PER_CLICK = 420


def spend(world: World, scope: Scope) -> Chunk:
    """One event a network and day in Seoul, written when the day is over. Message ids are `ad-<n>`."""
    rng, who = world.rng("spend"), world.listeners
    first, last = (micros(world.start) + SEOUL) // DAY, (micros(world.end) + SEOUL) // DAY
    signed_up = (who.signed_up + SEOUL) // DAY
    events: list[Event] = []
    for day in range(first, last):
        for number, (network, campaign) in enumerate(UTMS):
            if network not in _PRICES:
                continue
            # Of days beyond the quarter's end nothing is known; the budget stays what it was.
            brought = min(day + _DAYS_AHEAD, last - 1)
            people = int(((signed_up == brought) & who.is_new & (who.utm == number)).sum())
            amount = round(people * _PRICES[network] * float(rng.lognormal(0.0, 0.18)), -1)
            at = datetime.fromtimestamp(((day + 1) * DAY - SEOUL) / 1e6 - 1, UTC)
            events.append(
                Event(
                    org=scope.org, workspace=scope.workspace, event=EVENT, time=at, received_at=at, source="ads",
                    message_id=f"ad-{len(events) + 1}", object_type="campaign", object=campaign,
                    properties={"utm_source": network, "utm_campaign": campaign, "amount": int(amount),
                                "currency": "KRW", "clicks": int(np.ceil(amount / _PER_CLICK))},
                )
            )  # fmt: skip
    return Chunk(lines_of(events), len(events), micros(events[0].time), micros(events[-1].time))
