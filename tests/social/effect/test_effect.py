"""One funnel from mentions to sign-ups, deals touched, hours saved; figures that can be counted by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from dure.feed.api import NOBODY, Event, encode
from dure.kernel.clock import StillClock
from dure.kernel.errors import Invalid
from dure.log.api import Log
from dure.metrics.api import Metrics
from dure.social.effect.api import Effect
from dure.social.listening.api import Listening, NewQuery
from dure.state import State
from tests.people_of import Cast

pytestmark = pytest.mark.anyio


class Past:
    """Events put into the log as the writer would."""

    def __init__(self, cast: Cast, clock: StillClock) -> None:
        self._tenant = cast.tenant
        self.clock = clock
        self.lines: list[bytes] = []

    def add(self, event: str, day: float, who: str = "", source: str = "web", object_: str = "", account: str = "",
            **properties: Any) -> None:  # fmt: skip
        at: datetime = self.clock.now() - timedelta(days=day)
        kind = {"social": "mention", "deals": "deal"}.get(source, "")
        self.lines.append(encode(Event(
            org=self._tenant.org, workspace=self._tenant.workspace, event=event, time=at, received_at=at,
            message_id=f"m{len(self.lines)}", source=source, person=person(who) if who else NOBODY, object=object_,
            object_type=kind if object_ else "", account=account, properties=properties,
        )))  # fmt: skip

    async def into(self, log: Log) -> None:
        await log.insert("past", b"\n".join(self.lines))


def person(name: str) -> UUID:
    return uuid5(NOBODY, name)


@pytest.fixture
def past(cast: Cast, clock: StillClock) -> Past:
    return Past(cast, clock)


@pytest.fixture
def effect(state: State, log: Log, clock: StillClock, cast: Cast) -> Effect:
    metrics = Metrics(state, log, clock, cast.governance)
    return Effect(state, log, clock, metrics, Listening(state, log, clock))


async def test_the_funnel_deals_and_hours_are_what_events_say(effect: Effect, cast: Cast, past: Past, log: Log) -> None:
    # Two mentions of somebody known, three of nobody known.
    past.add("Mention Arrived", 9, "haneul", "social", "m1", network="x")
    past.add("Mention Arrived", 8, "haneul", "social", "m2", network="x")
    for n in range(3):
        past.add("Mention Arrived", 7, "", "social", f"n{n}", network="blog")
    past.add("Page Viewed", 6, "haneul", utm_source="Instagram")  # clicks after the mention
    past.add("Signed Up", 5, "haneul")
    past.add("Page Viewed", 6, "byeol", utm_source="news", utm_medium="social")  # came by a link alone
    past.add("Signed Up", 6 - 1, "byeol")
    past.add("Page Viewed", 4, "old", utm_source="x")
    past.add("Signed Up", 200, "old")  # signed up long before
    past.add("Page Viewed", 4, "other", utm_source="naver")  # no social link
    past.add("Signed Up", 3, "other")
    # A person that was merged into another is one.
    past.add("Page Viewed", 3, "anon", utm_source="x")
    past.add("Signed Up", 2, "soop")
    past.add(
        "Person Linked", 2, "", "people", from_person=str(person("anon")), to_person=str(person("soop")), version=1
    )
    # Deals: one touched while open, one before, one not at all, one over long ago.
    for deal, account, opened in (("d1", "acme", 30), ("d2", "hanbit", 20), ("d3", "quiet", 20), ("d4", "acme", 300)):
        past.add("Deal Created", opened, "", "deals", deal, account, name=deal.upper(), amount=1000, currency="KRW")
    past.add("Mention Linked", 10, "", "social", "m1", "acme", sentiment=-1)
    past.add("Mention Arrived", 50, "", "social", "m9", "hanbit", sentiment=1)
    past.add("Deal Won", 5, "", "deals", "d1", "acme", name="D1", amount=1000, currency="KRW")
    past.add("Deal Lost", 2, "", "deals", "d3", "quiet", name="D3", amount=1000, currency="KRW")
    past.add("Deal Lost", 250, "", "deals", "d4", "acme", name="D4", amount=1000, currency="KRW")
    # Routing: four on its own, of which one was refused and one handed on; one by hand.
    for n in range(4):
        past.add("Mention Routed", 3, "", "social", f"r{n}", by=("rule", "model")[n % 2])
    past.add("Mention Refused", 2, "", "social", "r0")
    past.add("Mention Routed", 2, "", "social", "r1", by="person")
    past.add("Mention Routed", 2, "", "social", "r9", by="person")
    await past.into(log)

    funnel = await effect.funnel(cast.mina, 30)
    assert (funnel["mentions"], funnel["linked"]) == (5, 1)
    assert (funnel["people"], funnel["clicked"], funnel["signed"], funnel["sign_ups"]) == (4, 4, 3, 4)
    assert {(one["kind"], one["network"]): one["people"] for one in funnel["touches"]} == {
        ("linked", "x"): 1, ("utm", "news"): 1, ("utm", "x"): 2,
    }  # fmt: skip

    deals = await effect.deals(cast.mina, 90)
    assert [(one["deal"], one["outcome"], one["during"], one["before"], one["negative"]) for one in deals["deals"]] == [
        ("d1", "won", 1, 0, 1), ("d2", "open", 0, 1, 0),
    ]  # fmt: skip
    assert deals["touched"] == {"won": 1, "lost": 0, "open": 1}
    assert deals["untouched"] == {"won": 0, "lost": 1, "open": 0}

    hours = await effect.hours(cast.mina, 30)
    assert (hours["automatic"], hours["corrected"], hours["hours"]) == (4, 2, 0.1)
    await effect.set_setting(cast.mina, 0.5, 12, 30)
    assert (await effect.hours(cast.mina, 30))["hours"] == 1.0
    with pytest.raises(Invalid) as refused:
        await effect.set_setting(cast.mina, 0.5, 12, 1000)
    assert refused.value.field == "minutes"


async def test_a_query_is_held_against_a_metric(
    effect: Effect, cast: Cast, past: Past, log: Log, state: State, clock: StillClock
) -> None:
    metrics = Metrics(state, log, clock, cast.governance)
    await metrics.start(cast.mina)
    query = await Listening(state, log, clock).save(cast.mina, NewQuery("우리", "소리마루"))
    rows = []
    for day in range(60):
        many = 2 + (day * 7919) % 11
        for n in range(many):
            at = (clock.now() - timedelta(days=60 - day)).replace(hour=1, minute=n)
            rows.append(
                f'{{"workspace":"{cast.tenant.workspace}","at":"{at:%Y-%m-%d %H:%M:%S}","part":{n},'
                f'"mention":"{uuid5(NOBODY, f"{day}-{n}")}","sign":1,"voice":{n},"folded":" 소리마루 "}}'
            )
            past.add("Signed Up", 60 - day - 2, f"{day}-{n}")
    await past.into(log)
    await log.insert("rows", "\n".join(rows).encode(), "mention")
    found = await effect.lagged(cast.mina, f"query:{query.id}", "sign-ups", 56)
    assert (found["verdict"], found["lag"], found["grain"]) == ("first_leads", 2, "day")
    assert found["low"] > 0.5
    with pytest.raises(Invalid):
        await effect.lagged(cast.mina, f"query:{query.id}", "listening-days", 56)
