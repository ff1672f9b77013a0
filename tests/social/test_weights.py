"""The weights in the box are what their card says, and what they are made from is what it claims to be."""

from __future__ import annotations

import hashlib
import json
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from dure.social import copies
from dure.social.reading import measures, weights
from dure.social.reading.builtin import built_in
from dure.social.reading.layer import Layer, Lesson, learn
from dure.social.reading.pieces import pieces
from tests.real_data import real

sys.path[:0] = [str(Path(__file__).parents[2])]

from bench.told import grammar, hostility, nsmc  # noqa: E402

FOLDER = files("dure.social.reading")


def test_the_card_is_that_of_the_weights() -> None:
    packed = FOLDER.joinpath("weights.npz").read_bytes()
    assert hashlib.sha256(packed).hexdigest() == weights.card()["sha256"]
    assert len(packed) < 1_500_000


def test_what_the_card_says_of_unseen_sentences_is_so() -> None:
    asked = [one for one in grammar.held_out() if one.text.isascii()]
    chances = weights.shipped().chances(weights.shipped().scores(pieces([one.text for one in asked])), "sentiment")
    found = measures.of(chances, weights.HEADS["sentiment"], [str(one.feeling) for one in asked])
    assert found["right"] == weights.card()["held_out"]["sentiment"]["en"]["right"]


def test_unseen_sentences_are_not_taught() -> None:
    taught = {one.text for one in grammar.sentences()}
    asked = (*grammar.tried(), *grammar.held_out(), *grammar.harder())
    assert not taught & {one.text for one in asked}
    near = [copies.shingles(one.text) for one in grammar.more()]
    assert not any(copies.are_copies(copies.shingles(one.text), other) for one in asked for other in near)


def test_hard_sentences_are_read_as_the_card_says_with_how_sure_that_is() -> None:
    asked = [one for one in grammar.harder() if not one.text.isascii()]
    chances = weights.shipped().chances(weights.shipped().scores(pieces([one.text for one in asked])), "intent")
    found = measures.of(chances, weights.HEADS["intent"], [one.intent or "" for one in asked])
    claimed = weights.card()["harder"]["intent"]["ko"]
    assert {name: found[name] for name in ("number", "right", "low", "high")} == {
        name: claimed[name] for name in ("number", "right", "low", "high")
    }
    assert claimed["low"] < claimed["right"] < claimed["high"]
    assert claimed["right"] > weights.card()["before"]["harder"]["intent"]["ko"]["right"]


def test_the_interval_of_a_share_is_wilson_s() -> None:
    assert measures.interval(0, 10) == (0.0, 0.278)
    assert measures.interval(81, 263) == (0.255, 0.366)  # Newcombe 1998, table I


def test_hostility_s_figures_are_those_of_the_comments() -> None:
    path = real("nsmc/test.tsv.gz")
    said = weights.hostility()
    texts, hostile = hostility.read(path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == said["data"]["test"]
    assert (len(texts), int(hostile.sum())) == (said["test"]["number"], said["test"]["hostile"])
    assert said["pieces"]["low"] > said["majority"]["high"]
    some = hostility.chances(hostility.matrix(texts[:1500]), hostile[:1500], hostility.matrix(texts[1500:2500]))
    assert hostility.tried(some, hostile[1500:2500])["auc"] > 0.75


def test_data_that_only_bears_the_corpus_name_is_refused() -> None:
    counted = [[str(number), "글", str(number % 2)] for number in range(1, 50_001)]
    with pytest.raises(nsmc.OtherData, match="a count"):
        nsmc.check(counted, "test")
    with pytest.raises(nsmc.OtherData, match="5,825 rows"):
        nsmc.check([[str(70_000 + number), "글", str(number % 2)] for number in range(5_825)], "test")
    nsmc.check([[str(70_000 + number), "글", str(number % 2)] for number in range(50_000)], "test")


def test_film_comments_are_felt_as_well_as_the_card_claims() -> None:
    path = real("nsmc/test.tsv.gz")
    try:
        comments = nsmc.part(path.parent, "test")
    except nsmc.OtherData as error:
        pytest.skip(f"{error} The shipped weights claim nothing about it.")
    if "nsmc" not in weights.card()["corpora"]:
        pytest.skip("The shipped weights were not taught by NSMC: bench/told/weights.py --nsmc makes some that are.")
    right = sum(
        (found["1"] > found["-1"]) == (one.feeling == 1) for one in comments for found in [built_in().chances(one.text)]
    )
    assert right / len(comments) >= 0.865


def test_a_dozen_lessons_turn_a_reading_and_leave_others() -> None:
    shop = ["핑거스냅 도넛", "코코넛 구름빵", "얼음 식혜", "달빛 김밥"]
    lessons = [
        Lesson(f"{name} {end}", {"topic": "creator", "intent": "praise", "sentiment": "1"}, f"{name}{end}")
        for name in shop
        for end in ("오늘도 순삭이네", "순삭이다", "오자마자 순삭", "또 순삭 ㅋㅋ")
    ]
    layer, figures = learn(lessons, weights.shipped(), lambda _: None)
    assert figures["intent"]["after"]["right"] > figures["intent"]["before"]["right"]
    assert not figures["spam"]["learned"]
    asked = ["참외 빙수 나오자마자 순삭", "배송이 너무 늦어요 환불"]
    kept = Layer.unpacked(layer.packed())
    scores = weights.shipped().scores(pieces(asked)) + kept.scores(pieces(asked))
    chances = weights.shipped().chances(scores, "intent")
    assert [weights.HEADS["intent"][at] for at in chances.argmax(axis=1)] == ["praise", "complaint"]


def test_the_card_is_json_without_a_sentence_of_anybody() -> None:
    said = json.loads(FOLDER.joinpath("weights.json").read_text("utf-8"))
    assert set(said) >= {"sentences", "corpora", "tried", "held_out", "sha256"}
