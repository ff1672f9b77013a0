"""Pipelines, stages and deals as frozen values. `amount` is in minor units of its currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dure.deals.accounts.model import Account
from dure.deals.contacts.model import Contact, ContactRole
from dure.deals.products.model import LineItem
from dure.deals.record_id import OPPORTUNITY
from dure.deals.records.shape import Field, Shape, kept_fields, owner_field

# The pipeline that every workspace begins with.
DEFAULT_PIPELINE = "default"
FORECASTS = ("Omitted", "Pipeline", "BestCase", "MostLikely", "Forecast", "Closed")
ACCESS = ("read", "edit", "all")


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A way to sell, such as new business or renewals; its stages carry its key."""

    key: str
    name_ko: str
    name_en: str
    position: int
    active: bool = True


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a pipeline. `outcome` is won or lost for the ends, else ""; `forecast` is the category its deals are
    summed in; `required` are the fields that a deal has to have to stand in it. `key` is unique over all pipelines."""

    key: str
    name_ko: str
    name_en: str
    probability: int
    position: int
    outcome: str
    pipeline: str = DEFAULT_PIPELINE
    forecast: str = "Pipeline"
    active: bool = True
    required: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Deal:
    """An opportunity. `entries` counts the stages it entered; `channel` is the id of its room, "" without one;
    `account` is "" where nobody knows the customer yet. `probability` is `own_probability` where somebody set it,
    else its stage's. `lines` counts its line items; where there are any, `amount` is their sum."""

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
    own_probability: int | None = None
    type: str = ""
    lead_source: str = ""
    description: str = ""
    lines: int = 0
    custom: Mapping[str, Any] = field(default_factory=dict)
    pipeline: str = DEFAULT_PIPELINE
    forecast: str = "Pipeline"
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody on a deal. `access` is read, edit or all, as Salesforce's clients say it."""

    user: str
    role: str
    access: str = "edit"
    id: str = ""


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
    """`account` is None where the deal has none; `contacts` are the account's people, `roles` those of the deal."""

    deal: Deal
    account: Account | None
    contacts: tuple[Contact, ...]
    team: tuple[TeamMember, ...]
    history: tuple[HistoryEntry, ...]
    roles: tuple[ContactRole, ...] = ()
    lines: tuple[LineItem, ...] = ()


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
    """A deal with its past. `account` is the external id of its account, `account_id` its own where that is known;
    `owner` and `team` are user ids. With a `product` (its id) the amount is that of one line item of it."""

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
    account_id: str = ""
    type: str = ""
    lead_source: str = ""
    description: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load added: external id → id. What was there before is in the maps too and was left alone."""

    accounts: Mapping[str, str] = field(default_factory=dict)
    deals: Mapping[str, str] = field(default_factory=dict)
    added_accounts: int = 0
    added_deals: int = 0


DEAL = Shape(
    "deal",
    OPPORTUNITY,
    "deals.opportunity",
    Deal,
    "거래",
    "Deal",
    (
        Field("name", "text", "이름", "Name", required=True, limit=120),
        Field("account", "reference", "고객사", "Account", reference="account"),
        Field("account_name", "text", "고객사 이름", "Account name", writable=False),
        Field("amount", "money", "금액", "Amount"),
        Field("currency", "currency", "통화", "Currency"),
        Field("stage", "text", "단계", "Stage", limit=80),
        Field("probability", "percent", "확률", "Probability", writable=False),
        Field("own_probability", "percent", "직접 정한 확률", "Own probability", nullable=True),
        Field("pipeline", "text", "파이프라인", "Pipeline", writable=False),
        Field("forecast", "picklist", "예측 구분", "Forecast category", options=FORECASTS, writable=False),
        owner_field(),
        Field("team", "list", "팀", "Team", reference="user", writable=False),
        Field("close_date", "date", "마감일", "Close date", required=True),
        Field("next_step", "text", "다음 할 일", "Next step", limit=500),
        Field("type", "picklist", "유형", "Type", options=("new", "renewal", "upsell"), open=True),
        Field("lead_source", "picklist", "유입 경로", "Lead source",
              options=("web", "referral", "event", "partner", "outbound", "other"), open=True),
        Field("description", "long_text", "설명", "Description"),
        Field("channel", "text", "채널", "Channel"),
        Field("lost_reason", "text", "실주 이유", "Lost reason", limit=500),
        Field("lines", "number", "품목 수", "Line items", writable=False),
        Field("entered_stage_at", "datetime", "단계에 들어온 때", "Entered stage", writable=False),
        Field("closed_at", "datetime", "끝난 때", "Closed", writable=False, nullable=True),
        *kept_fields(),
    ),
    search=("name", "account_name"),
    joined={
        "account_name": "coalesce(a.name, '')",
        "probability": "coalesce(r.own_probability, s.probability)",
        "pipeline": "s.pipeline",
        "forecast": "s.forecast",
        "team": "coalesce((select array_agg(m.member order by m.member) from deals.team_member m"
        " where m.workspace = r.workspace and m.opportunity = r.id), '{}')",
    },
    joins="left join deals.account a on a.workspace = r.workspace and a.id = r.account"
    " join deals.stage s on s.workspace = r.workspace and s.key = r.stage",
    within={
        "team": "exists (select from deals.team_member m where m.workspace = r.workspace and m.opportunity = r.id"
        " and m.member = %s)"
    },
    nulls=frozenset({"account"}),
    quiet=frozenset({"account_name", "entered_stage_at", "closed_at", "entries", "pipeline", "forecast", "slug"}),
)  # fmt: skip
