"""A question is a frozen value. `parse` reads the JSON of CONTRACTS §3 and refuses what makes no sense by field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal, get_args

import msgspec

from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.metrics import sense
from dure.metrics.choices import choices

Interval = Literal["hour", "day", "week", "month"]
By = Literal["person", "account", "object"]
Math = Literal["count", "people", "sum", "average", "median", "p90", "min", "max", "per_person"]
Model = Literal["first", "last", "last_non_direct", "linear", "participation", "u", "j", "inverse_j", "time_decay"]

MOST_STEPS = 20
MOST_STEPS_MEETING = 6
MOST_EXCLUSIONS = 10
MOST_INTERVALS = 1500


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all parts of a question share: they are never changed, and a misspelt field is an error."""


class Selector(_Value, frozen=True):
    """Which events: a name (`*` is any) and conditions that must all hold."""

    event: str
    where: tuple[Filter, ...] = ()


class Step(Selector, frozen=True):
    """A funnel's step. An optional one may be left out on the way to the next."""

    optional: bool = False


class Exclusion(Selector, frozen=True):
    """An event that removes an attempt when it lies between the steps `from` and `to` (zero-based)."""

    from_: int = msgspec.field(name="from", default=0)
    to: int = 1


class Breakdown(_Value, frozen=True):
    """Splits an answer by an event property, `person.x` or `account.x`; the `limit` largest groups are shown."""

    prop: str
    limit: int = 25


class FunnelBreakdown(Breakdown, frozen=True):
    """`first`: the first value along the matched events; `all`: one value on every matched event."""

    attribution: Literal["first", "last", "all", "step"] = "first"
    step: int = 0


class Actors(_Value, frozen=True):
    """Asks for the people who reached a step, or who reached the one before and not it (`dropped`)."""

    step: int = 0
    dropped: bool = False
    limit: int = 100


class Times(_Value, frozen=True):
    """Asks how long converting took, from step `from` to step `to` (zero-based; no `to` is the last), in `bins`."""

    from_: int = msgspec.field(name="from", default=0)
    to: int | None = None
    bins: int = 20


class Over(_Value, frozen=True):
    """Asks for a funnel's conversion by the interval in which an attempt began."""

    interval: Interval = "day"
    week_start: Literal["monday", "sunday"] = "monday"


class Start(Selector, frozen=True):
    """What begins a retention cohort. `first_time`: only a person's first such event of all time counts."""

    first_time: bool = False


class Series(Selector, frozen=True):
    """One line of a trend: what is counted of the selected events."""

    math: Math = "count"
    prop: str | None = None
    label: str | None = None


class Question(_Value, frozen=True, tag_field="kind"):
    """The common fields. `from` and `to` are ISO dates, both included, or date-times."""

    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    timezone: str | None = None
    by: By = "person"
    where: tuple[Filter, ...] = ()
    segment: str | None = None


class Funnel(Question, frozen=True, tag="funnel", kw_only=True):
    """Steps in order within a window that runs from the first step of the attempt; its end is included."""

    steps: tuple[Step, ...]
    order: Literal["ordered", "strict", "any"] = "ordered"
    window: str = "7d"
    reentry: Literal["any", "first"] = "any"
    exclude: tuple[Exclusion, ...] = ()
    breakdown: FunnelBreakdown | None = None
    actors: Actors | None = None
    times: Times | None = None
    trend: Over | None = None


class Retention(Question, frozen=True, tag="retention", kw_only=True):
    """Who came back after they began. `brackets` are the last intervals of each bracket, both ends included."""

    start: Start
    return_: Selector = msgspec.field(name="return", default_factory=lambda: Selector(event="*"))
    interval: Interval = "day"
    intervals: int = 8
    mode: Literal["calendar", "rolling"] = "calendar"
    measure: Literal["on", "on_or_after", "bracket"] = "on"
    brackets: tuple[int, ...] = (1, 3, 7, 14)
    minimum: int = 1
    week_start: Literal["monday", "sunday"] = "monday"
    breakdown: Breakdown | None = None


