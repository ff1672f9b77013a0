"""What every room of the house shows to the one who puts it together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from fastapi import APIRouter

from dure.work import Loop


class Room(Protocol):
    """Made of the ground and of the rooms that it stands on; what it makes are its attributes."""

    def routers(self) -> Sequence[APIRouter]:
        """Its addresses, in the order in which they are looked through."""

    def loops(self) -> Mapping[str, Loop]:
        """What it does beside the doors, by a name that no other room has."""
