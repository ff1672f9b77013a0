"""Reading what a request brings into a value, with the field that is wrong."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from dure.metrics.question import refused

Written = TypeVar("Written")


def read(raw: dict[str, Any], kind: type[Written], field: str = "") -> Written:
    """`raw` as a `kind`. Invalid names the place below `field`, or `field` itself."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise refused(error, field, kind) from error
