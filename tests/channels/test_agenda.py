"""The agenda on a channel's page: read, added to, carried over, and merged like the page it is part of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from dure.channels.agenda import rules
from dure.channels.agenda.api import Agendas
from dure.channels.refusals import ChannelNotFound
from dure.kernel.errors import Invalid
from tests.channels.room import Room, room_of

pytestmark = pytest.mark.anyio
PAGE = """# 함께 일하는 방법

## 이번 주 안건

- [ ] 단가표 다시 보기 <@U0MINA0000> (2026-12-01)
- [x] 소재 확정 (2026-11-20)
- [ ] 시작일 ![](@U0JOON0000) ↪2

## 지킬 것

- [ ] 이것은 안건이 아니다
"""


@pytest.fixture(scope="module")
async def room(postgres_url: str, template: str) -> AsyncIterator[Room]:
    async with room_of(postgres_url, template) as made:
        yield made


@pytest.fixture
def agendas(room: Room) -> Agendas:
    return Agendas(room.state, room.clock, room.channels)


def test_points_are_read_with_whose_they_are_and_until_when() -> None:
    assert rules.heading_of(PAGE) == "이번 주 안건"
    assert [(one.line, one.text, one.done, one.owner, one.due, one.carried) for one in rules.items_of(PAGE)] == [
        (4, "단가표 다시 보기", False, "U0MINA0000", date(2026, 12, 1), 0),
        (5, "소재 확정", True, "", date(2026, 11, 20), 0),
        (6, "시작일", False, "U0JOON0000", None, 2),
    ]


def test_a_new_week_puts_aside_what_is_done_and_carries_over_the_rest() -> None:
    once = rules.carried_over(PAGE, "ko")
    assert [(one.text, one.done, one.carried) for one in rules.items_of(once)] == [
        ("단가표 다시 보기", False, 1), ("시작일", False, 3), ("소재 확정", True, 0)]  # fmt: skip
    assert "### 끝난 안건\n\n- [x] 소재 확정 (2026-11-20)\n" in once
    assert once.endswith(PAGE[PAGE.index("## 지킬 것") :])
    again = rules.carried_over(once, "ko")
    assert again.count("### 끝난 안건") == 1
    assert [one.carried for one in rules.items_of(again)] == [2, 4, 0]


@pytest.mark.parametrize("body", ["", "text", "```\n## Agenda\n- [ ] no\n```", "## Done\n- [x] a"])
def test_a_page_without_an_agenda_has_no_points_and_stays_as_it_is(body: str) -> None:
    assert (rules.heading_of(body), rules.items_of(body), rules.carried_over(body, "en")) == (None, [], body)


@pytest.mark.parametrize("body", ["", PAGE, "hello\n\n## Agenda", "# 안건\n\n### 끝난 안건\n\n- [x] old"])
def test_what_is_added_is_the_last_open_point(body: str) -> None:
    after = rules.added(body, "New point", "U0MINA0000", date(2026, 12, 4), "en")
    assert [one.text for one in rules.items_of(after) if not one.done][-1] == "New point"
    assert all(line in after for line in body.split("\n"))
    assert [one.text for one in rules.items_of(body)] == [
        one.text for one in rules.items_of(after) if one.text != "New point"]  # fmt: skip


async def test_points_are_added_ticked_and_carried_by_members_and_kept_as_versions(
    room: Room, agendas: Agendas
) -> None:
    mina, rina = room.cast.mina, room.cast.rina
    channel = await room.shared()
    await agendas.add(mina, channel, "Rates", owner=rina.user, due=date(2026, 12, 1), lang="en")
    await agendas.add(rina, channel, "Dates")  # the other side writes the page too
    await room.pages.tick(rina, channel, 2, f"Rates <@{rina.user}> (2026-12-01)", True)
    found = await agendas.carry(mina, channel, lang="en")
    assert [(one.text, one.done) for one in found.items] == [("Dates", False), ("Rates", True)]
    assert [one.version for one in await room.pages.versions(mina, channel)] == [4, 3, 2, 1]
    async with room.state.begin(mina.tenant) as tx:
        assert channel in await agendas.channels_in(tx, mina, 50)
    told = [e for e in await room.told(mina.tenant.workspace) if e.object == channel and e.event == "Page Changed"]
    assert len(told) == 4


async def test_bad_points_are_refused_by_field(room: Room, agendas: Agendas) -> None:
    mina = room.cast.mina
    channel = await room.channel(mina)
    for given, field in (({"text": " "}, "text"), ({"text": "x" * 501}, "text"), ({"text": "x", "lang": "fr"}, "lang"),
                         ({"text": "x", "owner": room.cast.rina.user}, "owner")):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            await agendas.add(mina, channel, **given)
        assert refused.value.field == field
    with pytest.raises(ChannelNotFound):
        await agendas.of(room.cast.rina, channel)
