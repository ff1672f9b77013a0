"""What every statement of this room is made of: bound values, the events of a question, names of properties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant
from dure.metrics.period import Period
from dure.metrics.question import Question
from dure.metrics.serving.bounds import Bounds

LIMITS: Mapping[str, Any] = Bounds().settings
NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')"
_LONGEST_NAME = 200


class Words:
    """Collects the values of a statement; each becomes a bound parameter, whose name begins with `prefix`."""

    def __init__(self, prefix: str = "p") -> None:
        self.values: dict[str, Any] = {}
        self._prefix = prefix

    def text(self, value: str) -> str:
        return self._bind(value, "String")

    def texts(self, values: Sequence[str]) -> str:
        return self._bind(list(values), "Array(String)")

    def number(self, value: float) -> str:
        return self._bind(float(value), "Float64")

    def whole(self, value: int) -> str:
        return self._bind(value, "Int64")

    def _bind(self, value: object, kind: str) -> str:
        for name, known in self.values.items():
            if known == value and type(known) is type(value) and name.endswith(kind[0]):
                return f"{{{name}:{kind}}}"
        name = f"{self._prefix}{len(self.values)}{kind[0]}"
        self.values[name] = value
        return f"{{{name}:{kind}}}"


@dataclass(slots=True)
class Ask:
    """A question on its way to an answer: whose, when, the values it binds, and what to warn of."""

    tenant: Tenant
    question: Question
    period: Period
    merged: bool
    now: datetime | None = None
    words: Words = field(default_factory=Words)
    warnings: list[str] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)

    @property
    def by(self) -> str:
        return self.question.by

    def between(self, start_us: int | None, end_us: int | None) -> str:
        """A condition on the time: from `start_us` on, before `end_us`, microseconds since 1970; None is open."""
        parts = []
        if start_us is not None:
            parts.append(f"time >= fromUnixTimestamp64Micro({self.words.whole(start_us)}, 'UTC')")
        if end_us is not None:
            parts.append(f"time < fromUnixTimestamp64Micro({self.words.whole(end_us)}, 'UTC')")
        return " and ".join(parts) or "true"

    def in_range(self) -> str:
        return self.between(self.period.start_us, self.period.end_us)


def path(prop: str, field_name: str = "prop") -> str:
    """`properties.…` for an event property; dots step into nested objects."""
    if not prop or len(prop) > _LONGEST_NAME or any(ord(char) < 32 or char in "`\\" for char in prop):
        raise Invalid(f"{prop!r} cannot be the name of a property.", field=field_name)
    return "properties." + ".".join(f"`{part}`" for part in prop.split(".") if part)


def text_of(prop: str, field_name: str = "prop") -> str:
    """A property as text; the empty text where it is absent."""
    return f"toString({path(prop, field_name)})"


def number_of(prop: str, field_name: str = "prop") -> str:
    """A property as a number, NULL where it is absent or none. Read by its types: half the price of a text's."""
    at = path(prop, field_name)
    return f"coalesce({at}.:Float64, toFloat64({at}.:Int64), toFloat64OrNull({at}.:String), toFloat64({at}.:UInt64))"


def both(*conditions: str) -> str:
    """All of the conditions; `true` says nothing and is left out."""
    kept = [f"({condition})" for condition in conditions if condition != "true"]
    return " and ".join(kept) or "true"