class Trend(Question, frozen=True, tag="trend", kw_only=True):
    """Numbers over time; `formula` combines the series by their letters, A being the first."""

    series: tuple[Series, ...]
    interval: Interval = "day"
    week_start: Literal["monday", "sunday"] = "monday"
    breakdown: Breakdown | None = None
    formula: str | None = None
    compare: Literal["previous"] | None = None
    moving_average: int | None = None


class Lifecycle(Question, frozen=True, tag="lifecycle", kw_only=True):
    """Per interval: who is new, returning, resurrecting, and who has gone dormant (negative)."""

    event: str = "*"
    interval: Interval = "day"
    week_start: Literal["monday", "sunday"] = "monday"


class Stickiness(Question, frozen=True, tag="stickiness", kw_only=True):
    """How many people were active in exactly one, two, three… of the range's intervals."""

    event: str = "*"
    interval: Interval = "day"
    week_start: Literal["monday", "sunday"] = "monday"


class Paths(Question, frozen=True, tag="paths", kw_only=True):
    """What follows what. A pause longer than `gap` ends a path; `prop` names nodes by a property instead.

    `align: end` numbers nodes so that all paths end in the same place, for what leads to `end`.
    """

    events: tuple[str, ...] = ()
    prop: str | None = None
    start: str | None = None
    end: str | None = None
    steps: int = 5
    edges: int = 50
    gap: str = "30m"
    align: Literal["start", "end"] = "start"


class Attribution(Question, frozen=True, tag="attribution", kw_only=True):
    """Credits conversions to the touches that went before, within `lookback`.

    `which` counts every conversion in the range, or of each person the first or the last only.
    """

    conversion: Selector
    touch: Selector
    prop: str = "utm_source"
    model: Model = "last"
    lookback: str = "30d"
    which: Literal["every", "first", "last"] = "every"


class Sessions(Question, frozen=True, tag="sessions", kw_only=True):
    """Stretches of activity without a pause longer than `gap`: how many, how long, how deep."""

    event: str = "*"
    gap: str = "30m"
    interval: Interval = "day"
    week_start: Literal["monday", "sunday"] = "monday"
    breakdown: Breakdown | None = None


class LifetimeValue(Question, frozen=True, tag="lifetime_value", kw_only=True):
    """What those who began in an interval have paid since, and how often and how soon they buy again.

    `prop` is the money property of the `purchase`; a cohort begins with the first purchase ever, or with `start`.
    """

    purchase: Selector
    prop: str
    start: Selector | None = None
    interval: Interval = "month"
    intervals: int = 12
    week_start: Literal["monday", "sunday"] = "monday"
    breakdown: Breakdown | None = None


class Correlation(Question, frozen=True, tag="correlation", kw_only=True):
    """Which earlier events, event properties and traits go with reaching `goal` within `window` after `start`.

    `events` and `props` name the candidates; empty means those seen most often. Whoever reached the goal soon had less
    time to do anything else: `exposure: matched` gives those who did not reach it the time that others took.
    """

    start: Selector
    goal: Selector
    window: str = "7d"
    look: tuple[Literal["events", "properties", "traits"], ...] = ("events", "traits")
    events: tuple[str, ...] = ()
    props: tuple[str, ...] = ()
    exposure: Literal["window", "matched"] = "window"
    minimum: int = 20
    limit: int = 50


class MetricQuestion(Question, frozen=True, tag="metric", kw_only=True):
    """Asks a metric of the catalogue, over its own range or another."""

    metric: str
    interval: Interval | None = None
    breakdown: Breakdown | None = None
    compare: Literal["previous"] | None = None


class JourneyQuestion(Question, frozen=True, tag="journey", kw_only=True):
    """Asks a journey map: how many people are in each stage, how they flow and where they wait. `map` in place of
    `journey` asks one that is not saved: `{stages, activity}`."""

    journey: str | None = None
    map: dict[str, Any] | None = None
    interval: Interval = "week"
    week_start: Literal["monday", "sunday"] = "monday"


class Sql(Question, frozen=True, tag="sql", kw_only=True):
    """A SELECT over the workspace's own `events`."""

    sql: str
    limit: int = 10_000


