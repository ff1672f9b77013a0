"""An organisation's providers: who else may say who somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["openid"]
# `known` lets in only who is of the organisation already; `seat` gives a seat to whoever the provider knows.
Joins = Literal["known", "seat"]


@dataclass(frozen=True, slots=True)
class Provider:
    """`said` is what the kind needs: issuer and client_id. `domains` are the only ones that its people's e-mail may
    have; empty: any. `workspace` is where a new seat is."""

    id: str
    org: str
    kind: Kind
    name: str
    said: Mapping[str, str]
    domains: tuple[str, ...]
    joins: Joins
    workspace: str
    enabled: bool
    has_secret: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider's checked word says of somebody. `verified`: it vouches for the e-mail."""

    subject: str
    email: str
    verified: bool
    name: str
