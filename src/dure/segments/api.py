"""Segments' entrance: making them, computing who is in them, handing them over."""

from __future__ import annotations

from dure.segments.computing import Computing
from dure.segments.handover.giving import Giving
from dure.segments.looking import Looking
from dure.segments.membership import Membership
from dure.segments.model import (
    ANYTHING,
    Checked,
    Computed,
    Handover,
    Member,
    Preview,
    Rule,
    Segment,
    Selector,
    Size,
)
from dure.segments.reading import read_rule
from dure.segments.rules import as_json, duration

__all__ = [
    "ANYTHING",
    "Checked",
    "Computed",
    "Handover",
    "Member",
    "Preview",
    "Rule",
    "Segment",
    "Segments",
    "Selector",
    "Size",
    "as_json",
    "duration",
    "read_rule",
]


class Segments(Looking, Computing, Membership, Giving):
    """Named sets of people: `Segments(state, log, clock, governance)`. Methods ending in `_in`, and `put_in`, take the
    transaction that they are part of."""
