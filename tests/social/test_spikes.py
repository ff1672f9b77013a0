"""A spike is noticed, said once, and said to be over; the demo's planted one is found and nothing before it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from dure.demo.mentions import mentions
from dure.demo.world import Sizes, build
from dure.feed.api import Event
from dure.kernel.clock import StillClock
from dure.social.api import NewMention, Social
from dure.state import State
from tests.people_of import Cast
from tests.social.conftest import Post
from tests.social.test_social import written

pytestmark = pytest.mark.anyio

END = datetime(2026, 11, 23, 3, tzinfo=UTC)


def of_spikes(events: list[Event]) -> list[Event]:
    return [event for event in events if event.object_type == "spike"]


@pytest.fixture
async def weeks_of_talk(social: Social, cast: Cast, clock: StillClock) -> None:
    """Five quiet weeks: a complaint about payment every seven hours."""
    past = [
        NewMention(
            network="x", id=f"old-{n}", text=f"결제가 {n}번째 실패해요 카드 오류", handle=f"old{n}",
            posted_at=clock.now() - timedelta(hours=7 * n + 2),
        )
        for n in range(120)
    ]  # fmt: skip
    await social.bulk_load(cast.mina, past)


@pytest.mark.usefixtures("weeks_of_talk")
async def test_a_spike_is_one_event_until_it_subsides(
    social: Social, cast: Cast, state: State, clock: StillClock, post: Post
) -> None:
    for wave in range(4):
        await social.arrive(
            cast.mina,
            [post(f"결제 {wave}-{n} 번 시도했는데 카드 승인 실패 짜증", ago=n, url="https://x.example/1", reach=n)
             for n in range(8)],
        )  # fmt: skip
        clock.advance(timedelta(minutes=10))
        await social.tick()
    [spiked] = of_spikes(await written(state))
    assert spiked.event == "Mentions Spiked"
    facts = spiked.properties
    assert (facts["topic"], facts["seen"], facts["functions"]) == ("payment", 8, ["product", "care"])
    assert facts["topic_title"]["ko"] == "결제"
    assert 0 < facts["expected"] < 2
    assert len(facts["examples_text"].splitlines()) == len(facts["examples"])
    assert [spike.state for spike in await social.spikes(cast.mina)] == ["on"]

    clock.advance(timedelta(hours=3))
    assert await social.tick() == 0
    assert [event.event for event in of_spikes(await written(state))] == ["Mentions Spiked", "Mentions Calmed"]
    [over] = await social.spikes(cast.mina)
    assert (over.state, over.peak >= 20) == ("over", True)
    await social.tick()
    assert len(of_spikes(await written(state))) == 2


@pytest.mark.usefixtures("weeks_of_talk")
async def test_one_person_shouting_is_no_spike(social: Social, cast: Cast, state: State, post: Post) -> None:
    shouts = [post(f"결제가 안 돼요 {n} 번째 카드 오류", ago=n, handle="angry") for n in range(40)]
    assert (await social.arrive(cast.mina, shouts)).spikes == ()


@pytest.mark.usefixtures("weeks_of_talk")
async def test_an_example_cannot_speak_in_markup(social: Social, cast: Cast, state: State, post: Post) -> None:
    words = ("망했다", "세번째 시도", "고객센터 불통", "언제 고쳐요", "돈만 빠져나감", "충전도 안됨", "승인 거절")
    texts = [f"<!channel> 결제 오류 {word} 카드 실패 <https://evil.example|click>" for word in words]
    found = await social.arrive(cast.mina, [post(text) for text in texts])
    assert len(found.spikes) == 1
    [spiked] = of_spikes(await written(state))
    assert "<" not in spiked.properties["examples_text"]
    assert "&lt;!channel&gt;" in spiked.properties["examples_text"]


@pytest.mark.usefixtures("weeks_of_talk")
async def test_the_volume_shows_what_was_usual(social: Social, cast: Cast, post: Post) -> None:
    await social.arrive(cast.mina, [post(f"결제 {n} 오류 카드 실패", ago=n / 4) for n in range(12)])
    shown = await social.volume(cast.mina, "payment", days=2)
    assert len(shown.seen) == len(shown.expected) == len(shown.upper) == 48
    assert sum(shown.seen[-2:]) == 12
    assert all(0 < mean < 1 for mean in shown.expected)
    assert [spike.topic for spike in shown.spikes] == ["payment"]
    assert (await social.volume(cast.mina, "crash", days=2)).spikes == ()
    [payment] = [row for row in await social.topics(cast.mina, 7) if row["topic"] == "payment"]
    assert payment["mentions"] == 12 + 24
    assert payment["before"] == 24


async def test_the_demo_s_broken_payment_page_is_found_and_nothing_in_the_quarter_before_it(
    social: Social, cast: Cast, state: State, clock: StillClock
) -> None:
    clock.at = END
    posts = [
        NewMention(network=one.network, id=one.id, text=one.text, author=one.author, handle=one.handle, url=one.url,
                   reach=one.reach, posted_at=one.time)
        for one in mentions(build(7, END, Sizes(listeners=200, visitors=20, mentions=2000)))
    ]  # fmt: skip
    quiet = [one for one in posts if one.posted_at and one.posted_at < END - timedelta(hours=3)]
    assert (await social.bulk_load(cast.mina, quiet)).spikes == ()
    assert await spikes_by_the_way(social, state, clock, cast) == 0

    clock.at = END
    found = await social.arrive(cast.mina, [one for one in posts if one not in quiet])
    assert len(found.spikes) == 1
    [spiked] = [event for event in of_spikes(await written(state)) if event.event == "Mentions Spiked"]
    facts = spiked.properties
    assert (facts["topic"], len(facts["examples"])) == ("payment", 3)
    assert facts["seen"] > 20 > 10 * facts["expected"] > 0
    assert len({one["text"] for one in facts["examples"]}) == 3


async def spikes_by_the_way(social: Social, state: State, clock: StillClock, cast: Cast) -> int:
    """Judges the last six weeks again, every busy hour of them, as if they were now."""
    async with state.begin_system() as tx:
        rows = await tx.rows(
            "select date_trunc('hour', posted_at) as hour from social.mention where workspace = %s and posted_at > %s"
            " group by hour, topic having count(*) >= 3 order by hour",
            (cast.tenant.workspace, END - timedelta(days=42)),
        )
    began = 0
    for hour in np.unique([row["hour"] for row in rows]):
        for minutes in (20, 40, 60):
            clock.at = hour + timedelta(minutes=minutes)
            began += len(await social.assess(cast.tenant))
    return began
