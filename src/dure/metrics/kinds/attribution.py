"""Attribution: which touches get the credit for conversions.

A touch is one number, its time and its value's hash (0 is direct); the values that got credit are turned back into
texts by `names`. Models that credit one touch are a pass over each person's touches and conversions in order. The
others look at all touches of each conversion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from dure.metrics import people_sql
from dure.metrics.question import Attribution, seconds_of
from dure.metrics.sql import Ask, both, text_of
from dure.metrics.where import common, named, selected

DIRECT = "(direct)"
_HALF_LIFE = 7 * 86_400 * 1_000_000
# Credit of the first, all middle ones together, and the last touch.
_SHAPES = {"u": (0.4, 0.2, 0.4), "j": (0.2, 0.2, 0.6), "inverse_j": (0.6, 0.2, 0.2)}
_ONE_TOUCH = ("first", "last", "last_non_direct")
_MOST_ROWS = 1000


def statement(ask: Ask, question: Attribution) -> str:
    """Rows of value (a hash), credit, conversions it took part in; in every row all conversions and how many values."""
    return (
        "select value, sum(credit) as credit, countIf(nth = 1) as conversions,"
        " sum(countIf(place = 1)) over () as total, count() over () as kinds"
        f" from ({shares(ask, question)}) group by value order by credit desc, value limit {_MOST_ROWS}"
    )


def names(ask: Ask, question: Attribution, rows: Sequence[Sequence[Any]]) -> str:
    """Rows of hash and text of the values in `statement`'s rows. Reads until it has found them all."""
    shown = sorted({int(row[0]) for row in rows} - {0})
    touches = f"select value, {_hash('value')} as hash from ({_source(ask, question)}) where touches"
    within = f"hash in ({', '.join(map(str, shown))})"
    return f"select hash, value from ({touches}) where {within} limit 1 by hash limit {len(shown)}"


def people_sql_of(ask: Ask, question: Attribution, value: str | None) -> str:
    """A SELECT of `unit`: whose conversions gave a value credit."""
    wanted = _hash(ask.words.text(value or ""))
    return f"select unit from ({shares(ask, question)}) where value = {wanted}"


def shares(ask: Ask, question: Attribution) -> str:
    """One row a touch that got credit: `unit`, `value` (a hash), `credit`, `place` among the touches of its conversion,
    `nth` touch of that value there. A conversion without a touch gives one row of 0."""
    touch = f"bitShiftLeft(toUInt128(t), 64) + {_hash('value')}"
    chosen = {"every": "all", "first": "arraySlice(all, 1, 1)", "last": "arraySlice(all, -1)"}[question.which]
    units = (
        f"select unit, arraySort(groupArrayIf({touch}, touches)) as touched,"
        f" arraySort(groupArrayIf(toInt64(t), converts)) as all, {chosen} as conversions"
        f" from ({_source(ask, question)}) group by unit having notEmpty(all)"
    )
    lookback = seconds_of(question.lookback, "lookback") * 1_000_000
    if question.model in _ONE_TOUCH:
        return _one_touch(question, units, lookback)
    return _all_touches(question, units, lookback)


def answer(
    ask: Ask, question: Attribution, rows: Sequence[Sequence[Any]], named: Sequence[Sequence[Any]]
) -> dict[str, Any]:
    """`named` are the rows of `names`."""
    # What was erased between the two statements has no name any more.
    texts = defaultdict(lambda: "?", {int(number): str(text) for number, text in named} | {0: DIRECT})
    total, kinds = (int(rows[0][3]), int(rows[0][4])) if rows else (0, 0)
    if kinds > len(rows):
        ask.warnings.append(f"{kinds} values of {question.prop}; the {len(rows)} with the most credit are shown.")
    # Thirds and sevenths leave a trace in the last digits of their sum.
    credited = [
        (round(float(credit), 9), texts[int(value)], int(conversions)) for value, credit, conversions, *_ in rows
    ]
    credited.sort(key=lambda row: (-row[0], row[1]))
    listed = [{"value": value, "credit": credit, "conversions": conversions} for credit, value, conversions in credited]
    return {"rows": listed, "conversions": total}


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
    which = {
        "every": "Every conversion in the range counts",
        "first": f"The first conversion in the range of each {question.by} counts",
        "last": f"The last conversion in the range of each {question.by} counts",
    }[question.which]
    said = [
        f"{which}; touches up to {question.lookback} before it, both ends included and also before the range: {how}.",
        "A touch at the very instant of a conversion goes before it.",
        f"{DIRECT} stands for touches without {question.prop} and for conversions without any touch.",
    ]
    if question.model in _SHAPES:
        said.append("With too few touches for the shape the shares are raised to make one whole.")
    if question.model != "participation":
        said.append("The credits of all values add up to the number of conversions.")
    return said


