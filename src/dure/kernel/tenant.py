"""Whose data: a required argument wherever data is read or written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organisation and one of its workspaces; `E0…` and `T0…` as Slack shapes them."""

    org: str
    workspace: str
