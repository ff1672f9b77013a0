"""What a charter may begin with, by the topic of its channel, in Korean and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def _one(ko: str, en: str, minutes: int, team: str, ko_places: tuple[str, ...], en_places: tuple[str, ...]) -> Any:
    return {
        "minutes": minutes, "team": team,
        "ko": {"purpose": ko, "places": list(ko_places)}, "en": {"purpose": en, "places": list(en_places)},
    }  # fmt: skip


TEMPLATES: Mapping[str, Any] = {
    "general": _one(
        "두 회사가 함께 일하며 생기는 일을 나누는 곳입니다. 진행 상황, 일정, 정한 것을 여기에 적습니다."
        " 한 가지 주제는 한 스레드에서 이야기하고, 급하지 않으면 사람을 부르지 않습니다.",
        "Where both companies share what comes up while working together: progress, dates, decisions. One subject is"
        " one thread, and nobody is called who need not be.",
        240, "sales", ("가격과 계약", "송출 장애"), ("Prices and contracts", "Delivery incidents"),
    ),
    "deal": _one(
        "이 거래를 함께 준비하는 곳입니다. 제안서, 조건, 다음 할 일을 여기에서 정하고 정한 것은 고정합니다.",
        "Where this deal is prepared: the proposal, its terms and the next step are settled here, and what is settled"
        " is pinned.",
        240, "sales", ("집행이 시작된 뒤의 일",), ("What comes after the launch",),
    ),
    "pricing": _one(
        "단가, 할인, 견적을 이야기하는 곳입니다. 숫자는 문서로 남기고, 승인된 것만 약속입니다.",
        "Where rates, discounts and quotes are discussed. Numbers are kept in documents; only what was approved is a"
        " promise.",
        480, "sales", ("청구서와 입금",), ("Invoices and payments",),
    ),
    "launch": _one(
        "집행을 시작하기까지의 준비를 나누는 곳입니다. 소재, 트래킹, 시작일을 하나씩 확인하고"
        " 끝난 것은 안건에서 표시합니다.",
        "Where a launch is prepared: creatives, tracking and dates are checked one by one and ticked in the agenda.",
        120, "ad_ops", ("단가 협의", "집행 뒤의 문의"), ("Rates", "Questions after the launch"),
    ),
    "support": _one(
        "문제가 생겼을 때 알리는 곳입니다. 무엇이 언제부터 어떻게 되는지 적고, 화면이나 파일을 함께 올립니다. 해결되면"
        " 같은 스레드에 적습니다.",
        "Where problems are told: what happens, since when, with a screenshot or file. What solved it is written in"
        " the same thread.",
        60, "care", ("새로운 요청과 제안",), ("New requests and proposals",),
    ),
    "billing": _one(
        "청구서, 정산, 입금을 확인하는 곳입니다. 금액이 다르면 라인 아이템의 이름을 함께 적습니다.",
        "Where invoices, settlements and payments are checked. Where an amount differs, the line item is named.",
        480, "sales", ("단가 협의",), ("Rates",),
    ),
    "delivery": _one(
        "집행 중인 라인 아이템의 속도와 수치를 이야기하는 곳입니다. 매주 월요일에 숫자가 올라옵니다.",
        "Where the pace and the figures of running line items are discussed. Numbers are posted every Monday.",
        120, "ad_ops", ("소재 교체", "정산"), ("New creatives", "Settlement"),
    ),
    "creative": _one(
        "소재와 문구를 함께 보는 곳입니다. 파일 하나에 스레드 하나, 확정된 것은 고정합니다.",
        "Where creatives and copy are reviewed: one thread a file, and what is final is pinned.",
        240, "marketing", ("일정과 시작일",), ("Dates",),
    ),
}  # fmt: skip
