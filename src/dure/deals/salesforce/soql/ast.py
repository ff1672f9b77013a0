"""A query as frozen values. `at` is where in the text it stands, for errors that point there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Path:
    """A field, through parents where there are several names: `Account.Owner.Name`."""

    names: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function: an aggregate, or a part of a date. Without an argument only COUNT()."""

    function: str
    argument: Path | None
    at: int


@dataclass(frozen=True, slots=True)
class Fields:
    """FIELDS(ALL), FIELDS(STANDARD) or FIELDS(CUSTOM)."""

    which: str
    at: int


@dataclass(frozen=True, slots=True)
class Child:
    """A query in the select list, over the records that point here."""

    query: Query


@dataclass(frozen=True, slots=True)
class Selected:
    what: Path | Call | Fields | Child
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Relative:
    """A date literal that moves with the day: TODAY, THIS_QUARTER, LAST_N_DAYS:30."""

    name: str
    number: int | None
    at: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text as meant, and as LIKE needs it: with its escaped wildcards still escaped."""

    value: str
    pattern: str


Literal = Text | Decimal | bool | None | date | datetime | Relative


@dataclass(frozen=True, slots=True)
class Value:
    literal: Literal
    at: int


@dataclass(frozen=True, slots=True)
class Compare:
    """`op` is one of = != < <= > >= LIKE."""

    left: Path | Call
    op: str
    value: Value


@dataclass(frozen=True, slots=True)
class Among:
    """IN or NOT IN a list."""

    left: Path | Call
    values: tuple[Value, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class AmongFound:
    """IN or NOT IN what another query finds: a semi-join or an anti-join."""

    left: Path
    query: Query
    negated: bool


@dataclass(frozen=True, slots=True)
class Includes:
    """INCLUDES or EXCLUDES: any of the groups, each of which must be chosen wholly."""

    left: Path
    groups: tuple[Value, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Not:
    of: Condition


@dataclass(frozen=True, slots=True)
class Both:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Condition, ...]


Condition = Compare | Among | AmongFound | Includes | Not | Both | Either


@dataclass(frozen=True, slots=True)
class Order:
    by: Path | Call
    descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Query:
    """`source` is the object's name, or a child relationship's in a select list."""

    select: tuple[Selected, ...]
    source: str
    source_at: int
    alias: str = ""
    where: Condition | None = None
    group: tuple[Path | Call, ...] = ()
    having: Condition | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    offset_at: int = 0
    mine: bool = False
    at: int = 0
