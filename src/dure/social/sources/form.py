"""What people set of a source, held to what its manifest says. Invalid names the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dure.kernel.errors import Invalid
from dure.social.plugs import Checks, Field, Source

MOST_DAYS = 3650
_SLOWEST = 24 * 3600
_MOST_SAID = 200_000  # characters of one value


def name(name: str) -> str:
    if not 1 <= len(name.strip()) <= 80:
        raise Invalid("A name has 1 to 80 characters.", field="name")
    return name.strip()


def every(seconds: int, least: int) -> int:
    if seconds and not least <= seconds <= _SLOWEST:
        raise Invalid(f"`every` is {least} to {_SLOWEST} seconds.", field="every")
    return seconds or least


def days(days: int, most: int) -> int:
    if not 0 <= days <= (most or MOST_DAYS):
        raise Invalid(f"`days` is 0 to {most or MOST_DAYS}.", field="days")
    return days


def given(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value.strip() for name, value in values.items() if value.strip()}


def settings(connector: Source, values: Mapping[str, str]) -> dict[str, str]:
    """A source's settings as they are kept."""
    kept = checked(connector.manifest.settings, values, "settings")
    if isinstance(connector, Checks):
        connector.check(kept)
    return kept


def checked(fields: Sequence[Field], values: Mapping[str, str], part: str) -> dict[str, str]:
    """The values that were given, within what the manifest says. Invalid names the field."""
    known = {one.name: one for one in fields}
    for name, value in values.items():
        if name not in known:
            raise Invalid(f"{name!r} is none of {', '.join(known) or 'nothing'}.", field=f"{part}.{name}")
        if len(value) > _MOST_SAID:
            raise Invalid(f"`{name}` is too long.", field=f"{part}.{name}")
    checked = {}
    for name, one in known.items():
        value = values.get(name, "").strip() or one.default
        where = f"{part}.{name}"
        if one.required and not value:
            raise Invalid(f"`{name}` is needed.", field=where)
        if value and one.kind == "address" and not value.startswith(("https://", "http://")):
            raise Invalid(f"`{name}` is an address with https:// or http://.", field=where)
        if one.kind == "addresses":
            _each_an_address(value, name, where)
        if value and one.kind == "number" and not value.isdigit():
            raise Invalid(f"`{name}` is a whole number.", field=where)
        if value and one.kind == "choice" and value not in [choice for choice, _ in one.choices]:
            raise Invalid(f"`{name}` is one of {', '.join(choice for choice, _ in one.choices)}.", field=where)
        if value and one.kind == "switch" and value != "yes":
            raise Invalid(f"`{name}` is yes or nothing.", field=where)
        if value:
            checked[name] = value
    return checked


def _each_an_address(value: str, name: str, where: str) -> None:
    for line in filter(None, (line.strip() for line in value.splitlines())):
        if not line.startswith(("https://", "http://")):
            raise Invalid(f"{line[:80]!r} of `{name}` is no address with https:// or http://.", field=where)
