"""Sentences written by rule: patterns with choices and slots, and predicates bent and negated.

Everything is drawn from a random generator that begins at the pattern's own text, so that a line added somewhere
changes no other line's sentences.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
EACH = 16  # sentences a pattern at most
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_SLOT = re.compile(r"\{(\w+)\}")
_SPAM = "spam"
_BOTH = {"은": "는", "이": "가", "을": "를"}

_SUBJECTS = (
    "배송", "음질", "화질", "가격", "직원", "상담원", "음식", "포장", "품질", "디자인", "화면", "기능", "이 앱",
    "이 영화", "스토리", "연기", "서비스", "고객센터", "업데이트", "이번 방송", "진행", "배터리", "속도", "방", "숙소",
    "강의", "책", "게임", "조작", "이 제품", "색상", "마감", "응대", "이벤트", "결말", "노래", "사장님", "여기",
)  # fmt: skip
_HOW = ("", "", "정말 ", "진짜 ", "너무 ", "완전 ", "생각보다 ", "꽤 ", "아주 ", "좀 ", "매우 ", "역시 ")
_NOUNS = ("서비스", "제품", "앱", "영화", "곳", "경험", "방송", "회사", "느낌", "사람", "가게", "선택", "업데이트")
_AFTER = ("", "", "", " ㅋㅋ", " ㅎㅎ", "!", "!!", ".", "..", " ㅠㅠ", " 진짜로", " 솔직히")
_SUBJECTS_EN = (
    "the app", "this app", "the movie", "the delivery", "the food", "the staff", "the service", "customer support",
    "the update", "the design", "the sound quality", "the show", "this product", "the story", "the room", "the price",
    "the checkout", "the battery", "the interface", "this place", "the acting", "the course", "the game", "it",
)  # fmt: skip
_HOW_EN = ("", "", "really ", "so ", "very ", "absolutely ", "pretty ", "just ", "truly ", "super ")
_NOUNS_EN = ("service", "app", "movie", "product", "experience", "show", "place", "update", "company", "game")


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with what it says; None where it says nothing about it. `pattern` is what it was made from."""

    text: str
    intent: str | None
    topic: str | None
    feeling: int | None
    spam: bool | None
    pattern: str


def sentences() -> list[Told]:
    """Everything the reader is trained on, in a fixed order, each text once."""
    found = [
        *_written(HERE / "sentences.txt"), *more(), *_patterns(HERE / "phrases.txt"), *_predicates(HERE / "stems.txt")
    ]  # fmt: skip
    asked = {one.text for one in (*tried(), *held_out(), *harder())}  # a pattern may hit on one of them
    return list({one.text: one for one in reversed(found) if one.text not in asked}.values())[::-1]


def tried() -> list[Told]:
    """Sentences that nothing is trained on, by which hint words were chosen and confidence is calibrated."""
    return list(_written(HERE / "tried.txt"))


def held_out() -> list[Told]:
    """Sentences that nothing was trained on or chosen by."""
    return list(_written(HERE / "held_out.txt"))


def harder() -> list[Told]:
    """Sentences that nothing was trained on or chosen by, and that were written to be hard."""
    return list(_written(HERE / "harder.txt"))


def more() -> list[Told]:
    """Sentences for training that came after the others; what they are worth is told by training without them."""
    return list(_written(HERE / "more.txt"))


def _written(path: Path) -> Iterator[Told]:
    """Lines of intent, topic, feeling and text; an intent of `spam` is other, and spam."""
    for intent, topic, feeling, text in _rows(path):
        yield _told(text, intent, topic, feeling, text)


def _patterns(path: Path) -> Iterator[Told]:
    slots: dict[str, list[str]] = {}
    for row in _rows(path):
        if row[0].startswith("@"):
            slots[row[0][1:]] = [word.strip() for word in row[1].split("/")]
            continue
        intent, topic, feeling, pattern = row
        for text in _filled(pattern, slots):
            yield _told(text, intent, topic, feeling, pattern)


def _told(text: str, intent: str, topic: str, feeling: str, pattern: str) -> Told:
    spam = intent == _SPAM
    return Told(text, "other" if spam else intent, topic, int(feeling), spam, pattern)


