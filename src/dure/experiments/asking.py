"""Measures and an exposure as one ClickHouse statement: text put together here, values always bound."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from dure.experiments import log_sql
from dure.experiments.design import EXPOSED, Exposure, Measure, Selector
from dure.kernel.filters import Filter
from dure.people.api import OUR_SOURCES
from dure.segments.api import ANYTHING, duration

Compile = Callable[[Sequence[Filter]], tuple[str, dict[str, object]]]
"""Filters over an event `e` as SQL that begins with ` and`, and the values bound in it."""

_BOUND = re.compile(r"\{(\w+):")
CALLED = "$feature_flag_called"


@dataclass(frozen=True, slots=True)
class Span:
    """Who counts: exposed from `since` to `until`; what they did counts until `now`. Days are days of `zone`."""

    since: datetime
    until: datetime
    now: datetime
    zone: str


@dataclass
class Asked:
    """A statement while it is put together."""

    compile: Compile
    params: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: object, type: str) -> str:
        name = f"b{len(self.params)}"
        self.params[name] = value
        return f"{{{name}:{type}}}"

    def where(self, conditions: Sequence[Filter]) -> str:
        """Conditions with names of their own for the values bound in them."""
        sql, values = self.compile(conditions)
        names = {name: f"b{len(self.params) + place}" for place, name in enumerate(values)}
        self.params |= {names[name]: value for name, value in values.items()}
        return _BOUND.sub(lambda found: f"{{{names.get(found[1], found[1])}:", sql)

    def selects(self, selector: Selector) -> str:
        return f"({self.named(selector.event)}{self.where(selector.where)})"

    def named(self, event: str) -> str:
        """`*` is whatever people did themselves: what Dure wrote about them is nothing that they did."""
        if event == ANYTHING:
            return f"e.source not in {self.bind(list(OUR_SOURCES), 'Array(String)')}"
        return f"e.event = {self.bind(event, 'String')}"

    def exposure(self, exposure: Exposure, flags: Sequence[str]) -> tuple[str, str]:
        """The condition and the arm; `flags` are those that give out an experiment's arms: that somebody was told one
        is an exposure too."""
        condition, arm = self.selects(exposure), column(exposure.arm)
        if exposure.object:
            condition = f"({condition} and e.object = {self.bind(exposure.object, 'String')})"
        if flags:
            told, keys = self.bind(CALLED, "String"), self.bind(list(flags), "Array(String)")
            key, answer = column("$feature_flag"), column("$feature_flag_response")
            condition = f"({condition} or (e.event = {told} and toString({key}) in {keys}))"
            arm = f"if(e.event = {told}, {answer}, {arm})"
        return condition, arm

    def span(self, span: Span, back: timedelta) -> None:
        self.params |= {
            "since": moment(span.since), "until": moment(span.until), "now": moment(span.now),
            "back": int(back.total_seconds()),
        }  # fmt: skip

    def did(self, measures: Sequence[Measure], back: int) -> dict[str, str]:
        """The columns of what people did: y, d and x of each measure by its number."""
        values, columns, events = [], [], set[str]()
        for number, measure in enumerate(measures):
            if measure.event is None:
                raise ValueError("a metric of the catalogue is unfolded before it is asked")
            events |= {measure.event.event, *([measure.over.event] if measure.over else [])}
            values.append(f"{self.selects(measure.event)} as is{number}")
            if measure.prop:
                values.append(f"{_number(measure.prop)} as v{number}")
            if measure.over is not None:
                values.append(f"{self.selects(measure.over)} as on{number}")
                if measure.over_prop:
                    values.append(f"{_number(measure.over_prop)} as w{number}")
            columns += _columns(number, measure, back)
        happened = [self.named(ANYTHING)] if ANYTHING in events else []
        if events := events - {ANYTHING}:
            happened.append(f"e.event in {self.bind(sorted(events), 'Array(String)')}")
        return {
            "happened": " or ".join(happened) or "false",
            "values": "".join(f",\n               {one}" for one in values),
            "columns": "".join(f",\n           {one}" for one in columns),
        }


def sums(
    compile: Compile, exposure: Exposure, flags: Sequence[str], arms: Sequence[str], measures: Sequence[Measure],
    span: Span, *, cuped: str | None = None, strata: str = "",
) -> tuple[str, dict[str, Any]]:  # fmt: skip
    """`log_sql.SUMS` for these measures, with the values bound in it."""
    asked = Asked(compile)
    back = duration(cuped) if cuped else timedelta()
    asked.span(span, back)
    asked.params |= {"arms": list(arms), "zone": span.zone}
    condition, arm = asked.exposure(exposure, flags)
    parts = ["(toInt16(-1), dateDiff('day', {since:DateTime64(6, 'UTC')}, x.at, {zone:String}), toFloat64(x.mixed),"
             " toFloat64(0), toFloat64(0))"]  # fmt: skip
    for number, measure in enumerate(measures):
        over = f"x.at + toIntervalSecond({measure.seconds})"
        day = (
            f"if({over} <= {{now:DateTime64(6, 'UTC')}},"
            f" dateDiff('day', {{since:DateTime64(6, 'UTC')}}, {over}, {{zone:String}}), -1)"
        )
        seen = ", ".join(f"ifNull(toFloat64(d.{letter}{number}), 0)" for letter in "ydx")
        parts.append(f"(toInt16({number}), {day}, {seen})")
    held = column(strata) if strata else ""
    sql = log_sql.SUMS.format(
        exposure=condition, arm=arm, **asked.did(measures, int(back.total_seconds())), parts=", ".join(parts),
        and_stratum=",\n" + log_sql.STRATUM.format(trait=held) if strata else "",
        join_stratum=" left join stratum as s on x.who = s.who" if strata else "",
        stratum="ifNull(s.value, '')" if strata else "''",
    )  # fmt: skip
    return sql, asked.params


def quantile(
    compile: Compile, exposure: Exposure, flags: Sequence[str], arms: Sequence[str], measure: Measure, span: Span,
    z: float,
) -> tuple[str, dict[str, Any]]:  # fmt: skip
    asked = Asked(compile)
    asked.span(span, timedelta())
    asked.params |= {"arms": list(arms), "share": measure.share, "z": z}
    condition, arm = asked.exposure(exposure, flags)
    sql = log_sql.QUANTILE.format(
        exposure=condition, arm=arm, **asked.did([measure], 0), seconds=asked.bind(measure.seconds, "Int64")
    )
    return sql, asked.params


def traffic(compile: Compile, exposure: Exposure, since: datetime, now: datetime) -> tuple[str, dict[str, Any]]:
    asked = Asked(compile)
    asked.params |= {"since": moment(since), "now": moment(now)}
    condition, _ = asked.exposure(exposure, ())
    return log_sql.TRAFFIC.format(exposure=condition), asked.params


def base(compile: Compile, exposure: Exposure, measure: Measure, span: Span) -> tuple[str, dict[str, Any]]:
    """What a measure is of those whom the event met: `log_sql.BASE`."""
    asked = Asked(compile)
    asked.span(span, timedelta())
    condition, _ = asked.exposure(exposure, ())
    return log_sql.BASE.format(exposure=condition, **asked.did([measure], 0)), asked.params


def of_experiment(exposure: Exposure, id: str) -> Exposure:
    """An experiment's own exposures are about itself; those it takes from elsewhere are as they were written."""
    if exposure.event != EXPOSED or exposure.object:
        return exposure
    return Exposure(event=EXPOSED, where=exposure.where, object=id, arm=exposure.arm)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def column(prop: str) -> str:
    """A property of the JSON column; dots lead inside."""
    return "e.properties." + ".".join(f"`{part}`" for part in prop.split("."))


