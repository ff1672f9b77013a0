"""Near copies are told from posts that merely share a subject."""

from __future__ import annotations

from dure.social import copies

POST = "결제 페이지가 하루 종일 하얗게만 나와서 후원을 못 했어요 언제 고쳐지나요"


def meet(left: str, right: str) -> bool:
    pieces = [copies.shingles(left), copies.shingles(right)]
    found = copies.signatures(pieces)
    one, other = copies.bands(found)
    return bool(set(one) & set(other)) and bool(copies.alike(found[:1], found[1:])) and copies.are_copies(*pieces)


def test_a_shared_quoted_or_decorated_post_is_a_copy() -> None:
    for other in (
        f"RT @mina: {POST}",
        f"{POST} https://t.example/1",
        POST.replace("하루 종일 ", "하루종일"),
        f"{POST}!!!",
    ):
        assert meet(POST, other)


def test_another_complaint_about_the_same_thing_is_not() -> None:
    assert not meet(POST, "결제창에서 계속 오류가 나요 카드는 멀쩡한데")


def test_short_posts_are_copies_only_when_equal() -> None:
    assert meet("좋아요!", "좋아요")
    assert not meet("좋아요", "좋아여")


def test_texts_without_letters_do_not_fail() -> None:
    assert meet("👍", "👏👏")
    assert meet("", "!!")