def _filled(pattern: str, slots: Mapping[str, Sequence[str]]) -> list[str]:
    rng = np.random.default_rng(zlib.crc32(pattern.encode()))

    def one(options: Sequence[str]) -> str:
        return options[int(rng.integers(len(options)))]

    found: dict[str, None] = {}
    for _ in range(EACH * 3):
        text = _SLOT.sub(lambda at: one(slots[at[1]]), pattern)
        while _CHOICE.search(text):
            text = _CHOICE.sub(lambda at: one(at[1].split("|")), text)
        found.setdefault(" ".join(text.split()))
        if len(found) == EACH:
            break
    return list(found)


def _predicates(path: Path) -> Iterator[Told]:
    for polarity, *forms in _rows(path):
        feeling = 1 if polarity == "good" else -1
        rng = np.random.default_rng(zlib.crc32(forms[0].encode()))
        made = _korean(forms, rng) if len(forms) == 3 else _english(forms[0], rng)
        for text, turned in made:
            # Turned around a good word is bad; a bad one is rather good, or at least nothing to complain of.
            yield Told(text, None, None, -feeling if turned else feeling, None, f"{forms[0]} {turned}")


def _korean(forms: Sequence[str], rng: np.random.Generator) -> Iterator[tuple[str, bool]]:
    stem, before_yo, before_noun = forms
    said = [
        f"{stem}네요", f"{stem}네", f"{stem}다", f"{_with(stem, 17, '습')}니다", f"{before_yo}요", before_yo,
        f"{_with(before_yo, 20, '었')}어요", f"{_with(before_yo, 20, '었')}다", f"{_with(before_yo, 20, '었')}습니다",
        _with(stem, 16, "음"), f"{_with(before_yo, 20, '었')}음", f"{stem}고", f"{stem}죠", f"{stem}더라구요",
    ]  # fmt: skip
    turned = [
        f"{stem}지 않아요", f"{stem}지 않네요", f"{stem}지가 않아요", f"{stem}지 않았어요", f"{stem}지 않습니다",
        f"안 {before_yo}요", f"안 {stem}네요", f"안 {_with(before_yo, 20, '었')}어요", f"{stem}지도 않고",
    ]  # fmt: skip
    for options, is_turned, count in ((said, False, 26), (turned, True, 14)):
        for _ in range(count):
            text = f"{_draw(rng, _HOW)}{_draw(rng, options)}{_draw(rng, _AFTER)}"
            if rng.random() < 0.7:
                subject = _draw(rng, _SUBJECTS)
                text = f"{subject}{_draw(rng, ('', _particle(subject, '이'), _particle(subject, '은')))} {text}"
            yield text, is_turned
    for _ in range(6):
        how = _draw(rng, _HOW).strip()
        yield f"{how} {before_noun} {_draw(rng, _NOUNS)}{_draw(rng, ('', '입니다', '이에요', '임'))}".strip(), False


def _english(word: str, rng: np.random.Generator) -> Iterator[tuple[str, bool]]:
    for _ in range(22):
        subject, how = _draw(rng, _SUBJECTS_EN), _draw(rng, _HOW_EN)
        frame = _draw(rng, ("{s} is {h}{w}", "{s} was {h}{w}", "{h}{w}", "{s} has been {h}{w}", "found {s} {h}{w}"))
        yield frame.format(s=subject, h=how, w=word).strip() + _draw(rng, ("", "!", ".", " lol", " honestly")), False
    for _ in range(4):
        yield f"such a {word} {_draw(rng, _NOUNS_EN)}", False
    for _ in range(12):
        subject = _draw(rng, _SUBJECTS_EN)
        frame = _draw(
            rng,
            ("{s} is not {w}", "{s} isn't {w}", "{s} wasn't {w} at all", "not {w} at all", "{s} was not very {w}",
             "{s} is never {w}", "I don't find {s} {w}", "not {w}"),
        )  # fmt: skip
        yield frame.format(s=subject, w=word), True


def _draw(rng: np.random.Generator, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]


def _with(stem: str, final: int, closed: str) -> str:
    """The stem with a final consonant where its last syllable has none, else with a syllable of its own."""
    code = ord(stem[-1]) - 0xAC00
    return stem[:-1] + chr(0xAC00 + code + final) if code % 28 == 0 else stem + closed


def _particle(word: str, closed: str) -> str:
    return closed if (ord(word[-1]) - 0xAC00) % 28 else _BOTH[closed]


def _rows(path: Path) -> list[list[str]]:
    lines = path.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
