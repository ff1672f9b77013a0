"""An experiment as it is planned: arms, who takes part, what is measured, how it is judged. JSON in, a value out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from dure.experiments.statistics.corrections import Correction
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.segments.api import duration

EXPOSED = "Experiment Exposed"
BUCKETS = 10_000
MOST_ARMS = 10
MOST_METRICS = 30
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
_PROP = re.compile(r"[^`\\\x00-\x1f]{1,200}")
_LONGEST_DAYS = 180

Role = Literal["goal", "guardrail", "secondary"]
Kind = Literal["conversion", "mean", "count", "ratio", "quantile", "retention"]
Method = Literal["always", "fixed", "looks"]


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What all parts share: never changed, and a misspelt field is an error."""


class Selector(_Value, frozen=True):
    """Which events: a name and conditions on their properties that must all hold."""

    event: str
    where: tuple[Filter, ...] = ()


class Exposure(Selector, frozen=True):
    """Which events say that somebody met the experiment, and the property that says in which arm.

    `object` narrows to events about one thing: a campaign, an experiment. Control's people have theirs too, at the
    moment at which they would have met it.
    """

    event: str = EXPOSED
    object: str = ""
    arm: str = "arm"


class PlannedArm(_Value, frozen=True):
    """An arm and the share of people it gets; the first is control."""

    name: str
    share: float
    title: dict[str, str] = {}


class Layer(_Value, frozen=True):
    """Experiments of one layer never have the same person. `share` is how much of the layer this one takes."""

    id: str
    share: float = 1.0


class Lots(_Value, frozen=True):
    """The seed and version of GrowthBook's hash under which an experiment that began elsewhere goes on here."""

    seed: str
    version: Literal[1, 2] = 2


class Measure(_Value, frozen=True):
    """What is measured of every person, from their exposure (or from `after` it) until `window` after it.

    `conversion` did `event`; `count` how often; `mean` the sum of `prop`; `ratio` the sum of `prop` (or the count of
    `event`) over that of `over`; `quantile` of the sum of `prop` at `share`; `retention` did `event` on day `day` (day
    1 begins 24 hours after the exposure). `metric` names one of the catalogue instead. A guardrail has a `margin`: how
    much worse than control is still borne, in the measure's own unit, or with `relative` as a share of control.
    """

    role: Role = "goal"
    kind: Kind = "conversion"
    event: Selector | None = None
    metric: str = ""
    name: dict[str, str] = {}
    prop: str = ""
    over: Selector | None = None
    over_prop: str = ""
    share: float = 0.9
    day: int = 7
    window: str = "7d"
    after: str = ""
    good: Literal["up", "down"] = "up"
    margin: float | None = None
    relative: bool = False

    @property
    def seconds(self) -> int:
        """How long after the exposure a person's value is final."""
        return (self.day + 1) * 86_400 if self.kind == "retention" else int(duration(self.window).total_seconds())

    @property
    def is_rate(self) -> bool:
        return self.kind in ("conversion", "retention")


class Design(_Value, frozen=True):
    """`size` is how many people (all arms together) a `fixed` experiment is judged at, and a plan of `looks` ends at.
    `cuped` is how long before the exposure is looked back at. `strata` is a person's trait. `audience` is a segment's
    rule."""

    name: dict[str, str]
    hypothesis: dict[str, str] = {}
    arms: tuple[PlannedArm, ...] = (PlannedArm(name="control", share=0.5), PlannedArm(name="treated", share=0.5))
    exposure: Exposure = Exposure()
    metrics: tuple[Measure, ...] = ()
    audience: dict[str, Any] | None = None
    layer: Layer | None = None
    global_holdout: bool = True
    strata: str = ""
    method: Method = "always"
    size: int | None = None
    looks: int = 4
    confidence: float = 0.95
    cuped: str | None = None
    correction: Correction = "holm"
    lots: Lots | None = None

    @property
    def control(self) -> str:
        return self.arms[0].name

    @property
    def shares(self) -> tuple[float, ...]:
        return tuple(arm.share for arm in self.arms)


def read_design(raw: Mapping[str, Any]) -> Design:
    """A design out of decoded JSON, as it may be kept as a draft; Invalid names the field. A name or a hypothesis in
    one language stands for both, and an event's name for a selector."""
    given = dict(raw)
    for field in ("name", "hypothesis"):
        if field in given:
            given[field] = both(given[field], field)
    if isinstance(given.get("metrics"), list):
        given["metrics"] = [unfolded(one, f"metrics[{place}]") for place, one in enumerate(given["metrics"])]
    design: Design = _convert(given, Design, "")
    if not design.name.get("ko", "").strip() or max(map(len, design.name.values())) > 120:
        raise Invalid("An experiment has a name of at most 120 characters.", field="name")
    _check_arms(design.arms)
    _check_selector(design.exposure, "exposure")
    _check_prop(design.exposure.arm, "exposure.arm")
    if design.strata:
        _check_prop(design.strata, "strata")
    if design.layer is not None:
        if not _NAME.fullmatch(design.layer.id):
            raise Invalid("A layer has a name of Latin letters and digits.", field="layer.id")
        if not 1 / BUCKETS <= design.layer.share <= 1:
            raise Invalid("A layer's `share` is above 0 and at most 1.", field="layer.share")
    if not 0.5 < design.confidence < 1:
        raise Invalid("`confidence` is between 0.5 and 1.", field="confidence")
    if design.size is not None and design.size < 2:
        raise Invalid("`size` is a number of people.", field="size")
    if design.method != "always" and design.size is None:
        raise Invalid(f"The method {design.method!r} needs the planned `size`.", field="size")
    if not 1 <= design.looks <= 20:
        raise Invalid("`looks` is from 1 to 20.", field="looks")
    if design.cuped is not None:
        _check_length(design.cuped, "cuped")
    check_measures(design.metrics)
    return design


