"""What the server says about its answers is read in Korean too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from selenium import webdriver

from dure.kernel.errors import Invalid
from dure.metrics.kinds import (
    attribution,
    correlation,
    funnel,
    funnel_trend,
    lifecycle,
    lifetime_value,
    paths,
    retention,
    sessions,
    sql_question,
    stickiness,
    trend,
)
from dure.metrics.period import period_of
from dure.metrics.question import Correlation, Funnel, parse
from dure.metrics.sql import Ask
from tests.web.browser import Browser, serving
from tests.web.gallery import Gallery

_A, _B = {"event": "A"}, {"event": "B"}
_BREAKDOWN = {"prop": "country"}
_TWO = {"kind": "funnel", "steps": [_A, _B, {"event": "C"}]}
_BACK = {"kind": "retention", "start": _A}
_TOUCHED = {"kind": "attribution", "conversion": _A, "touch": _B}
_PAID = {"kind": "lifetime_value", "purchase": _A, "prop": "amount"}
_MODELS = ("first", "last", "last_non_direct", "linear", "participation", "u", "j", "inverse_j", "time_decay")
QUESTIONS: list[dict[str, Any]] = [
    _TWO | {"exclude": [{"event": "X"}], "trend": {}},
    _TWO | {"order": "strict", "reentry": "first", "trend": {}, "by": "account"},
    _TWO | {"order": "any", "exclude": [{"event": "X"}], "window": "30m"},
    _TWO | {"steps": [_A, _B | {"optional": True}, _A], "breakdown": {"prop": "person.plan"}},
    *(_TWO | {"breakdown": _BREAKDOWN | {"attribution": how}} for how in ("first", "last", "all", "step")),
    *(_BACK | {"measure": measure, "interval": "month"} for measure in ("on", "on_or_after", "bracket")),
    {"kind": "retention", "start": _A | {"first_time": True}, "mode": "rolling", "breakdown": _BREAKDOWN},
    {"kind": "trend", "series": [_A, _A | {"math": "people"}, _A | {"math": "per_person"}], "moving_average": 7},
    {"kind": "trend", "series": [_A | {"math": "p90", "prop": "n"}], "breakdown": _BREAKDOWN, "formula": "A*2"},
    {"kind": "lifecycle", "interval": "week"},
    {"kind": "stickiness", "interval": "hour"},
    {"kind": "sessions", "by": "object", "breakdown": _BREAKDOWN},
    {"kind": "paths"},
    {"kind": "paths", "start": "A", "end": "B"},
    {"kind": "paths", "end": "B", "align": "end"},
    *(_TOUCHED | {"model": model} for model in _MODELS),
    *(_TOUCHED | {"which": which} for which in ("first", "last")),
    _PAID,
    _PAID | {"start": _B, "interval": "week"},
    *({"kind": "correlation", "start": _A, "goal": _B, "exposure": exposure} for exposure in ("window", "matched")),
]
REFUSED: list[dict[str, Any]] = [
    {"kind": "trend", "series": [_A | {"math": "sum"}]},
    {"kind": "trend", "series": [{"event": ""}]},
    _TWO | {"window": "soon"},
    _TWO | {"window": "9999d"},
    _TWO | {"steps": [_A | {"optional": True}, _B]},
    _TWO | {"order": "any", "steps": [_A, _B | {"optional": True}]},
    _TWO | {"order": "strict", "exclude": [{"event": "X"}]},
    {"kind": "paths", "align": "end"},
    _BACK | {"intervals": 0},
    _BACK | {"measure": "bracket", "brackets": [3, 1]},
    {"kind": "correlation", "start": _A, "goal": _B, "look": []},
]
_OF = {
    module.__name__.rpartition(".")[2]: module
    for module in (attribution, funnel, lifecycle, lifetime_value, paths, retention, sessions, stickiness, trend)
}


def sentences() -> Iterator[str]:
    for raw in QUESTIONS:
        question = parse(raw)
        if isinstance(question, Correlation):
            yield from correlation.definitions(question, correlation.Candidates(True, ("p",), ("person.plan",)))
            continue
        yield from _OF[raw["kind"]].definitions(question)
        if isinstance(question, Funnel) and question.trend:
            yield funnel_trend.trend_definition(question)
    yield from sql_question.DEFINITIONS
    yield "12 groups; the 8 largest are shown."
    yield from warnings()
    yield from refusals()


def warnings() -> Iterator[str]:
    """What a correlation warns of: goals that are still to come, less time for some, more rows than are shown."""
    question = parse({"kind": "correlation", "start": _A, "goal": _B, "limit": 1})
    assert isinstance(question, Correlation)
    asked = SimpleNamespace(warnings=[])
    alone = [("", "all", "", 100, 50), ("", "open", "", 3, 0), ("", "wait", "", 129_600_000_000, 0)]
    correlation.answer(cast("Ask", asked), question, [*alone, *(("event", name, "", 40, 30) for name in "CD")])
    assert len(asked.warnings) == 3
    yield from asked.warnings


def refusals() -> Iterator[str]:
    for raw in REFUSED:
        with pytest.raises(Invalid) as refused:
            parse(raw)
        yield refused.value.message
    now = datetime(2026, 11, 2, tzinfo=UTC)
    backwards = {"from": "2026-11-03", "to": "2026-11-01"}
    for about in (backwards, {"from": "1960-01-01"}, {"from": "soon"}, {"timezone": "Here"}):
        with pytest.raises(Invalid) as refused:
            period_of(parse({"kind": "lifecycle", **about}), now, "UTC")
        yield refused.value.message
    yield "There is no segment 'vip'."


def test_every_sentence_of_a_definition_has_its_korean(chromium: webdriver.Chrome) -> None:
    gallery, said = Gallery(), list(dict.fromkeys(sentences()))
    with serving(gallery.app) as url:
        browser = Browser(chromium)
        browser.clean()
        browser.open(url + "/channels/C1", lang="ko", theme="light")
        script = "const { told } = await import(args[0]); return args[1].map(told)"
        korean = browser.js(script, gallery.assets.url("metrics/said.js"), said)
        gallery.release()
    assert len(said) > 70
    assert [one for one in korean if not re.search("[가-힣]", one)] == []
    assert [one for one in korean if re.search(r"[{}]|\b(person|account|object|week|month)\b(?!\.)", one)] == []
    assert "A: 서로 다른 사람 수" in " ".join(korean)
