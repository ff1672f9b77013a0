"""What the built-in reader makes of texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from dure.demo.mentions import mentions
from dure.demo.world import Sizes, build
from dure.social.model import INTENTS, TOPICS
from dure.social.reading import spam
from dure.social.reading.builtin import built_in
from dure.social.reading.language import language_of
from dure.social.rules import SURE

SENTENCES = [
    ("결제하려는데 자꾸 오류가 나서 화가 나네요", "ko", "complaint", "payment", -1),
    ("카드가 승인 거절돼서 충전을 못 하고 있어요", "ko", "complaint", "payment", -1),
    ("라이브 듣는데 버퍼링 때문에 자꾸 끊겨요", "ko", "complaint", "buffering", -1),
    ("업데이트 했더니 앱이 튕기고 강제종료돼요", "ko", "complaint", "crash", -1),
    ("해지했는데도 돈이 나갔어요 환불 부탁드립니다", "ko", "complaint", "refund", -1),
    ("진행자 목소리가 너무 좋아서 매일 들어요 최고", "ko", "praise", "creator", 1),
    ("앱 디자인이 예쁘고 쓰기 편해서 만족합니다", "ko", "praise", "app", 1),
    ("자동 재생 끄는 방법 어디서 설정하나요?", "ko", "question", "usage", 0),
    ("오디오 광고 단가랑 소개서 받아볼 수 있을까요", "ko", "purchase", "advertising", 0),
    ("개발자 채용 공고 봤는데 면접 어렵나요", "ko", "hiring", "jobs", 0),
    ("기자입니다 투자 유치 건으로 취재 요청드립니다", "ko", "press", "company", 0),
    ("My payment was declined three times today", "en", "complaint", "payment", -1),
    ("The app crashes whenever I open the chat", "en", "complaint", "crash", -1),
    ("I love this host, best show of the week", "en", "praise", "creator", 1),
    ("How do I change the language in settings?", "en", "question", "usage", 0),
    ("Please send us your ad rates and media kit", "en", "purchase", "advertising", 0),
    ("배송이 너무 늦어요 환불", "ko", "complaint", "refund", -1),
    ("배송이 생각보다 빨라서 좋았어요", "ko", "praise", "other", 1),
    ("개인정보가 유출됐다는 문자를 받았습니다", "ko", "crisis", "company", -1),
    ("충전하다가 배터리가 폭발했어요", "ko", "crisis", "other", -1),
    ("Huge data breach, our passwords were leaked", "en", "crisis", "company", -1),
]


@pytest.mark.parametrize(("text", "language", "intent", "topic", "sentiment"), SENTENCES)
def test_a_sentence_is_read_as_a_person_reads_it(
    text: str, language: str, intent: str, topic: str, sentiment: int
) -> None:
    [found] = built_in().read([text])
    assert (found.language, found.intent, found.topic, found.sentiment) == (language, intent, topic, sentiment)


def test_values_are_of_the_vocabulary_even_for_nonsense() -> None:
    for found in built_in().read(["", "????", "🎧🎧", "a" * 50_000, "\u202ehidden", "<script>alert(1)</script>"]):
        assert found.intent in INTENTS
        assert found.topic in TOPICS
        assert 0 <= found.confidence <= 1


@pytest.mark.parametrize(
    ("text", "language"),
    [("ㅋㅋㅋㅋ", "ko"), ("iphone 15 pro max 개좋음", "ko"), ("thx 감사", "ko"), ("とても良い", "ja"), ("非常好", "zh"),
     ("so good", "en"), ("👍👍 123", ""), ("the app no me gusta porque no funciona", "es"),
     ("die App ist nicht gut und stürzt ab", "de"), ("Merci", "en"),
     ("Dure est une application pour les équipes", "fr")],
)  # fmt: skip
def test_the_script_says_the_language(text: str, language: str) -> None:
    assert language_of(text) == language


def test_many_texts_are_read_as_each_alone() -> None:
    texts = [text for text, *_ in SENTENCES] + ["", "한 줄\n두 줄", "x" * 5_000]
    assert built_in().read(texts) == [built_in().read([text])[0] for text in texts]


def test_an_unsure_feeling_is_shown_as_none() -> None:
    text = "음 글쎄 이건 좀 두고 봐야겠네"
    chances = built_in().chances(text)
    likeliest = max(chances, key=lambda name: chances[name])
    assert (likeliest == "0", chances[likeliest] < 0.5) == (False, True)
    [found] = built_in().read([text])
    assert found.sentiment == 0


@pytest.mark.parametrize(
    "text",
    ["선팔하면 맞팔 #선팔 #맞팔 #소통 #팔로우 #f4f", "당일 대출 상담 카톡 문의 https://a.example/1 https://b.example/2",
     "get free followers now https://a.example/1 https://a.example/1"],
)  # fmt: skip
def test_spam_is_told_by_its_form_and_words(text: str) -> None:
    [found] = built_in().read([text])
    assert found.spam >= spam.HIDDEN
    assert found.spam_why


def test_a_complaint_is_not_hidden_for_its_form_and_says_so() -> None:
    text = "결제가 안 돼요 환불해주세요 화가 나네요 #환불 #결제오류 #최악 #짜증 #맞팔"
    chance, why = spam.judged(text, 0.9, "complaint", 0.9)
    assert chance < spam.HIDDEN
    assert "kept" in why
    assert spam.judged(text, 0.9, "other", 0.9)[0] >= spam.HIDDEN


def test_a_link_alone_is_not_spam() -> None:
    assert all(
        one.spam < 0.5 for one in built_in().read(["이 기사 보세요 https://news.example/1", "https://a.example/x"])
    )


def test_negation_turns_a_feeling_around() -> None:
    good, bad = built_in().chances("나쁘지 않아요"), built_in().chances("좋지 않아요")
    assert good["1"] > good["-1"]
    assert bad["-1"] > bad["1"]


def test_the_demo_is_read_well_enough_to_route_and_confidence_means_something(
    record_property: Callable[[str, object], None],
) -> None:
    world = build(7, datetime(2026, 11, 23, 3, tzinfo=UTC), Sizes(listeners=200, visitors=20, mentions=1500))
    posts = mentions(world)
    found = built_in().read([one.text for one in posts])
    both = list(zip(found, posts, strict=True))
    shares = {
        name: sum(getattr(one, name) == getattr(post.truth, name) for one, post in both) / len(both)
        for name in ("intent", "topic", "sentiment")
    }
    sure = [one.intent == post.truth.intent and one.topic == post.truth.topic for one, post in both
            if one.confidence >= SURE]  # fmt: skip
    payment = [one.topic == "payment" for one, post in both if post.truth.topic == "payment"]
    record_property("right", shares)
    record_property("sure, and right of those", (len(sure) / len(both), sum(sure) / len(sure)))
    assert all(share > 0.8 for share in shares.values())
    assert sum(sure) / len(sure) > 0.87
    assert sum(payment) / len(payment) > 0.95
