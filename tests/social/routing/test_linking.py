"""A mention is somebody's by a handle or an address that is theirs alone, or by hand; a guess is only offered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dure.kernel.errors import Conflict, Invalid, NotAllowed
from dure.kernel.whom import Whom
from dure.social.holding import SocialHolder
from dure.social.linking.rules import domain_of, other_traits, own_traits
from tests.social.routing.conftest import Desk

pytestmark = pytest.mark.anyio


async def test_a_handle_that_one_person_has_links_at_arrival(desk: Desk) -> None:
    who = await desk.known("u-han", "acc-han", name="한결", x_handle="hangyeol")
    one = await desk.arrived("새 방송 너무 좋네요", handle="@HanGyeol")
    assert (one.person, one.account) == (who, "acc-han")
    (told,) = await desk.told("Mention Linked")
    assert (told.person, told.account, told.properties["how"]) == (who, "acc-han", "handle")
    whose = await desk.linking.whose(desk.cast.joon, one.id)
    assert (whose.name, whose.how, whose.why) == ("한결", "handle", "x_handle: hangyeol")
    assert [mention.id for mention in await desk.linking.mentions_of(desk.cast.joon, "u-han")] == [one.id]
    arrived = (await desk.told("Mention Arrived"))[-1]
    assert arrived.person == who, "what somebody known said stands in their timeline"


async def test_an_address_links_and_a_handle_that_two_have_does_not(desk: Desk) -> None:
    who = await desk.known("u-mail", email="Sora@Bloom.example")
    assert (
        await desk.arrived("문의드립니다 확인 부탁드려요", network="email", email="sora@bloom.example")
    ).person == who
    for number in range(2):
        await desk.known(f"u-twin{number}", mastodon_handle="twin", name=f"쌍둥이{number}")
    one = await desk.arrived("오늘 라이브 최고였어요", network="mastodon", handle="twin")
    assert one.person is None
    whose = await desk.linking.whose(desk.cast.joon, one.id)
    assert {candidate.name for candidate in whose.candidates} == {"쌍둥이0", "쌍둥이1"}
    assert {reason for candidate in whose.candidates for reason in candidate.reasons} == {
        ("handle", "mastodon_handle: twin")
    }


async def test_a_likeness_is_offered_with_its_reason_and_decides_nothing(desk: Desk) -> None:
    who = await desk.known("u-else", instagram="moonlight", name="문라이트")
    account = await desk.deals.create_account(desk.cast.mina, "달빛상사", domain="moon.example")
    one = await desk.arrived("광고 단가 문의", handle="moonlight", author="문라이트", email="a@moon.example")
    assert (one.person, one.account) == (None, "")
    person, company = (await desk.linking.whose(desk.cast.joon, one.id)).candidates
    assert (person.person, [reason for reason, _ in person.reasons]) == (who, ["handle_elsewhere", "name"])
    assert (company.account, company.name, company.reasons) == (
        account.id, "달빛상사", (("domain", "moon.example"),),
    )  # fmt: skip


async def test_by_hand_it_is_remembered_for_the_handle_and_taken_back(desk: Desk) -> None:
    who = await desk.known("u-hand", name="손수")
    account = await desk.deals.create_account(desk.cast.mina, "한빛상사", domain="hanbit.example")
    await desk.deals.create(desk.cast.mina, "봄 캠페인", account.id, 5_000_000, date(2026, 12, 20))
    one = await desk.arrived("이번 광고 반응이 궁금해요", handle="quiet")
    await desk.linking.set(desk.cast.joon, one.id, person="u-hand", account=account.id)
    whose = await desk.linking.whose(desk.cast.joon, one.id)
    assert (whose.person, whose.account_name, whose.how, whose.by) == (who, "한빛상사", "hand", desk.cast.joon.user)
    assert (whose.deals["count"], whose.deals["deals"][0]["name"]) == (1, "봄 캠페인")
    desk.clock.advance(timedelta(minutes=1))
    again = await desk.arrived("다음 방송 언제 하나요", handle="@Quiet")
    assert (again.person, again.account) == (who, account.id)
    await desk.linking.set(desk.cast.joon, again.id)
    desk.clock.advance(timedelta(minutes=1))
    later = await desk.arrived("방송 잘 들었습니다 고맙습니다", handle="quiet")
    assert (later.person, later.account) == (None, ""), "a link that was taken back is not made anew"
    undone = (await desk.told("Mention Linked"))[-1]
    assert (undone.properties["how"], undone.properties["before_person"]) == ("", str(who))


async def test_bad_links_name_their_field(desk: Desk) -> None:
    one = await desk.arrived("아무 말이나 적어 봅니다 여기에")
    with pytest.raises(Invalid) as refused:
        await desk.linking.set(desk.cast.joon, one.id, account="nobody-knows")
    assert refused.value.field == "account"
    with pytest.raises(Conflict):
        await desk.linking.set(desk.cast.joon, one.id, version=99)
    with pytest.raises(NotAllowed):
        await desk.linking.set(desk.cast.gil, one.id)


async def test_who_is_erased_is_gone_from_links_askings_and_decisions(desk: Desk) -> None:
    who = await desk.known("u-gone", name="잊힘", x_handle="forgetme")
    one = await desk.arrived("이 기능 꼭 만들어 주세요 제발", handle="forgetme")
    idea = await desk.ideas.create(desk.cast.joon, "잊지 못할 기능")
    await desk.ideas.ask(desk.cast.joon, idea.id, source="mention", ref=str(one.id))
    await desk.ideas.ask(desk.cast.joon, idea.id, source="care", said="전화로 부탁", person="u-gone")
    await desk.becoming.note(desk.cast.joon, one.id, "idea", str(idea.id), idea.title, "/ideas")
    whom = Whom(desk.cast.tenant, people=(who,), handles=("forgetme",))
    holder = SocialHolder()
    async with desk.state.begin(desk.cast.tenant) as tx:
        traced = await holder.trace(tx, whom)
        kept = await holder.gather(tx, traced)
        assert {name for name, rows in kept.items() if rows} >= {"social-mention", "social-link", "social-asking"}
        await holder.erase(tx, traced)
        left = [
            await tx.value(f"select count(*) from social.{table} where mention = %s", (one.id,))
            for table in ("decision", "link", "became")
        ]
    assert left == [0, 0, 0]
    whole = await desk.ideas.one(desk.cast.joon, idea.id)
    assert [(asked.said, asked.person) for asked in whole.askings] == []


@pytest.mark.parametrize(
    ("email", "domain"),
    [("a@Bloom.example", "bloom.example"), ("a@gmail.com", ""), ("nonsense", ""), ("", ""), ("a@naver.com", "")],
)
def test_a_company_s_part_of_an_address(email: str, domain: str) -> None:
    assert domain_of(email) == domain


def test_traits_that_say_it_outright_and_those_that_make_it_likely() -> None:
    assert own_traits("x", "@Sky") == [("x_handle", "sky"), ("x", "sky")]
    assert own_traits("x", " @ ") == []
    assert ("mastodon", "sky") in other_traits("x", "@Sky")
    assert ("x_handle", "sky") not in other_traits("x", "@Sky")
