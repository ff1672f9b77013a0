"""An import as frozen values: its files, its plan, what it found, how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import msgspec

FileKind = Literal["account", "contact", "lead", "product", "deal", "team", ""]
JobState = Literal["mapping", "waiting", "running", "finished", "cancelled", "failed"]
Weight = Literal["error", "warning", "info"]

# In this order files are brought in, so that what a row points at is there before it.
ORDER: tuple[FileKind, ...] = ("team", "product", "account", "contact", "lead", "deal")

# Every kind of finding there is, what it weighs, and what it means: an error leaves the row out, a warning brings it in
# without something, an info says how it was read.
KINDS: Mapping[str, tuple[Weight, str, str]] = {
    "file_not_used": ("info", "알 수 없는 파일이라 쓰지 않습니다", "A file that is not recognised is not used"),
    "column_not_used": ("info", "쓰지 않는 열", "A column that is not used"),
    "date_format": ("info", "날짜를 읽는 방법", "How dates are read"),
    "row_unreadable": ("error", "읽을 수 없는 행", "A row that cannot be read"),
    "value_missing": ("error", "꼭 필요한 값이 없음", "A value that has to be there is missing"),
    "value_invalid": ("error", "맞지 않는 값", "A value that makes no sense"),
    "row_twice": ("error", "같은 행이 두 번", "The same row twice"),
    "stage_unknown": ("error", "없는 단계", "A stage that is not in the pipeline"),
    "account_missing": ("warning", "고객사가 비어 있는 행", "Rows without an account"),
    "account_unknown": ("warning", "어디에도 없는 고객사", "An account that is nowhere"),
    "product_unknown": ("warning", "상품 목록에 없는 상품", "A product that is not in the list"),
    "user_unknown": ("warning", "사용자가 없는 담당자", "A salesperson without a user"),
    "parent_unknown": ("warning", "없는 모회사", "A parent company that is nowhere"),
    "likely_typo": ("warning", "오타로 보이는 값", "A value that looks misspelt"),
    "amount_missing": ("info", "금액이 없어 상품 가격을 씁니다", "No amount: the product's price is taken"),
    "close_date_missing": ("info", "마감일이 없어 시작 90일 뒤로 둡니다", "No close date: ninety days after the start"),
    "closes_before_start": ("warning", "시작보다 앞선 마감", "It closes before it starts"),
    "already_there": ("info", "이미 있어 그대로 둡니다", "There already and left alone"),
}


class FilePlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file holds, and which column goes into which field."""

    kind: FileKind = ""
    columns: dict[str, str] = {}


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How files are read. `stages` and `users` say what values of theirs are here, `fixes` what a value is to become
    (`product:GTXPro` → `GTX Pro`); `date_order` is ymd, mdy or dmy, "" to find out; amounts are in `currency`."""

    files: dict[str, FilePlan] = {}
    stages: dict[str, str] = {}
    users: dict[str, str] = {}
    fixes: dict[str, str] = {}
    currency: str = ""
    owner: str = ""
    date_order: str = ""
    amount_from_product: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in a file: how often, and in which lines (the first twenty). `suggestion` is what the value may
    be meant to be; `fixed` says that the plan takes it for that."""

    kind: str
    file: str
    field: str
    value: str
    count: int
    rows: tuple[int, ...]
    suggestion: str = ""
    fixed: bool = False

    @property
    def fix(self) -> str:
        """The name of the fix that the plan may hold for it."""
        return f"{self.field}:{self.value}"


@dataclass(frozen=True, slots=True)
class Job:
    """`report` says by kind of record what was (or, before it ran, will be) added, known and left out."""

    id: str
    state: JobState
    plan: Plan
    done: int
    total: int
    report: Mapping[str, Any]
    error: str
    actor: str
    created_at: datetime
    changed_at: datetime
    finished_at: datetime | None
    findings: Sequence[Finding] = field(default=())