def read_measure(raw: object, field: str = "metric") -> Measure:
    measure: Measure = _convert(unfolded(raw, field), Measure, field)
    check_measures((measure,), field)
    return measure


def check_measures(metrics: tuple[Measure, ...], field: str = "") -> None:
    """Invalid for a measure that makes no sense."""
    if len(metrics) > MOST_METRICS:
        raise Invalid(f"An experiment has at most {MOST_METRICS} metrics.", field="metrics")
    for place, measure in enumerate(metrics):
        at = field or f"metrics[{place}]"
        if measure.role == "guardrail" and (measure.margin is None or measure.margin <= 0):
            raise Invalid("A guardrail says how much worse is still borne: a `margin` above 0.", field=f"{at}.margin")
        if measure.metric:
            continue
        if measure.event is None:
            raise Invalid("A metric names an `event`, or a `metric` of the catalogue.", field=f"{at}.event")
        _check_selector(measure.event, f"{at}.event")
        if measure.kind in ("mean", "quantile") or (measure.kind == "ratio" and measure.prop):
            _check_prop(measure.prop, f"{at}.prop")
        if measure.kind == "ratio":
            if measure.over is None:
                raise Invalid("A ratio names what it is divided by: `over`.", field=f"{at}.over")
            _check_selector(measure.over, f"{at}.over")
            if measure.over_prop:
                _check_prop(measure.over_prop, f"{at}.over_prop")
        if measure.kind == "quantile" and not 0 < measure.share < 1:
            raise Invalid("A quantile's `share` is between 0 and 1.", field=f"{at}.share")
        if measure.kind == "retention" and not 1 <= measure.day <= _LONGEST_DAYS:
            raise Invalid(f"`day` is from 1 to {_LONGEST_DAYS}.", field=f"{at}.day")
        _check_length(measure.window, f"{at}.window")
        if measure.after and duration(measure.after, f"{at}.after") >= duration(measure.window):
            raise Invalid("`after` is before the window's end.", field=f"{at}.after")


def as_json(value: msgspec.Struct) -> dict[str, Any]:
    built: dict[str, Any] = msgspec.to_builtins(value)
    return built


def both(text: object, field: str) -> dict[str, str]:
    """A text in both languages."""
    if isinstance(text, str):
        return {"ko": text, "en": text}
    if not isinstance(text, Mapping) or any(not isinstance(one, str) for one in text.values()):
        raise Invalid(f"`{field}` is a text, or one in `ko` and `en`.", field=field)
    ko = text.get("ko") or text.get("en") or ""
    return {"ko": ko, "en": text.get("en") or ko}


def unfolded(raw: object, field: str) -> object:
    """A measure with its short forms written out."""
    if not isinstance(raw, Mapping):
        return raw
    given = dict(raw)
    for name in ("event", "over"):
        if isinstance(given.get(name), str):
            given[name] = {"event": given[name]}
    if "name" in given:
        given["name"] = both(given["name"], f"{field}.name")
    return given


def _convert(raw: object, kind: Any, field: str) -> Any:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise Invalid(message, field=(field + path.rstrip("`")).lstrip(".") or None) from error


def _check_arms(arms: tuple[PlannedArm, ...]) -> None:
    if not 2 <= len(arms) <= MOST_ARMS:
        raise Invalid(f"An experiment has from two to {MOST_ARMS} arms.", field="arms")
    for place, arm in enumerate(arms):
        if not _NAME.fullmatch(arm.name):
            raise Invalid("An arm has a name of Latin letters and digits.", field=f"arms[{place}].name")
        if not 0 < arm.share < 1:
            raise Invalid("An arm's `share` is above 0 and below 1.", field=f"arms[{place}].share")
    if len({arm.name for arm in arms}) < len(arms):
        raise Invalid("Two arms have the same name.", field="arms")
    if abs(sum(arm.share for arm in arms) - 1) > 1e-6:
        raise Invalid("The arms' shares sum to 1.", field="arms")


def _check_selector(selector: Selector, field: str) -> None:
    if not selector.event.strip() or len(selector.event) > 255:
        raise Invalid("`event` is the name of an event.", field=f"{field}.event")
    for place, condition in enumerate(selector.where):
        _check_prop(condition.prop, f"{field}.where[{place}].prop")


def _check_prop(prop: str, field: str) -> None:
    if not _PROP.fullmatch(prop) or "" in prop.split(".") or prop.startswith(("person.", "account.")):
        raise Invalid(f"{prop!r} is not the name of an event's property.", field=field)


def _check_length(text: str, field: str) -> None:
    if duration(text, field).days > _LONGEST_DAYS:
        raise Invalid(f"At most {_LONGEST_DAYS} days.", field=field)
