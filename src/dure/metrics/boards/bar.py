"""A board's bar: the range, filters, breakdown and comparison that narrow every tile of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.metrics.model import Tile
from dure.metrics.period import period_of
from dure.metrics.question import Question, parse, refused

_SPLIT = frozenset({"trend", "funnel", "retention", "sessions", "lifetime_value", "metric"})
_COMPARED = frozenset({"trend", "metric"})
_LONGEST_TEXT = 5000
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)  # both ends are given: nothing depends on when it is asked


class Bar(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`last` days up to today, or `from` and `to`; `breakdown` names a property; without any a tile keeps its own."""

    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    last: int | None = None
    where: tuple[Filter, ...] = ()
    breakdown: str | None = None
    compare: Literal["previous"] | None = None

    def range(self, now: datetime, zone: str) -> tuple[str | None, str | None]:
        """`from` and `to`; those of `last` end with today in the zone."""
        if self.last is None:
            return self.from_, self.to
        today = now.astimezone(ZoneInfo(zone)).date()
        return (today - timedelta(days=self.last - 1)).isoformat(), today.isoformat()


def read_bar(raw: object, field: str = "bar") -> Bar:
    """A bar out of decoded JSON; Invalid names the field."""
    try:
        bar = msgspec.convert(raw, Bar)
    except msgspec.ValidationError as error:
        wrong = refused(error, kind=Bar)
        raise Invalid(wrong.message, field=wrong.field or field) from error
    if bar.last is not None and (bar.from_ or bar.to):
        raise Invalid("Give either `last` days or `from` and `to`.", field="last")
    if bar.last is not None and not 1 <= bar.last <= 1500:
        raise Invalid("`last` is from 1 to 1500 days.", field="last")
    # Whatever a question refuses is refused here too, before it is kept under a name.
    question = parse({"kind": "trend", "series": [{"event": "*"}], **narrowing("trend", bar, bar.from_, bar.to)})
    if bar.from_ and bar.to:
        _check_order(question)
    return bar


def narrowing(kind: str, bar: Bar, from_: str | None, to: str | None) -> dict[str, Any]:
    """The fields that the bar sets in a question of a kind; its filters are added to the question's own."""
    if kind == "sql":
        return {}
    found: dict[str, Any] = {}
    if from_:
        found["from"] = from_
    if to:
        found["to"] = to
    if bar.where:
        found["where"] = msgspec.to_builtins(bar.where)
    if bar.breakdown and kind in _SPLIT:
        found["breakdown"] = {"prop": bar.breakdown, "limit": 8}
    if bar.compare and kind in _COMPARED:
        found["compare"] = bar.compare
    return found


def narrowed(question: Mapping[str, Any], bar: Bar, from_: str | None, to: str | None) -> dict[str, Any]:
    """A tile's own question within the bar."""
    more = narrowing(str(question.get("kind")), bar, from_, to)
    where = [*question.get("where", []), *more.pop("where", [])]
    return {**question, **more, **({"where": where} if where else {})}


def _check_order(question: Question) -> None:
    """Refuses a range that ends before it begins, wherever on earth its days are."""
    west, east = "Etc/GMT+12", "Etc/GMT-14"
    try:
        period_of(question, _NO_TIME, west)
    except Invalid:
        period_of(question, _NO_TIME, east)


def check_tile(tile: Tile, field: str) -> None:
    """Refuses a tile that is nothing, or two things, or a question without sense."""
    if sum(part is not None for part in (tile.metric, tile.question, tile.text)) != 1:
        raise Invalid("A tile is a metric, a question or a text.", field=field)
    if tile.question is not None:
        parse(tile.question)
        if not (tile.title_ko.strip() or tile.title_en.strip()):
            raise Invalid("A question on a board has a title.", field=f"{field}.title_ko")
    if tile.text is not None and not 0 < len(tile.text.strip()) <= _LONGEST_TEXT:
        raise Invalid(f"A text has 1 to {_LONGEST_TEXT} characters.", field=f"{field}.text")
    for name in ("title_ko", "title_en"):
        if len(getattr(tile, name)) > 200:
            raise Invalid("A title has at most 200 characters.", field=f"{field}.{name}")
