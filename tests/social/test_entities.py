"""Names and figures are found in texts, Korean particles or not."""

from __future__ import annotations

import pytest

from dure.social.reading.entities import Dictionary, Name, entities

NAMES = Dictionary(
    [
        Name(kind="brand", name="두레", aliases=("Dure", "두레 허브")),
        Name(kind="product", name="소리마루 플러스"),
        Name(kind="competitor", name="모두"),
        Name(kind="person", name="김하늘"),
    ]
)


@pytest.mark.parametrize(
    "text",
    ["두레가 좋아요", "두레에서도 되나요", "두레 어때요?", "(두레)", "dure를 써봤다", "DURE!", "두레측은",
     "두레 허브는"],
)  # fmt: skip
def test_a_name_is_found_with_particles_and_aliases(text: str) -> None:
    assert entities(text, NAMES) == ("brand:두레",)


@pytest.mark.parametrize("text", ["모두레스토랑", "undured", "endure", "두레박으로 물을", "모두레"])
def test_a_name_inside_another_word_is_not(text: str) -> None:
    assert entities(text, NAMES) == ()


def test_several_names_come_in_order_each_once() -> None:
    found = entities("김하늘님이 모두보다 두레가, 소리마루 플러스는 두레보다", NAMES)
    assert found == ("person:김하늘", "competitor:모두", "brand:두레", "product:소리마루 플러스")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("문의는 Help@Dure.example.com으로", "email:help@dure.example.com"),
        ("보세요 https://www.dure.example/a?b=1.2.3", "url:dure.example"),
        ("v3.2부터 안 돼요", "version:3.2"),
        ("버전 12.0.1 입니다", "version:12.0.1"),
        ("3만원이나 냈는데", "money:30000 KRW"),
        ("12,000원 결제", "money:12000 KRW"),
        ("it cost $12.50", "money:12.5 USD"),
        ("20 dollars", "money:20 USD"),
        ("11월 26일에 샀어요", "date:11-26"),
        ("2026-11-26 주문", "date:2026-11-26"),
        ("bought on Nov 26, 2026", "date:2026-11-26"),
    ],
)
def test_figures_are_found(text: str, found: str) -> None:
    assert entities(text) == (found,)


def test_what_only_looks_like_a_figure_is_not() -> None:
    assert entities("13월 40일, 2.5배, 100명, 1:1") == ()


def test_two_thousand_names_are_one_pass() -> None:
    many = Dictionary(Name(kind="product", name=f"제품{number}번") for number in range(2_000))
    assert many.find("제품1999번은 제품1번보다 낫다") == ["product:제품1999번", "product:제품1번"]