AnyQuestion = (
    Funnel | Retention | Trend | Lifecycle | Stickiness | Paths | Attribution | Sessions | LifetimeValue
    | Correlation | JourneyQuestion | MetricQuestion | Sql
)  # fmt: skip
KINDS = tuple(str(kind.__struct_config__.tag) for kind in get_args(AnyQuestion))

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def parse(raw: object) -> AnyQuestion:
    """A question out of decoded JSON. Raises Invalid that names the field."""
    if not isinstance(raw, dict):
        raise Invalid("A question is a JSON object.")
    if "kind" not in raw:
        raise Invalid(f"A question names its kind: {', '.join(KINDS)}.", field="kind")
    try:
        question: AnyQuestion = msgspec.convert(raw, AnyQuestion)
    except msgspec.ValidationError as error:
        raise _of_a_question(error, raw["kind"]) from error
    sense.check(question)
    _check(question)
    return question


def as_json(question: AnyQuestion) -> dict[str, Any]:
    """The question with every default filled in."""
    value: dict[str, Any] = msgspec.to_builtins(question)
    return value


def seconds_of(duration: str, field: str) -> int:
    """`30s`, `5m`, `1h`, `7d`, `2w` in seconds."""
    match = re.fullmatch(r"(\d{1,9})([smhdw])", duration)
    if match is None or int(match[1]) == 0:
        raise Invalid(f"{duration!r} is not a duration such as 30s, 5m, 1h, 7d or 2w.", field=field)
    seconds = int(match[1]) * _UNITS[match[2]]
    if seconds > 3660 * 86_400:
        raise Invalid("A duration is at most ten years.", field=field)
    return seconds


def meet(selectors: Sequence[Selector]) -> bool:
    """Whether some event may be meant by two of these (told from the names alone)."""
    names = [selector.event for selector in selectors]
    return len(set(names)) < len(names) or ("*" in names and len(names) > 1)


def refused(error: msgspec.ValidationError, under: str = "", kind: Any = None) -> Invalid:
    """What does not fit, by the field it stands at; `under` is where the whole value stands, `kind` is its type, which
    tells what may stand there."""
    message, _, place = str(error).partition(" - at `$")
    field = under + place.strip("`")
    allowed = choices(kind, place.strip("`")) if message.startswith("Invalid enum value") else []
    if allowed:
        message += f"; there are {', '.join(allowed)}."
    for pattern in (r"unknown field `(\w+)`", r"missing required field `(\w+)`", r"^`(value)` of"):
        found = re.search(pattern, message)
        if found:
            field += f".{found[1]}"
    return Invalid(message, field=field.lstrip(".") or None)


def _of_a_question(error: msgspec.ValidationError, kind: object) -> Invalid:
    types = [one for one in get_args(AnyQuestion) if one.__struct_config__.tag == kind]
    wrong = refused(error, kind=types[0] if types else None)
    if wrong.field == "kind" or (wrong.field is None and "Invalid value '" in wrong.message):
        return Invalid(f"There is no such kind of question; there are {', '.join(KINDS)}.", field="kind")
    return wrong


def _check(question: AnyQuestion) -> None:
    match question:
        case Funnel():
            _check_funnel(question)
        case Retention():
            _within(question.intervals, 1, 400, "intervals")
            _within(question.minimum, 1, 1000, "minimum")
            if not question.brackets or list(question.brackets) != sorted(set(question.brackets)):
                raise Invalid("Brackets are their last intervals, rising.", field="brackets")
            _within(question.brackets[0], 1, 400, "brackets")
            _within(question.brackets[-1], 1, 400, "brackets")
        case Trend():
            _check_trend(question)
        case Paths():
            _within(question.steps, 2, 20, "steps")
            _within(question.edges, 1, 1000, "edges")
            seconds_of(question.gap, "gap")
            if question.align == "end" and not question.end:
                raise Invalid("Paths are aligned at an end that is named.", field="align")
        case Attribution():
            seconds_of(question.lookback, "lookback")
        case Sessions():
            seconds_of(question.gap, "gap")
        case LifetimeValue():
            _within(question.intervals, 1, 400, "intervals")
        case Correlation():
            _within(seconds_of(question.window, "window"), 1, 366 * 86_400, "window")
            _within(question.minimum, 1, 1_000_000, "minimum")
            _within(question.limit, 1, 200, "limit")
            if not question.look:
                raise Invalid("Say what to look among: events, properties, traits.", field="look")
        case JourneyQuestion():
            if (question.journey is None) == (question.map is None):
                raise Invalid("A journey is named by its id, or given as `map`.", field="journey")
            if question.by != "person":
                raise Invalid("A journey is people's.", field="by")
        case Sql():
            _within(question.limit, 1, 100_000, "limit")
        case _:
            pass
    breakdown = getattr(question, "breakdown", None)
    if breakdown is not None:
        _within(breakdown.limit, 1, 200, "breakdown.limit")


