"""Reading what a request brings into a value, with the field that is wrong."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from dure.kernel.errors import Invalid

Written = TypeVar("Written")


def read(raw: dict[str, Any], kind: type[Written], field: str = "") -> Written:
    """`raw` as a `kind`. Invalid names the place below `field`, or `field` itself."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        raise Invalid(message, field=(field + place.strip("`")).lstrip(".") or None) from error