def _number(prop: str) -> str:
    return f"ifNull(toFloat64OrNull(toString({column(prop)})), 0)"


def _columns(number: int, measure: Measure, back: int) -> list[str]:
    if measure.kind == "retention":
        first, beyond = measure.day * 86_400, (measure.day + 1) * 86_400
        within = f"d.time >= x.at + toIntervalSecond({first}) and d.time < x.at + toIntervalSecond({beyond})"
    else:
        after = int(duration(measure.after).total_seconds()) if measure.after else 0
        begin = f"x.at + toIntervalSecond({after})" if after else "x.at"
        within = f"d.time > {begin} and d.time <= x.at + toIntervalSecond({measure.seconds})"
    before = f"d.time <= x.at and d.time > x.at - toIntervalSecond({back})" if back else "false"
    return [
        f"{_summed(number, measure, within)} as y{number}",
        f"{_below(number, measure, within)} as d{number}",
        f"{_summed(number, measure, before)} as x{number}",
    ]


def _summed(number: int, measure: Measure, when: str) -> str:
    if measure.kind in ("conversion", "retention"):
        return f"countIf(d.is{number} and {when}) > 0"
    if measure.kind == "count" or not measure.prop:
        return f"countIf(d.is{number} and {when})"
    return f"sumIf(d.v{number}, d.is{number} and {when})"


def _below(number: int, measure: Measure, when: str) -> str:
    if measure.over is None:
        return "0"
    if measure.over_prop:
        return f"sumIf(d.w{number}, d.on{number} and {when})"
    return f"countIf(d.on{number} and {when})"
