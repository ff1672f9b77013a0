"""Which column says what: guessed from the header, in English, Korean and the words of ad servers' own exports."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from dure.kernel.errors import Invalid

Kind = Literal["deliveries", "line_items"]

_WORDS: dict[Kind, dict[str, tuple[str, ...]]] = {
    "deliveries": {
        "line_item": ("line item id", "line item", "lineitem", "external id", "external", "ad set id", "ad set",
                      "campaign order id", "order id", "라인아이템 id", "라인아이템", "라인 아이템", "광고 세트"),
        "day": ("date", "day", "report date", "날짜", "일자", "일"),
        "hour": ("hour", "hour of day", "시간", "시"),
        "impressions": ("impressions", "imps", "ad server impressions", "impressions delivered", "delivered", "노출",
                        "노출수", "노출 수"),
        "clicks": ("clicks", "ad server clicks", "클릭", "클릭수", "클릭 수"),
        "spend": ("spend", "cost", "revenue", "amount spent", "media cost", "비용", "집행 금액", "집행금액", "지출"),
        "views": ("views", "video views", "completed views", "조회", "조회수"),
        "listens": ("listens", "streams", "downloads", "audio starts", "starts", "청취", "청취수", "재생"),
        "as_of": ("as of", "updated at", "기준 시각"),
    },
    "line_items": {
        "name": ("name", "line item", "line item name", "라인아이템", "라인아이템 이름", "이름"),
        "external": ("external id", "external", "line item id", "id", "외부 id"),
        "order": ("order", "order id", "insertion order", "io", "주문", "주문 id"),
        "account_name": ("account", "account name", "advertiser", "client", "고객사", "광고주"),
        "goal": ("goal", "booked", "contracted units", "impression goal", "quantity", "목표", "목표 노출"),
        "goal_unit": ("goal unit", "unit", "goal type", "단위", "목표 단위"),
        "start_day": ("start", "start date", "start day", "시작", "시작일"),
        "end_day": ("end", "end date", "end day", "종료", "종료일"),
        "budget": ("budget", "total budget", "예산", "금액"),
        "pacing": ("pacing", "delivery rate", "집행 방식"),
        "cap": ("cap", "impression cap", "캡"),
        "priority": ("priority", "우선순위"),
        "targeting": ("targeting", "타기팅", "타겟팅"),
        "format": ("format", "product", "상품"),
    },
}  # fmt: skip
_NEEDED: dict[Kind, tuple[str, ...]] = {
    "deliveries": ("line_item", "day"),
    "line_items": ("name", "goal", "start_day", "end_day"),
}


def fields(kind: Kind) -> tuple[str, ...]:
    return tuple(_WORDS[kind])


def guess(kind: Kind, columns: Sequence[str], given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Field → column. What is `given` stands; the rest goes by the header, the more exact word first.

    Invalid names a field that is needed and was not found, or a column that is not there.
    """
    known = {_plain(column): column for column in reversed(columns)}
    found: dict[str, str] = {}
    for field, column in (given or {}).items():
        if field not in _WORDS[kind]:
            raise Invalid(f"{field!r} is none of {', '.join(_WORDS[kind])}.", field="mapping")
        if column not in columns:
            raise Invalid(f"There is no column {column!r}; there are {', '.join(columns)}.", field="mapping")
        found[field] = column
    taken = set(found.values())
    for field, words in _WORDS[kind].items():
        if field in found:
            continue
        for word in words:
            fits = known.get(word)
            if fits is not None and fits not in taken:
                found[field] = fits
                taken.add(fits)
                break
    for field in _NEEDED[kind]:
        if field not in found:
            raise Invalid(
                f"No column was found for `{field}`; say it: {field}=COLUMN. There are {', '.join(columns)}.",
                field="mapping", data={"columns": list(columns), "mapping": found},
            )  # fmt: skip
    return found


def _plain(column: str) -> str:
    return re.sub(r"[\s_\-./()]+", " ", column.strip().casefold()).strip()
