"""Accounts, contacts, stages and deals as frozen values. `amount` is in minor units of its currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Account:
    """A customer. `size` is its number of employees; `external` its id in another system, "" without one."""

    id: str
    name: str
    industry: str
    country: str
    size: int
    domain: str
    external: str
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody at an account."""

    id: str
    account: str
    name: str
    email: str
    title: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the workspace's pipeline. `outcome` is won or lost for the two ends, else ""."""

    key: str
    name_ko: str
    name_en: str
    probability: int
    position: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Deal:
    """An opportunity. `entries` counts the stages it entered; `channel` is the id of its room, "" without one."""

    id: str
    name: str
    slug: str
    account: str
    account_name: str
    amount: int
    currency: str
    stage: str
    probability: int
    owner: str
    close_date: date
    next_step: str
    channel: str
    lost_reason: str
    external: str
    entries: int
    version: int
    created_at: datetime
    changed_at: datetime
    entered_stage_at: datetime
    closed_at: datetime | None
    team: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeamMember:
    user: str
    role: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What stage, amount and close date were after a change."""

    number: int
    at: datetime
    actor: str
    stage: str
    probability: int
    amount: int
    currency: str
    close_date: date


@dataclass(frozen=True, slots=True)
class DealDetail:
    deal: Deal
    account: Account
    contacts: tuple[Contact, ...]
    team: tuple[TeamMember, ...]
    history: tuple[HistoryEntry, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of the board: its stage, how many deals stand in it and their sums by currency."""

    stage: Stage
    count: int
    amounts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Board:
    lanes: tuple[Lane, ...]
    deals: tuple[Deal, ...]


@dataclass(frozen=True, slots=True)
class LoadedContact:
    name: str
    email: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class LoadedAccount:
    """An account that another system knows as `external`."""

    external: str
    name: str
    industry: str = ""
    country: str = ""
    size: int = 0
    domain: str = ""
    contacts: Sequence[LoadedContact] = ()


@dataclass(frozen=True, slots=True)
class LoadedStage:
    """The deal entered `stage` (a key) at `at` by the hand of user `by`."""

    at: datetime
    stage: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class LoadedDeal:
    """A deal with its past. `account` is the external id of its account; `owner` and `team` are user ids."""

    external: str
    name: str
    account: str
    amount: int
    currency: str
    owner: str
    close_date: date
    stages: Sequence[LoadedStage]
    team: Sequence[str] = ()
    next_step: str = ""
    team_role: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load added: external id → id. What was there before is in the maps too and was left alone."""

    accounts: Mapping[str, str] = field(default_factory=dict)
    deals: Mapping[str, str] = field(default_factory=dict)
    added_accounts: int = 0
    added_deals: int = 0
