"""The funnel, deals and hours out of what came through the real doors: a signed webhook and Segment's own client."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from segment.analytics import Client
from starlette.applications import Starlette

from dure.automation.outgoing import HttpOutgoing
from dure.connectors.social import sources
from dure.deals import lookups
from dure.deals.api import Deals
from dure.ingest.api import Ingest
from dure.ingest.door import routes
from dure.kernel.clock import StillClock
from dure.log.api import Log, LogWriter
from dure.metrics.api import Metrics
from dure.people.api import People
from dure.people.follow import PeopleFollower
from dure.social.api import Look, Social
from dure.social.effect.api import Effect
from dure.social.linking.api import Linking
from dure.social.listening.api import Listening
from dure.social.plugs import Call
from dure.social.routing.api import Routing
from dure.social.sources.api import Sources
from dure.state import State
from tests.people_of import Cast
from tests.wire.server import serving

pytestmark = pytest.mark.anyio

MAPPING = "id=no\ntext=body\nauthor=by\nhandle=login"


class House:
    """What hears and what is asked, an hour passing between two things that happen."""

    def __init__(self, state: State, log: Log, clock: StillClock, cast: Cast, url: str, key: str) -> None:
        self.state, self.clock, self.cast, self._url, self._key = state, clock, cast, url, key
        self.people, self.deals = People(state, log, clock), Deals(state, clock, cast.governance)
        self.social = Social(state, clock)
        self.social.linker = Linking(state, clock, self.people, lookups.open_deals)
        self.effect = Effect(
            state, log, clock, Metrics(state, log, clock, cast.governance), Listening(state, log, clock)
        )
        outgoing = HttpOutgoing([])
        self.sources = Sources(state, clock, cast.governance, self.social, sources(outgoing), b"a key")
        self._follower, self._writer = PeopleFollower(state, clock), LogWriter(state, log, clock)
        self.hook: Any = None

    async def listen(self) -> None:
        settings = {"mapping": MAPPING, "network": "x", "items": "posts"}
        self.hook = await self.sources.connect(self.cast.mina, "webhook", "X 글", settings, {"secret": "S"})

    async def said(self, *posts: dict[str, Any]) -> None:
        """Somebody's posts, by a signed call."""
        body = json.dumps({"posts": list(posts)}, ensure_ascii=False).encode()
        signature = "sha256=" + hmac.new(b"S", body, hashlib.sha256).hexdigest()
        call = Call("POST", "dure.example", "/x", {"x-signature-256": signature}, body)
        await self.sources.hearing.hear(self.hook.source.id, call)
        await self._passed()

    async def sent(self, *calls: tuple[str, tuple[Any, ...], dict[str, Any]]) -> None:
        """Calls of Segment's client, over HTTP."""

        def send() -> None:
            client = Client(self._key, host=self._url, sync_mode=True)
            for name, given, named in calls:
                getattr(client, name)(*given, **named)

        await asyncio.to_thread(send)
        await self._passed()

    async def _passed(self) -> None:
        while await self._follower.step():
            pass
        while await self._writer.step():
            pass
        self.clock.advance(timedelta(hours=1))


@pytest.fixture
async def house(state: State, log: Log, clock: StillClock, cast: Cast) -> AsyncIterator[House]:
    ingest = Ingest(state, clock)
    running = asyncio.create_task(ingest.run())
    source = await ingest.create_source(cast.mina, "web")
    async with serving(Starlette(routes=routes(ingest))) as url:
        house = House(state, log, clock, cast, url, source.write_key)
        await house.listen()
        yield house
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def by_link(source: str, medium: str = "") -> dict[str, Any]:
    """The context that Segment's clients send for a page behind a link with UTM parameters."""
    return {"campaign": {"name": "launch", "source": source} | ({"medium": medium} if medium else {})}


async def test_a_mention_a_click_a_sign_up_and_a_deal_are_one_funnel(house: House) -> None:
    mina = house.cast.mina
    account = await house.deals.create_account(mina, "한빛커피", domain="hanbit.example")
    await house.sent(
        ("identify", ("u-1", {"name": "한결", "x_handle": "hangyeol"}), {}), ("group", ("u-1", account.id, {}), {})
    )
    await house.deals.create(mina, "가을 캠페인", account.id, 9_000_000, date(2026, 12, 20))

    # Known by their handle: a mention, then a click on the brand's own post, then a sign-up.
    await house.said(
        {"no": 1, "body": "앱이 켜자마자 튕겨요 오류", "by": "한결", "login": "hangyeol"},
        {"no": 2, "body": "결제 버튼을 눌러도 오류만 나고 카드 승인이 안 돼요", "by": "나리", "login": "nari"},
        {"no": 3, "body": "음 그냥 그래요", "by": "다온", "login": "daon"},
    )
    await house.sent(("page", ("u-1", "", "Pricing", {"path": "/pricing"}), {"context": by_link("instagram")}))
    await house.sent(("track", ("u-1", "Signed Up", {"plan": "plus"}), {}))
    # Nobody's yet: a visit by a link of a post, who they are only with the sign-up; one by a search is no social.
    await house.sent(("page", (), {"anonymous_id": "d-2", "name": "Home", "context": by_link("newsletter", "social")}))
    await house.sent(("page", (), {"anonymous_id": "d-3", "name": "Home", "context": by_link("google", "cpc")}))
    await house.sent(
        ("identify", ("u-2", {"name": "보라"}), {"anonymous_id": "d-2"}), ("track", ("u-2", "Signed Up", {}), {}),
        ("track", ("u-3", "Signed Up", {}), {"anonymous_id": "d-3"}),
    )  # fmt: skip

    funnel = await house.effect.funnel(mina, 30)
    assert (funnel["mentions"], funnel["linked"]) == (3, 1)
    assert (funnel["people"], funnel["clicked"], funnel["signed"], funnel["sign_ups"]) == (2, 2, 2, 3)
    assert {(one["kind"], one["network"]): (one["people"], one["signed"]) for one in funnel["touches"]} == {
        ("linked", "x"): (1, 1), ("utm", "newsletter"): (1, 1),
    }  # fmt: skip

    deals = await house.effect.deals(mina, 90)
    assert [(one["name"], one["outcome"], one["during"], one["negative"]) for one in deals["deals"]] == [
        ("가을 캠페인", "open", 1, 1)
    ]
    assert (deals["touched"]["open"], deals["untouched"]["open"]) == (1, 0)


async def test_hours_saved_are_of_what_was_routed_and_nobody_had_to_move(house: House) -> None:
    mina = house.cast.mina
    await house.said(
        {"no": 1, "body": "앱이 켜자마자 튕겨요 오류", "by": "한결", "login": "hangyeol"},
        {"no": 2, "body": "결제 버튼을 눌러도 오류만 나고 카드 승인이 안 돼요", "by": "나리", "login": "nari"},
        {"no": 3, "body": "음 그냥 그래요", "by": "다온", "login": "daon"},
    )
    found = {one.handle: one for one in await house.social.mentions(mina, Look())}
    assert [found[name].state for name in ("hangyeol", "nari", "daon")] == ["routed", "routed", "new"]
    routing = Routing(house.state, house.clock, house.social.shelf)
    await routing.decide(mina, found["nari"].id, "moved", function="product")
    await routing.decide(mina, found["daon"].id, "moved", function="marketing")
    await house.sent(("track", ("u-9", "Listen Started", {}), {}))
    await house.effect.set_setting(mina, 0.1, 6, 30)
    hours = await house.effect.hours(mina, 30)
    assert (hours["automatic"], hours["corrected"], hours["hours"]) == (2, 1, 0.5)
