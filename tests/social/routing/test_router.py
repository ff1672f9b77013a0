"""The router without a database: policy first, the built-in beginning, what people teach it, and what it costs."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from dure.kernel.filters import Filter
from dure.social.model import INTENTS, TOPICS, Mention, Rule
from dure.social.routing.features import matrix, pieces_of, place
from dure.social.routing.learning import Model, calibration, learn, quality
from dure.social.routing.model import CLASSES, Example, Settings, Setup
from dure.social.routing.router import FIRST_RULES, Router, sampled
from dure.social.rules import SURE

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


def mention(text: str = "안녕하세요", **more: Any) -> Mention:
    number = uuid.uuid5(uuid.NAMESPACE_OID, repr((text, more)))
    given: dict[str, Any] = {
        "network": "x", "external": text[:50], "author": "하늘", "handle": "sky", "url": "", "reach": 10,
        "language": "ko", "intent": "other", "topic": "other", "sentiment": 0, "confidence": 0.9,
    } | more  # fmt: skip
    return Mention(
        id=number, text=text, posted_at=NOW, arrived_at=NOW, original=number, copies=0, state="new", function="",
        channel="", corrected_by="", version=1, **given,
    )  # fmt: skip


def router(model: Model | None = None, rules: tuple[Rule, ...] = FIRST_RULES, **settings: Any) -> Router:
    return Router(Setup(rules, Settings(**settings), 3, model.version if model else 0), model or Model())


def example(text: str, answer: str, **more: Any) -> Example:
    known = {"network": "x", "handle": "sky", "kind": "post", "language": "ko", "intent": "question",
             "topic": "usage", "sentiment": 0, "confidence": 0.8, "rating": None, "direct": False}  # fmt: skip
    return Example(text, answer=answer, **known | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "function", "also"),
    [
        ({"intent": "crisis"}, "executives", ("press",)),
        ({"text": "고객 개인정보 유출 됐다는데"}, "executives", ("press",)),
        ({"text": "My LAWYER will call", "confidence": 0.1}, "press", ("executives",)),
        ({"intent": "press", "topic": "company"}, "press", ()),
        ({"intent": "hiring", "topic": "jobs"}, "people", ()),
        ({"network": "glassdoor"}, "people", ()),
    ],
)
def test_policy_is_decided_by_rules(given: dict[str, Any], function: str, also: tuple[str, ...]) -> None:
    (made,) = router().decide([mention(**{"text": "안녕", **given})])
    assert (made.by, made.function, made.also, made.version) == ("rule", function, also, "r3m0")


def test_a_rule_on_the_reading_wants_it_sure_and_one_on_words_does_not() -> None:
    unsure = mention("음", intent="press", confidence=SURE - 0.01)
    assert router().decide([unsure])[0].by == "nobody"
    (told,) = router().decide([mention("소송 걸겠습니다", confidence=0.1)])
    assert (told.by, told.reasons) == ("rule", ({"code": "rule", "number": 3, "word": "소송"},))


@pytest.mark.parametrize(
    ("intent", "topic", "function"),
    [("complaint", "crash", "product"), ("complaint", "refund", "care"), ("purchase", "advertising", "sales"),
     ("question", "usage", "care"), ("praise", "creator", "social")],
)  # fmt: skip
def test_with_nothing_learned_it_begins_as_the_built_in_rules(intent: str, topic: str, function: str) -> None:
    sure, unsure = (mention(intent=intent, topic=topic, confidence=one) for one in (SURE, SURE - 0.1))
    first, second = router().decide([sure, unsure])
    assert (first.by, first.function) == ("model", function)
    assert (second.by, second.function, second.ranking[0][0]) == ("nobody", "", function)
    assert len(second.ranking) == 3


def test_spam_goes_to_nobody_whatever_it_says() -> None:
    (made,) = router().decide([mention("소송 소송", spam=0.95, intent="crisis")])
    assert (made.by, made.reasons[0]["code"]) == ("nobody", "spam")


def test_own_rules_stand_before_the_model_and_name_their_channel() -> None:
    own = (Rule(where=(Filter("reach", ">=", 1000),), function="marketing", channel="loud"),)
    loud, quiet = router(rules=own, channels={"care": "고객지원"}).decide(
        [mention(reach=5000, intent="complaint"), mention(intent="complaint")]
    )
    assert (loud.function, loud.channel, quiet.function, quiet.channel) == ("marketing", "loud", "care", "고객지원")


def test_clicks_teach_what_they_are_about_and_leave_the_rest() -> None:
    said = [example(f"가사 보기 언제 되나요 {n}번째 문의", "product") for n in range(12)]
    said += [example(f"환불 어떻게 받나요 {n}일 지났어요", "care", topic="refund") for n in range(12)]
    made, _ = learn(1, said)
    new = mention("가사 보기는 언제 나오나요", intent="question", topic="usage", confidence=0.8)
    other = mention("환불은 며칠 걸리나요", intent="question", topic="refund", confidence=0.8)
    crash = mention("앱이 튕겨요", intent="complaint", topic="crash", confidence=0.8)
    before, after = router(), router(made)
    assert [one.function for one in before.decide([new, other, crash])] == ["care", "care", "product"]
    assert [one.function for one in after.decide([new, other, crash])] == ["product", "care", "product"]
    assert any(reason["code"] == "text" for reason in made.why(new, "product"))


def test_not_for_us_alone_teaches_that_it_is_for_somebody_else() -> None:
    said = [example(f"굿즈 언제 나와요 {n}", "care", refused=("care",)) for n in range(16)]
    made, _ = learn(1, said)
    new = mention("굿즈 또 나와요", intent="question", topic="usage", confidence=0.8)
    chance = CLASSES.index("care")
    assert made.probabilities([new])[0, chance] < Model().probabilities([new])[0, chance]


def test_a_model_is_the_same_after_it_was_kept_and_read() -> None:
    made, _ = learn(4, [example(f"문의 {n}", "product" if n % 2 else "sales") for n in range(20)])
    again = Model.of(4, made.packed())
    seen = [mention("문의 3"), mention("다른 말")]
    assert np.allclose(made.probabilities(seen), again.probabilities(seen), atol=2e-3)


def test_texts_of_any_kind_are_seen() -> None:
    odd = [mention(text) for text in ("", "\n\n", "a", "😀" * 400, "\ud800 고아", "한 글" * 300)]
    seen = matrix(odd)
    assert (seen.shape[0], np.isfinite(seen.data).all()) == (6, True)
    assert set(pieces_of("가나다")) == {"가나", "나다", "가나다"}


def test_the_same_text_is_seen_the_same_alone_and_in_a_set() -> None:
    texts = [mention(text) for text in ("앱이 튕겨요", "결제가 안 돼요", "좋아요")]
    together, alone = matrix(texts).toarray(), [matrix([one]).toarray()[0] for one in texts]
    assert np.allclose(together, np.array(alone))


def test_the_sample_is_the_stated_share_and_always_the_same() -> None:
    ids = [f"post-{n}" for n in range(20_000)]
    asked = [one for one in ids if sampled("x", one, 0.05)]
    assert 0.045 < len(asked) / len(ids) < 0.055
    assert asked == [one for one in ids if sampled("x", one, 0.05)]
    assert set(asked) <= {one for one in ids if sampled("x", one, 0.2)}


def test_quality_counts_what_it_would_do_alone_and_how_right() -> None:
    said = [example("가", "care"), example("나", "sales"), example("다", ""), example("라", "press")]
    chances = np.full((4, len(CLASSES)), 0.02, np.float32)
    for row, (named, sure) in enumerate((("care", 0.8), ("care", 0.7), ("", 0.9), ("press", 0.4))):
        chances[row, CLASSES.index(named)] = sure
    told = quality(said, chances, 0.5)
    assert (told["accuracy"], told["coverage"], told["precision"]) == (0.75, 0.5, 0.5)
    assert told["functions"]["care"]["precision"] == 0.5
    assert told["functions"]["sales"]["recall"] == 0


def test_calibration_is_none_where_sure_means_right() -> None:
    hits = np.array([True] * 8 + [False] * 2)
    assert calibration(np.full(10, 0.8), hits) == pytest.approx(0.0, abs=1e-9)
    assert calibration(np.full(10, 0.95), hits) == pytest.approx(0.15, abs=1e-9)


def test_an_example_with_the_mention_s_fields_is_seen_as_the_mention() -> None:
    one = mention("앱이 튕겨요", intent="complaint", topic="crash")
    same = replace(example("앱이 튕겨요", ""), intent="complaint", topic="crash", confidence=0.9)
    assert np.allclose(matrix([one]).toarray(), matrix([same]).toarray())


def test_no_two_pairs_of_intent_and_topic_share_a_place() -> None:
    pairs = [f"it={intent}/{topic}" for intent in (*INTENTS, "crisis") for topic in TOPICS]
    assert len({place(one) for one in pairs}) == len(set(pairs))
