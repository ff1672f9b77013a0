"""A spike is explained by its words and by who says them."""

from __future__ import annotations

from typing import Any

from dure.social.listening import explain


def row(n: int, text: str, **more: Any) -> dict[str, Any]:
    return {"id": n, "original": n, "text": text, "author": f"이름{n}", "handle": f"h{n}", "voice": f"x:h{n}",
            "network": "x", "url": "", "reach": n, **more}  # fmt: skip


BEFORE = [row(n, f"소리마루 방송 {n} 재밌어요 결제 완료") for n in range(300)]


def test_what_stands_out_is_what_was_not_said_before() -> None:
    said = [row(1000 + n, f"소리마루 환불이 {n}일째 안 돼요 refund please") for n in range(20)]
    found = explain.why(said, BEFORE)
    words = [one["term"] for one in found["terms"]]
    assert {"환불이", "refund"} <= set(words)
    assert not {"소리마루", "방송", "환불"} & set(words)
    assert found["terms"][0]["z"] > 1.96
    assert (found["people"], found["new"]) == (20, 20)
    assert [one["reach"] for one in found["top"]] == [1019, 1018, 1017]


def test_a_word_with_particles_is_one_word() -> None:
    particles = ("이", "은", "을", "도", "에서")
    said = [row(1000 + n, f"결제 오류{particles[n % 5]} 떠요 {n}") for n in range(25)]
    words = [one["term"] for one in explain.why(said, BEFORE)["terms"]]
    assert "오류" in words
    assert sum(word.startswith("오류") for word in words) == 1


def test_one_source_is_named() -> None:
    said = [row(n, f"공지 {n} https://www.news.example/a", voice="x:one", author="홍보") for n in range(1000, 1010)]
    found = explain.why(said, BEFORE)
    assert (found["voice"], found["site"]) == ({"share": 1.0, "name": "홍보"}, {"share": 1.0, "name": "news.example"})
    assert "한 사람" in explain.sentence(found, "ko")
    assert "one person" in explain.sentence(found, "en")


def test_where_nothing_was_before_nothing_fails() -> None:
    assert explain.why([], [])["terms"] == []
    assert explain.why([row(1, "처음")], [])["new"] == 1