def _source(ask: Ask, question: Attribution) -> str:
    """One row a touch or conversion: `unit`, `t`, `value`, `converts`, `touches`."""
    lookback = seconds_of(question.lookback, "lookback") * 1_000_000
    converts = both(selected(ask, question.conversion, "conversion.where"), ask.in_range())
    touches = selected(ask, question.touch, "touch.where")
    columns = {"t": "toUnixTimestamp64Micro(time)", "converts": converts, "touches": touches}
    trait = question.prop if question.prop.startswith(("person.", "account.")) else None
    if trait is None:
        columns["value"] = text_of(question.prop)
    when = ask.between(ask.period.start_us - lookback, ask.period.end_us)
    which = both(when, named(ask, (question.conversion, question.touch)), f"{converts} or {touches}", common(ask))
    return people_sql.source(ask, columns, which, trait=trait)


def _hash(value: str) -> str:
    return f"if({value} in ('', '{DIRECT}'), 0, cityHash64({value}))"


def _one_touch(question: Attribution, units: str, lookback: int) -> str:
    """Touches and conversions lie in one order, and each conversion takes the touch next to it: no conversion is held
    against all touches."""
    first = question.model == "first"
    touches = "arrayFilter(W -> toUInt64(W) != 0, touched)" if question.model == "last_non_direct" else "touched"
    # The lowest bit of the time tells touches from conversions. For the first touch the touches lie later by the
    # lookback: the next one after a conversion is then the earliest it may credit. A touch at either bound counts.
    later, touch_bit = (lookback, 1) if first else (0, 0)
    shifted = f"toUInt128((toInt64(bitShiftRight(W, 64)) + {later}) * 2 + {touch_bit})"
    touch = f"bitShiftLeft({shifted}, 64) + toUInt128(toUInt64(W))"
    conversion = f"bitShiftLeft(toUInt128(C * 2 + {1 - touch_bit}), 64)"
    line = f"arraySort(arrayConcat(arrayMap(W -> {touch}, {touches}), arrayMap(C -> {conversion}, conversions)))"
    is_touch = f"bitAnd(toInt64(bitShiftRight(W, 64)), 1) = {touch_bit}"
    nearest = f"{'arrayReverseFill' if first else 'arrayFill'}(W -> {is_touch}, line)"
    apart = "abs(toInt64(bitShiftRight(N, 65)) - toInt64(bitShiftRight(W, 65)))"
    near = f"{is_touch.replace('W', 'N')} and {apart} <= {lookback}"
    credited = f"arrayMap((W, N) -> if({near}, toUInt64(N), 0), line, nearest)"
    value = f"arrayJoin(arrayFilter((V, W) -> not {is_touch}, {credited}, line))"
    return (
        f"with {line} as line, {nearest} as nearest"
        f" select unit, {value} as value, 1. as credit, 1 as place, 1 as nth from ({units})"
    )


def _all_touches(question: Attribution, units: str, lookback: int) -> str:
    time = "toInt64(bitShiftRight(W, 64))"
    within = f"arrayFilter(W -> {time} <= conversion and conversion - {time} <= {lookback}, touched)"
    values = "if(empty(within), [0], arrayMap(W -> toUInt64(W), within))"
    if question.model == "participation":
        values = f"arrayDistinct({values})"
    match question.model:
        case "time_decay":
            raw = f"arrayMap(W -> exp2(({time} - conversion) / {_HALF_LIFE}), within)"
        case "u" | "j" | "inverse_j":
            first, middle, last = _SHAPES[question.model]
            between = f"{middle} / greatest(length(within) - 2, 1)"
            raw = (
                f"arrayMap(I -> multiIf(I = 1, {first}, I = length(within), {last}, {between}), arrayEnumerate(within))"
            )
        case _:
            raw = "arrayMap(V -> 1., values)"
    whole = "raw" if question.model == "participation" else "arrayMap(R -> R / arraySum(raw), raw)"
    weights = f"if(empty(within), [1.], {whole})"
    each = f"select unit, touched, arrayJoin(conversions) as conversion from ({units})"
    share = f"arrayJoin(arrayZip(values, {weights}, arrayEnumerate(values), arrayEnumerateUniq(values)))"
    return (
        f"with {within} as within, {values} as values, {raw} as raw, {share} as share"
        f" select unit, share.1 as value, share.2 as credit, share.3 as place, share.4 as nth from ({each})"
    )
