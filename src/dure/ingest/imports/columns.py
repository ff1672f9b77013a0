"""Which columns say what, and how a file is to be read where it does not say so itself."""

from __future__ import annotations

from dataclasses import dataclass, fields

from dure.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that become an event's own fields; one that begins with `=` is a constant for every row.

    `properties` is a column that holds a JSON object whose entries become properties, and are found by the other
    columns' names too.
    """

    event: str
    user: str
    time: str
    anonymous: str = ""
    account: str = ""
    message_id: str = ""
    properties: str = ""

    @property
    def taken(self) -> tuple[str, ...]:
        """Names of columns that are no properties."""
        named = (getattr(self, field.name) for field in fields(self))
        return tuple(dict.fromkeys(name for name in named if name and not name.startswith("=")))

    def require(self, names: list[str]) -> None:
        """Raises Invalid where a file with these columns lacks one that is needed."""
        # Beside an object of properties the others may be inside of it.
        for name in (self.properties,) if self.properties else self.taken:
            if name not in names:
                raise Invalid(f"The file has no column {name!r}; it has {', '.join(names) or 'none'}.", field="file")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file may not say itself: how its fields are set apart, its letters and its times.

    `delimiter` empty: found out from the first line; a blank: any number of blanks. `names` are the columns of a file
    without a header. `time_format` is a pattern of strptime, `unix` or `unix-ms`; empty: ISO 8601 or Unix. `timezone`
    is where times without a zone are meant; empty: UTC.
    """

    delimiter: str = ""
    quote: str = '"'
    encoding: str = "utf-8"
    names: tuple[str, ...] = ()
    time_format: str = ""
    timezone: str = ""
