"""What people type to search by, as it is understood; how words are folded, lit and cut into slices of time."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.channels.model import ts_at
from dure.channels.search.lit import marked, places
from dure.channels.search.query import Query, days_of, parse
from dure.channels.search.slices import LEVELS, Counts, plan, slices_of
from dure.channels.search.words import text_marks, wanted_marks
from dure.kernel.folding import fold, wanted

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)  # one o'clock at night on the 26th in Seoul
SEOUL = ZoneInfo("Asia/Seoul")


def day(year: int, month: int, day: int) -> int:
    return ts_at(datetime(year, month, day, tzinfo=SEOUL))


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("", {}),
        ("  \t ", {}),
        ("한빛 Deal", {"wants": ("한빛", " deal")}),
        ('"단가표 v3" 계약', {"wants": ("단가표 v3 ", "계약")}),
        ("“단가표 v3”", {"wants": ("단가표 v3 ",)}),
        ('"끝없는 말', {"wants": ("끝없는 말",)}),
        ('-초안 -"no way"', {"shuns": ("초안", " no way ")}),
        ("camp* Ｑ４", {"wants": (" camp", " q4")}),
        ("from:@mina from:me", {"by": ("mina", "me")}),
        ("FROM:mina -from:나", {"by": ("mina",), "not_by": ("me",)}),
        ('from:"Joon Park"', {"by": ("Joon Park",)}),
        ("from:<@U0MINA0000|mina>", {"by": ("U0MINA0000",)}),
        ("보낸사람:박준 채널:#광고", {"by": ("박준",), "places": ("광고",)}),
        ("in:#q4 in:@박준 -in:<#C0ADS00000|ads>", {"places": ("q4", "@박준"), "not_places": ("C0ADS00000",)}),
        ("in:@me to:me", {"places": ("@me",), "to": ("me",)}),
        ("has:link has:file has:reaction has:pin", {"labels": tuple(("has", x) for x in ("link", "file", "reaction", "pin"))}),  # noqa: E501
        ("has::tada: -has::+1::skin-tone-2: has:링크", {"labels": (("emoji", "tada"), ("has", "link")), "not_labels": (("emoji", "+1"),)}),  # noqa: E501
        ("is:thread is:dm -is:dm", {"labels": (("is", "thread"), ("is", "dm")), "not_labels": (("is", "dm"),)}),
        ("on:2026-11-03", {"since": day(2026, 11, 3), "until": day(2026, 11, 4)}),
        ("after:2026-11-03", {"since": day(2026, 11, 4)}),
        ("before:2026/11/03", {"until": day(2026, 11, 3)}),
        ("during:november", {"since": day(2026, 11, 1), "until": day(2026, 12, 1)}),
        ("기간:12월", {"since": day(2025, 12, 1), "until": day(2026, 1, 1)}),
        ("on:today", {"since": day(2026, 11, 26), "until": day(2026, 11, 27)}),
        ("on:어제", {"since": day(2026, 11, 25), "until": day(2026, 11, 26)}),
        ("after:2026-10 before:2026-11-20", {"since": day(2026, 11, 1), "until": day(2026, 11, 20)}),
        # What is not understood is words.
        ("foo:bar https://a.b/c", {"wants": (" foo bar", " https a b c")}),
        ("before:언젠가 on:2026-02-31", {"wants": (" before 언젠가", " on 2026 02 31")}),
        ("has:nothing is:what", {"wants": (" has nothing", " is what")}),
        ("from: in:# from:@", {"wants": (" from", " in")}),
        ("- -- * … 😀", {}),
    ],
)  # fmt: skip
def test_a_query_is_understood(text: str, understood: dict[str, Any]) -> None:
    assert parse(text, now=NOW, zone=SEOUL) == Query(**understood)


@pytest.mark.parametrize(
    ("text", "first", "beyond"),
    [
        ("2026년11월3일", (2026, 11, 3), (2026, 11, 4)),
        ("2026.12.31", (2026, 12, 31), (2027, 1, 1)),
        ("2026-12", (2026, 12, 1), (2027, 1, 1)),
        ("2025", (2025, 1, 1), (2026, 1, 1)),
        ("11/20", (2026, 11, 20), (2026, 11, 21)),
        ("12월25일", (2025, 12, 25), (2025, 12, 26)),
        ("Dec", (2025, 12, 1), (2026, 1, 1)),
        ("sept", (2026, 9, 1), (2026, 10, 1)),
        ("last-week", (2026, 11, 16), (2026, 11, 23)),
        ("이번주", (2026, 11, 23), (2026, 11, 30)),
        ("지난달", (2026, 10, 1), (2026, 11, 1)),
        ("작년", (2025, 1, 1), (2026, 1, 1)),
    ],
)
def test_days_have_names(text: str, first: tuple[int, int, int], beyond: tuple[int, int, int]) -> None:
    assert days_of(text, date(2026, 11, 26)) == (date(*first), date(*beyond))


@pytest.mark.parametrize("text", ["2026-13", "0000", "9999-12-31", "32", "2/30", "ma", "13월", "0월", "내일모레"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert days_of(text, date(2026, 11, 26)) is None


@given(st.text(), st.text())
def test_any_text_can_be_typed_and_looked_into(text: str, query: str) -> None:
    understood = parse(query, now=NOW, zone=SEOUL)
    lit = marked(text, understood.wants)
    assert lit.replace("\ue000", "").replace("\ue001", "") == text.replace("\ue000", "").replace("\ue001", "")
    assert fold(fold(text)) == fold(text)


_SOME = st.text(st.sampled_from("한빛커피가を北a bB-é ㅋ9*_"), max_size=30)


@given(_SOME, st.integers(0, 30), st.integers(1, 8))
def test_the_marks_of_what_is_sought_are_among_those_of_every_text_that_holds_it(text: str, at: int, size: int) -> None:
    folded = fold(text)
    want = wanted(text[at : at + size])
    if want and want in folded:
        assert wanted_marks(want) <= text_marks(folded)


@given(_SOME, _SOME)
def test_what_fits_is_lit(text: str, query: str) -> None:
    want = wanted(query)
    if want:
        assert bool(places(text, [want])) is (want in fold(text))


def test_the_words_are_lit_as_they_were_written() -> None:
    wants = [wanted(word) for word in ("단가표만", "cafe", "deal")]
    text = "*단가표*만 <https://x.example/deal|단가표> &amp; CAFÉ Deals, ideal"
    assert marked(text, wants) == (
        "*\ue000단가표*만\ue001 <https://x.example/deal|단가표> &amp; \ue000CAFÉ\ue001 \ue000Deal\ue001s, ideal"
    )


def test_each_moment_lies_in_one_slice_newest_first() -> None:
    source = random.Random(1)
    moments = sorted({ts_at(NOW) - int(source.expovariate(1 / 3e13)) for _ in range(40_000)}, reverse=True)
    counts: dict[tuple[int, int], int] = {}
    for ts in moments:
        for one in slices_of(ts):
            counts[one] = counts.get(one, 0) + 1
    known = {
        level: (0, 1 << 62) if level >= 38 else ((moments[0] >> level) - 16, moments[0] >> level) for level in LEVELS
    }
    near = Counts({(at, n): c for (at, n), c in counts.items() if known[at][0] <= n <= known[at][1]}, known)
    for since, until in ((0, None), (moments[20_000], moments[100])):
        asked = plan(near, since=since, until=until)
        held = [ts for level, slot in asked for ts in moments if ts >> level == slot]
        assert held == sorted(held, reverse=True)
        assert len(held) == len(set(held))
        assert set(held) >= {ts for ts in moments if ts >= since and (until is None or ts < until)}
        begins = [slot << level for level, slot in plan(near, since=since, until=until, oldest_first=True)]
        assert begins == sorted(begins)
    assert all(counts[one] <= 20_000 for one in plan(near, until=moments[15_000]))
    sizes = [counts[one] for one in plan(near)]
    assert sizes[0] <= 8_000 < len(moments)
    assert len(sizes) < 40
    assert {level for level, _ in plan(near)} <= set(LEVELS)
