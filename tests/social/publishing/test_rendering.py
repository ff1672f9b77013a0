"""Texts are counted as their networks count, and links carry tags without losing any."""

from __future__ import annotations

from uuid import uuid4

import pytest

from dure.automation.outgoing import HttpOutgoing
from dure.connectors.social import sources
from dure.social.plugs import Limits, Publishes
from dure.social.publishing.graphemes import graphemes
from dure.social.publishing.model import TEMPLATE, Content, Place, Wording
from dure.social.publishing.rendering import fingerprint, length, render, with_tags

RED = Place(uuid4(), "Red", "red", {"characters": 300, "graphemes": True})
FLAG, FAMILY, WAVE = "🇰🇷", "👨‍👩‍👧‍👦", "👋🏽"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", 0), ("abc", 3), ("a\r\nb", 3), ("두레", 2), ("한글", 2), (FLAG, 1), (FLAG * 2, 2),
        (FLAG + "🇯", 2), (FAMILY, 1), (WAVE, 1), ("❤️", 1), ("é", 1), ("👩🏽‍🚀a", 2), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 1), ("नि", 1),
        ("a\u200db", 2),
        ("©️", 1), ("1️⃣", 1), ("ㄱㅏ", 2), ("กำ", 2), ("\n\n", 2),
    ],
)  # fmt: skip
def test_what_a_reader_sees_as_one_counts_as_one(text: str, seen: int) -> None:
    assert graphemes(text) == seen


def test_mastodon_counts_links_as_23_and_handles_without_their_server() -> None:
    mastodon = Limits(500, graphemes=True, link=23, handles=True)
    assert length("가 https://sorimaru.example/" + "a" * 200, mastodon) == 25
    assert length("가 https://sorimaru.example.", mastodon) == 26
    assert length("@nari@toot.example 안녕", mastodon) == length("@nari 안녕", mastodon) == 8
    assert length("mail nari@toot.example", mastodon) == 22
    bluesky = Limits(300, graphemes=True, size=3_000)
    assert length(FAMILY + " https://a.example", bluesky) == 19


def test_everything_that_publishes_says_its_limits() -> None:
    for one in sources(HttpOutgoing()):
        assert isinstance(one, Publishes) == (one.manifest.limits is not None), one.manifest.name


@pytest.mark.parametrize(
    ("url", "tagged"),
    [
        ("https://a.example", "https://a.example?utm_source=red&utm_medium=social"),
        ("https://a.example/x?b=1#c", "https://a.example/x?b=1&utm_source=red&utm_medium=social#c"),
        ("https://a.example/?utm_source=mine", "https://a.example/?utm_source=mine&utm_medium=social"),
        ("https://a.example/?UTM_SOURCE=&q=%EA%B0%80",
         "https://a.example/?UTM_SOURCE=&q=%EA%B0%80&utm_medium=social"),
    ],
)  # fmt: skip
def test_tags_are_added_and_none_is_lost(url: str, tagged: str) -> None:
    assert with_tags(url, {"utm_source": "red", "utm_medium": "social"}) == tagged


def test_links_end_where_a_reader_would_end_them() -> None:
    text = "(https://a.example/x_(y)), https://b.example/가나, 그리고 https://c.example."
    shown = render(Content("t", text), Wording(RED.id), RED, {"utm_medium": "s"})
    assert [one.written for one in shown.links] == [
        "https://a.example/x_(y)", "https://b.example/가나", "https://c.example",
    ]  # fmt: skip
    assert shown.text.endswith("https://c.example?utm_medium=s.")


def test_tags_are_of_the_network_the_campaign_and_the_wording() -> None:
    content = Content("새 방송 안내!", "https://a.example", campaign="live week")
    shown = render(content, Wording(RED.id, utm={"utm_content": "v1", "utm_medium": ""}), RED, TEMPLATE)
    assert shown.text == "https://a.example?utm_source=red&utm_campaign=live%20week&utm_content=v1"
    slug = render(Content("새 방송 안내!", "https://a.example"), Wording(RED.id), RED, {"utm_campaign": "{campaign}"})
    assert slug.links[0].target.endswith("utm_campaign=%EC%83%88-%EB%B0%A9%EC%86%A1-%EC%95%88%EB%82%B4")


def test_problems_are_named() -> None:
    titled = Place(uuid4(), "r", "reddit", {"characters": 10, "title": 5, "titled": True, "size": 20}, paused=True)
    shown = render(Content("여섯글자제목", "가" * 11), Wording(titled.id), titled, {})
    assert list(shown.problems) == ["over", "bytes", "title_over", "paused"]
    assert list(render(Content("", " "), Wording(titled.id), titled, {}).problems) == [
        "empty", "title_missing", "paused",
    ]  # fmt: skip
    assert list(render(Content("t", "x"), Wording(uuid4()), None, {}).problems) == ["gone"]


def test_an_approval_is_bound_to_every_letter() -> None:
    one = render(Content("t", "x"), Wording(RED.id), RED, {})
    other = render(Content("t", "x "), Wording(RED.id), RED, {})
    third = render(Content("t", "y"), Wording(RED.id), RED, {})
    assert fingerprint([one], "ko") == fingerprint([other], "ko") != fingerprint([third], "ko")
    assert fingerprint([one], "ko") != fingerprint([one], "en")
