"""What people type is read as they mean it, or refused with the place and a sentence in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.kernel.errors import Invalid
from dure.kernel.folding import fold
from dure.social.listening.matching import Doc, Matcher, compiled
from dure.social.listening.parse import parse


def fits(query: str, text: str, **facts: Any) -> bool:
    return compiled(parse(query))(Doc(fold(text), **facts))


@pytest.mark.parametrize(
    ("query", "text", "fitting"),
    [
        ("배송", "배송이 너무 늦어요", True),  # a particle follows
        ("배송", "총알배송 최고", True),  # and letters may precede
        ("소리마루", "소리마루에서는 안 돼요", True),
        ("dure", "I like Dure, really", True),
        ("dure", "the procedure took long", False),  # a word in Latin letters is whole
        ("proced*", "the procedure took long", True),
        ("dure", "두레 dure가 좋다", True),
        ('"고객 센터"', "고객 센터에 전화", True),
        ('"고객 센터"', "고객이 센터에 전화", False),
        ('"customer care"', "Customer-care is slow", True),
        ("배송 지연", "지연된 배송", True),
        ("배송 OR 택배", "택배가 왔다", True),
        ("배송 또는 택배", "택배가 왔다", True),
        ("배송 그리고 택배", "택배가 왔다", False),
        ("배송 NOT 무료", "무료 배송 이벤트", False),
        ("배송 -무료", "무료 배송 이벤트", False),
        ("배송 제외 무료", "배송 빨라요", True),
        ("a1 OR b1 c1", "b1 c1", True),  # beside each other binds closer than OR
        ("(a1 OR b1) c1", "a1", False),
        ("ＤＵＲＥ", "dure", True),
        ("결제(카드 OR 앱)", "카드 결제가 안 돼요", True),
        ("or", "this or that", True),  # small letters are words
        ("https://dure.example/x", "see https://dure.example/x now", True),
    ],
)
def test_words(query: str, text: str, *, fitting: bool) -> None:
    assert fits(query, text) is fitting
    # Filed under its tokens, a query is found by the same mentions.
    assert Matcher([("q", parse(query))]).fitting([Doc(fold(text))]) == [("q",) if fitting else ()]


@pytest.mark.parametrize(
    ("query", "text", "fitting"),
    [
        ("앱 NEAR/2 느려", "앱이 정말 느려요", True),
        ("앱 NEAR/1 느려", "앱이 정말 느려요", False),
        ("느려 근처/2 앱", "앱이 정말 느려요", True),  # in either order
        ("slow NEAR/1 app", "a slow app", True),
        ("slow NEAR/1 app", "slow and bad app", False),
        ("slow NEAR/3 app", "app is very slow", True),
        ("slow NEAR/2 app", "slowapp app", False),
        ("(느려 OR 버벅) NEAR/3 (앱 OR 어플)", "어플 켜면 버벅거림", True),
        ('"payment page" NEAR/2 broken', "the payment page is broken", True),
        ("결제 NEAR/1 오류", "결제오류", True),
        ("pay* NEAR/1 fail*", "payments failing", True),
    ],
)
def test_nearness(query: str, text: str, *, fitting: bool) -> None:
    assert fits(query, text) is fitting
    assert Matcher([("q", parse(query))]).fitting([Doc(fold(text))]) == [("q",) if fitting else ()]


@pytest.mark.parametrize(
    ("query", "facts", "fitting"),
    [
        ("author:민지", {"author": fold("김 민지")}, True),
        ('author:"김 민지"', {"author": fold("김민지")}, False),
        ("handle:@Dure", {"handle": "dure"}, True),
        ("network:x", {"network": "x"}, True),
        ("언어:한국어", {"language": "ko"}, True),
        ("intent:불만", {"intent": "complaint"}, True),
        ("의도:complaint", {"intent": "praise"}, False),
        ("topic:결제", {"topic": "payment"}, True),
        ("sentiment:negative", {"sentiment": -1}, True),
        ("감정:긍정", {"sentiment": -1}, False),
        ("reach>1,000", {"reach": 1001}, True),
        ("reach>=1000", {"reach": 999}, False),
        ("rating<3", {"rating": 2}, True),
        ("rating<3", {"rating": 0}, False),  # no rating is not a low one
        ("entity:dure", {"entities": ("brand:dure",)}, True),
        ("entity:brand:dure", {"entities": ("brand:dure",)}, True),
        ("entity:ure", {"entities": ("brand:dure",)}, False),
        ("has:link", {"linked": True}, True),
        ("kind:후기", {"kind": "review"}, True),
    ],
)
def test_facts_beside_the_text(query: str, facts: dict[str, Any], *, fitting: bool) -> None:
    assert fits(query, "아무 글", **facts) is fitting


@pytest.mark.parametrize(
    ("query", "code", "place"),
    [
        ("", "empty", (0, 0)),
        ("(배송", "open", (0, 1)),
        ("배송)", "close", (2, 3)),
        ('배송 "고객', "quote", (3, 6)),
        ("배송 AND", "after", (3, 6)),
        ("OR 배송", "before", (0, 2)),
        ("배송 OR OR 택배", "after", (3, 5)),
        ("()", "inside", (0, 2)),
        ("!!!", "letters", (0, 3)),
        ("a*", "star", (0, 2)),
        ("배*송", "star", (0, 3)),
        ("langauge:ko", "field", (0, 8)),
        ("reach:many", "number", (0, 10)),
        ("network>3", "compared", (0, 9)),
        ("intent:happy", "one_of", (0, 12)),
        ("network:", "value", (0, 8)),
        ("배송 NEAR/99 택배", "near", (3, 10)),
        ("배송 NEAR/3 (택배 AND 지연)", "near_of", (3, 9)),
        ("NOT 배송", "only_not", (0, 6)),
        ("배송 OR NOT 택배", "only_not", (0, 12)),
        ("theme:없음", "theme", (0, 8)),
        ("가 " * 101, "terms", (200, 201)),
        ("(" * 21 + "가" + ")" * 21, "deep", (20, 21)),
        ("가" * 5000, "long", (4096, 5000)),
    ],
)
def test_what_makes_no_sense_is_told_with_its_place(query: str, code: str, place: tuple[int, int]) -> None:
    with pytest.raises(Invalid) as refused:
        parse(query)
    told = refused.value.data
    assert (told["code"], (told["at"], told["to"])) == (code, place)
    assert refused.value.field == "text"
    assert told["ko"] != told["en"]
    assert "{" not in f"{told['ko']}{told['en']}"


@given(st.text(alphabet='가나ab "()*:-/<>=NEARORNOT1그리고\n', max_size=60))
def test_any_text_is_a_query_or_a_refusal(text: str) -> None:
    try:
        node = parse(text)
    except Invalid as refused:
        told = refused.data
    else:
        told = {"at": 0, "to": len(Matcher([("q", node)]).fitting([Doc(fold(text))])) - 1}
    assert 0 <= told["at"] <= told["to"] <= len(text)  # type: ignore[operator]


def test_many_queries_are_tried_on_a_batch_at_once() -> None:
    queries = [(n, parse(f"상품{n:04} OR item{n:04}")) for n in range(500)]
    docs = [Doc(fold(f"상품{n:04}이 좋아요 그리고 item{n + 1:04}")) for n in range(0, 500, 7)]
    found = Matcher(queries).fitting(docs)
    assert found[0] == (0, 1)
    assert all(len(one) == 2 for one in found[:-1])