def _check_funnel(question: Funnel) -> None:
    count = len(question.steps)
    seconds_of(question.window, "window")
    _within(count, 1, MOST_STEPS, "steps")
    if question.order == "any" and meet(question.steps) and count > MOST_STEPS_MEETING:
        raise Invalid(
            f"In any order, an event that may be several steps makes at most {MOST_STEPS_MEETING} of them countable.",
            field="steps",
        )
    _check_optional(question)
    _check_exclusions(question)
    if question.breakdown is not None and question.breakdown.attribution == "step":
        _within(question.breakdown.step, 0, count - 1, "breakdown.step")
        if question.order == "any" and question.breakdown.step != 0:
            raise Invalid("Steps in any order have no step but the first.", field="breakdown.step")
    if question.times is not None:
        to = count - 1 if question.times.to is None else question.times.to
        if not 0 <= question.times.from_ < to < count:
            raise Invalid(f"Times lie between two steps: 0 ≤ from < to ≤ {count - 1}.", field="times.to")
        _within(question.times.bins, 1, 200, "times.bins")
    if question.actors is not None:
        _within(question.actors.step, 1 if question.actors.dropped else 0, count - 1, "actors.step")
        _within(question.actors.limit, 1, 10_000, "actors.limit")


def _check_optional(question: Funnel) -> None:
    optional = [index for index, step in enumerate(question.steps) if step.optional]
    if not optional:
        return
    if question.order == "any":
        raise Invalid(
            "In any order every step may be left out already: step n counts those who did n of them.",
            field=f"steps[{optional[0]}].optional",
        )
    if optional[0] == 0:
        raise Invalid("The first step cannot be optional: an attempt begins with it.", field="steps[0].optional")


def _check_exclusions(question: Funnel) -> None:
    last = len(question.steps) - 1
    if question.exclude and question.order == "strict":
        raise Invalid("A strict funnel lets nothing between its steps; there is nothing to exclude.", field="exclude")
    _within(len(question.exclude), 0, MOST_EXCLUSIONS, "exclude")
    for index, exclusion in enumerate(question.exclude):
        if not 0 <= exclusion.from_ < exclusion.to <= last:
            name = "from" if exclusion.from_ < 0 else "to"
            raise Invalid(
                f"An exclusion lies between two steps: 0 ≤ from < to ≤ {last}.", field=f"exclude[{index}].{name}"
            )
        for name, end in (("from", exclusion.from_), ("to", exclusion.to)):
            if question.steps[end].optional:
                raise Invalid(
                    "An exclusion lies between steps that everybody does; this end is optional.",
                    field=f"exclude[{index}].{name}",
                )


def _check_trend(question: Trend) -> None:
    _within(len(question.series), 1, 10, "series")
    if question.moving_average is not None:
        _within(question.moving_average, 2, 400, "moving_average")
    for index, series in enumerate(question.series):
        if series.math in ("sum", "average", "median", "p90", "min", "max") and not series.prop:
            raise Invalid(f"{series.math} needs the property to take.", field=f"series[{index}].prop")


def _within(value: int, low: int, high: int, field: str) -> None:
    if not low <= value <= high:
        raise Invalid(f"`{field}` is from {low} to {high}, not {value}.", field=field)
