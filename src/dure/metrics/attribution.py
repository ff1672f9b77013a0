"""Attribution: which touches get the credit for conversions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dure.metrics import people_sql
from dure.metrics.question import Attribution, seconds_of
from dure.metrics.sql import Ask, both, text_of
from dure.metrics.where import common, named, selected

_HALF_LIFE = 7 * 86_400 * 1_000_000
# Credit of the first, all middle ones together, and the last touch.
_SHAPES = {"u": (0.4, 0.2, 0.4), "j": (0.2, 0.2, 0.6), "inverse_j": (0.6, 0.2, 0.2)}
DIRECT = "(direct)"


def statement(ask: Ask, question: Attribution) -> str:
    """Rows of value, credit and conversions it took part in."""
    lookback = seconds_of(question.lookback, "lookback") * 1_000_000
    converts = selected(ask, question.conversion, "conversion.where")
    touches = selected(ask, question.touch, "touch.where")
    when = ask.between(ask.period.start_us - lookback, ask.period.end_us)
    columns = {
        "t": "toUnixTimestamp64Micro(time)",
        "value": text_of(question.prop),
        "converts": f"{converts} and {ask.in_range()}",
        "touches": touches,
    }
    condition = both(when, named(ask, (question.conversion, question.touch)), f"{converts} or {touches}", common(ask))
    source = people_sql.source(ask, columns, condition)
    direct = f"arrayMap(V -> if(V = '', '{DIRECT}', V), touched)"
    if question.model == "last_non_direct":
        # Direct visits get credit only where there was nothing else.
        direct = f"if(arrayExists(V -> V != '', touched), arrayFilter(V -> V != '', touched), {direct})"
    per_person = (
        "select unit, arraySort(groupArrayIf(toInt64(t), converts)) as conversions,"
        " arraySort(groupArrayIf((toInt64(t), value), touches)) as touched_at"
        f" from ({source}) group by unit having notEmpty(conversions)"
    )
    # A conversion that is itself a touch counts as one: it lies at its own time.
    each = (
        f"select arrayFilter(W -> W.1 <= conversion and conversion - W.1 <= {lookback}, touched_at) as within,"
        f" arrayMap(W -> W.2, within) as touched, {direct} as names, conversion,"
        f" {_weights(question)} as raw, if(empty(names), [1.], arrayMap(R -> R / arraySum(raw), raw)) as weights,"
        f" if(empty(names), ['{DIRECT}'], names) as credited"
        f" from (select touched_at, arrayJoin(conversions) as conversion from ({per_person}))"
    )
    if question.model == "participation":
        pairs = "arrayMap(N -> (N, 1.), arrayDistinct(credited))"
    else:
        pairs = "arrayMap(N -> (N, arraySum((C, W) -> if(C = N, W, 0.), credited, weights)), arrayDistinct(credited))"
    return (
        "select share.1 as value, sum(share.2) as credit, count() as conversions"
        f" from (select arrayJoin({pairs}) as share from ({each}))"
        " where share.2 > 0 group by value order by credit desc, value limit 1000"
    )


def _weights(question: Attribution) -> str:
    names = "names"
    match question.model:
        case "first":
            return f"arrayMap(I -> toFloat64(I = 1), arrayEnumerate({names}))"
        case "last" | "last_non_direct":
            return f"arrayMap(I -> toFloat64(I = length({names})), arrayEnumerate({names}))"
        case "time_decay":
            return f"arrayMap(W -> exp2(-(conversion - W.1) / {_HALF_LIFE}), within)"
        case "u" | "j" | "inverse_j":
            first, middle, last = _SHAPES[question.model]
            between = f"{middle} / greatest(length({names}) - 2, 1)"
            share = f"multiIf(I = 1, {first}, I = length({names}), {last}, {between})"
            return f"arrayMap(I -> {share}, arrayEnumerate({names}))"
        case _:
            return f"arrayMap(N -> 1., {names})"


def answer(question: Attribution, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    del question
    return {
        "rows": [
            {"value": value, "credit": float(credit), "conversions": int(conversions)}
            for value, credit, conversions in rows
        ]
    }


def definitions(question: Attribution) -> list[str]:
    how = {
        "first": "all credit to the first touch",
        "last": "all credit to the last touch",
        "last_non_direct": "all credit to the last touch with a value; direct only where there was none",
        "linear": "equal credit to every touch",
        "participation": "one whole credit to every value that took part, so credits add up to more than conversions",
        "u": "40 % first, 40 % last, 20 % shared between",
        "j": "20 % first, 60 % last, 20 % shared between",
        "inverse_j": "60 % first, 20 % last, 20 % shared between",
        "time_decay": "credit halves with every seven days before the conversion",
    }[question.model]
    return [
        f"Every conversion in the range counts; touches up to {question.lookback} before it: {how}.",
        "With too few touches for a shape the shares are raised to make one whole.",
        f"{DIRECT} stands for touches without {question.prop} and for conversions without any touch.",
    ]
