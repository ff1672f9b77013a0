"""What a request's body may hold: a dataclass whose unknown fields are refused by name, not passed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

from pydantic import ConfigDict

T = TypeVar("T")


@dataclass_transform()
def body(shape: type[T]) -> type[T]:
    """Makes a dataclass that FastAPI reads bodies into; a field that it does not have is Invalid and named."""
    made = dataclass(shape)
    made.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]
    return made
