"""The catalogue's values: a metric is a question with a name, an owner and a target; a board is a row of tiles."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

Unit = Literal["count", "percent", "seconds", "money", "number"]
Direction = Literal["up", "down"]


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which number of the answer is the metric, over the whole range or in its last complete interval (`at`).

    Trend: `series`. Funnel: `step`; `field` "rate" (share of those who began) or "seconds" (median time from the step
    before). Retention: `column`. Lifecycle: `field`, a state. Stickiness: `column` n is the share of people active in
    at least n intervals; without it the mean number of intervals. Sessions and lifetime value: `field`, a name of the
    answer; for "value" the `column` is how many intervals after the beginning. SQL: the only number of its only row.
    """

    at: Literal["range", "last"] = "range"
    series: int = 0
    column: int | None = None
    step: int | None = None
    field: str = ""


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """One agreed number. `unit` says how to show it; `percent` values are shares from 0 to 1, money minor units.

    `function` is the team that owns it and `owner` the person of that team who answers for it (a user's id).
    `question` is one of CONTRACTS §3, or a formula over other metrics (`formula.Formula`).
    """

    id: str
    name_ko: str
    name_en: str
    question: dict[str, Any]
    about_ko: str = ""
    about_en: str = ""
    function: str = ""
    reading: Reading = Reading()
    unit: Unit = "count"
    currency: str = ""
    direction: Direction = "up"
    target: float | None = None
    owner: str = ""
    tags: tuple[str, ...] = ()
    verified: bool = False
    verified_by: str = ""
    verified_at: datetime | None = None
    version: int = 1
    created_by: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None


class NewMetric(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person writes; `id` is made from the English name when it is left out."""

    name_ko: str
    name_en: str
    question: dict[str, Any]
    id: str | None = None
    about_ko: str = ""
    about_en: str = ""
    function: str = ""
    reading: Reading = Reading()
    unit: Unit = "count"
    currency: str = ""
    direction: Direction = "up"
    target: float | None = None
    owner: str = ""
    tags: tuple[str, ...] = ()


class ChangedMetric(NewMetric, frozen=True, kw_only=True):
    """A metric written anew; `version` is the one that was read, so that nobody's change is written over unseen."""

    version: int | None = None


class Tile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One place of a board: a metric of the catalogue, a question of its own, or a text. `size` is how many of the
    board's three columns it takes; a title in one language only is shown in both."""

    metric: str | None = None
    question: dict[str, Any] | None = None
    text: str | None = None
    title_ko: str = ""
    title_en: str = ""
    size: Literal[1, 2, 3] = 1
    look: Literal["number", "chart", "table"] = "number"


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers that are looked at together."""

    id: str
    name_ko: str
    name_en: str
    tiles: tuple[Tile, ...] = ()


class NewBoard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name_ko: str
    name_en: str
    tiles: tuple[Tile, ...] = ()
    id: str | None = None
