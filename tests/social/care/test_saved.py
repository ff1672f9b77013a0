"""Saved replies: filled with what is known, refused by name where something is not, and safe whatever a name says."""

from __future__ import annotations

from uuid import uuid4

import pytest

from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.social.care.saved import fill, holes, plain_value
from tests.social.care.conftest import Inbox

pytestmark = pytest.mark.anyio


def test_a_value_calls_nobody_links_nowhere_and_is_no_markup() -> None:
    assert plain_value("  김\n하늘 ", "mastodon") == "김 하늘"
    assert "@everyone" not in plain_value("@everyone", "mastodon")
    assert "https://" not in plain_value("https://evil.example", "email")
    assert plain_value("[x](http)", "github") == r"\[x\]\(http\)"
    assert (
        fill("{{ customer.name }}", {"customer.name": "{{ agent.name }}", "agent.name": "비밀"}, "x")
        == "{{ agent.name }}"
    )
    assert len(plain_value("가" * 500, "x")) == 80


def test_a_hole_of_which_nothing_is_known_is_named() -> None:
    assert holes("{{customer.name}} {{ agent.name }} {{ customer.name }}") == ["customer.name", "agent.name"]
    with pytest.raises(Invalid) as missing:
        fill("{{ customer.name }}님", {"customer.name": " "}, "x")
    assert missing.value.field == "customer.name"


async def test_it_is_filled_for_a_conversation_and_counted_when_it_was_sent(inbox: Inbox) -> None:
    kept = await inbox.care.saved.create(
        inbox.cast.mina, "/refund", "환불", "{{ customer.name }}님 {{ customer.handle }},"
        " {{ workspace.name }} {{ agent.name }}입니다",
        language="ko", team="care",
    )  # fmt: skip
    talk = await inbox.talk(author="김하늘", handle="@haneul")
    text = await inbox.care.saved.filled(inbox.cast.mina, kept.id, talk.id)
    name = inbox.cast.users["mina"].display or inbox.cast.users["mina"].name
    assert text == f"김하늘님 @haneul, sorimaru {name}입니다"
    assert (await inbox.care.saved.all(inbox.cast.mina, "care"))[0].used == 0
    await inbox.reply(talk, text, "s", saved=kept.id)
    assert (await inbox.care.saved.all(inbox.cast.mina, "care", "/refund"))[0].used == 1
    nameless = await inbox.talk(author="", handle="")
    with pytest.raises(Invalid) as missing:
        await inbox.care.saved.filled(inbox.cast.mina, kept.id, nameless.id)
    assert missing.value.field == "customer.name"


async def test_a_team_sees_its_own_and_everybodys(inbox: Inbox) -> None:
    mina = inbox.cast.mina
    for shortcut, team in (("all", ""), ("quote", "sales")):
        await inbox.care.saved.create(mina, shortcut, shortcut, "네", team=team)
    assert {"quote", "all"} <= {one.shortcut for one in await inbox.care.saved.all(mina, "sales")}
    assert "quote" not in {one.shortcut for one in await inbox.care.saved.all(mina, "care")}
    assert await inbox.care.saved.all(inbox.cast.rina) == []


async def test_changes_conflict_and_bad_ones_name_their_field(inbox: Inbox) -> None:
    mina, saved = inbox.cast.mina, inbox.care.saved
    one = await saved.create(mina, "hello", "인사", "안녕하세요")
    kept = await saved.change(mina, one.id, version=1, shortcut="hi", title="인사", text="반갑습니다")
    assert (kept.version, kept.shortcut) == (2, "hi")
    with pytest.raises(Conflict) as stale:
        await saved.change(mina, one.id, version=1, shortcut="hi", title="인사", text="늦음")
    assert stale.value.field == "version"
    await saved.create(mina, "bye", "끝", "안녕히")
    with pytest.raises(Conflict) as taken:
        await saved.change(mina, one.id, version=2, shortcut="BYE", title="인사", text="x")
    assert taken.value.field == "shortcut"
    assert (taken.value.data["ko"], taken.value.data["en"]) == ("/BYE: 이미 쓰는 단축어입니다.", taken.value.message)
    for field, given in (
        ("shortcut", {"shortcut": "a b"}), ("title", {"title": ""}), ("text", {"text": "{{ customer.password }}"}),
        ("language", {"language": "xx"}), ("team", {"team": "kitchen"}),
    ):  # fmt: skip
        with pytest.raises(Invalid) as wrong:
            await saved.create(mina, **{"shortcut": "ok", "title": "t", "text": "x", **given})
        assert wrong.value.field == field
    await saved.delete(mina, one.id)
    with pytest.raises(NotFound):
        await saved.delete(mina, one.id)
    with pytest.raises(NotFound):
        await saved.filled(mina, uuid4(), uuid4())
