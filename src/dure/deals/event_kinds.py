"""The documented events of deals and of the records around them."""

from __future__ import annotations

from dure.automation.plugs import EventKind
from dure.deals import events

_LOADED = {"loaded": "true where it was brought in by an import"}
_CHANGE = {"changed": "names of fields", "before": "their values before"}
_ACCOUNT = {
    "account": "id", "name": "text", "industry": "text", "country": "text", "size": "employees", "type": "text",
    "domain": "text", "owner": "user id",
}  # fmt: skip
_CONTACT = {
    "contact": "id", "name": "text", "email": "text", "title": "text", "phone": "text", "account": "id",
    "owner": "user id",
}  # fmt: skip
_LEAD = {
    "lead": "id", "name": "text", "company": "text", "email": "text", "phone": "text", "title": "text",
    "status": "text", "lead_source": "text", "country": "text", "owner": "user id", "path": "its page",
}  # fmt: skip
_PRODUCT = {
    "product": "id", "name": "text", "code": "text", "family": "text", "active": "true or false",
    "prices": "minor units by currency",
}  # fmt: skip
_TASK = {
    "task": "id", "subject": "text", "about": "id of a record, or nothing", "contact": "id, or nothing",
    "owner": "user id", "due": "date, or nothing", "status": "open, in_progress, waiting or done",
    "priority": "low, normal or high", "path": "the page of what it is about",
}  # fmt: skip
_MEETING = {
    "meeting": "id", "subject": "text", "about": "id of a record, or nothing", "contacts": "ids", "owner": "user id",
    "starts_at": "moment", "ends_at": "moment", "place": "text", "status": "booked, held, missed or cancelled",
    "path": "the page of what it is about",
}  # fmt: skip
_NOTE = {"note": "id", "about": "id of a record", "title": "text", "text": "its beginning", "author": "user id"}
_FILE = {
    "attachment": "id", "about": "id of a record", "name": "text", "url": "text", "file": "id", "author": "user id",
}  # fmt: skip
_MERGE = {"merge": "id", "object": "kind of record", "winner": "id", "losers": "ids"}
_MERGED = {"name": "text", "names": "texts", "moved": "rows"}
_IMPORT = {"import": "id", "added": "records", "known": "records", "left_out": "rows", "findings": "kinds of them"}
_GONE = {"record": "id", "object": "kind of record", "name": "text"}


def record_events() -> list[EventKind]:
    """In the order of the records: who, what, when, and what became of them."""
    return [
        _kind(events.ACCOUNT_CREATED, "고객사 생성", "Account created", {**_ACCOUNT, **_LOADED}),
        _kind(events.ACCOUNT_CHANGED, "고객사 변경", "Account changed", {**_ACCOUNT, **_CHANGE}),
        _kind(events.CONTACT_CREATED, "담당자 생성", "Contact created", {**_CONTACT, **_LOADED}),
        _kind(events.CONTACT_CHANGED, "담당자 변경", "Contact changed", {**_CONTACT, **_CHANGE}),
        _kind(events.LEAD_CREATED, "리드 생성", "Lead created", {**_LEAD, **_LOADED}),
        _kind(events.LEAD_CHANGED, "리드 변경", "Lead changed", {**_LEAD, **_CHANGE}),
        _kind(
            events.LEAD_CONVERTED, "리드 전환", "Lead converted",
            {**_LEAD, "became_account": "id", "became_contact": "id", "became_deal": "id, or nothing"},
        ),
        _kind(events.PRODUCT_CREATED, "상품 생성", "Product created", {**_PRODUCT, **_LOADED}),
        _kind(events.PRODUCT_CHANGED, "상품 변경", "Product changed", {**_PRODUCT, **_CHANGE}),
        _kind(events.TASK_CREATED, "할 일 생성", "Task created", _TASK),
        _kind(events.TASK_CHANGED, "할 일 변경", "Task changed", {**_TASK, **_CHANGE}),
        _kind(events.TASK_DONE, "할 일 완료", "Task done", {**_TASK, **_CHANGE}),
        _kind(events.MEETING_BOOKED, "미팅 잡힘", "Meeting booked", _MEETING),
        _kind(events.MEETING_CHANGED, "미팅 변경", "Meeting changed", {**_MEETING, **_CHANGE}),
        _kind(events.MEETING_HELD, "미팅 열림", "Meeting held", {**_MEETING, **_CHANGE}),
        _kind(events.NOTE_ADDED, "노트 추가", "Note added", _NOTE),
        _kind(events.NOTE_CHANGED, "노트 변경", "Note changed", {**_NOTE, **_CHANGE}),
        _kind(events.FILE_ATTACHED, "파일 첨부", "File attached", _FILE),
        _kind(events.FILE_CHANGED, "첨부 변경", "Attached file changed", {**_FILE, **_CHANGE}),
        _kind(events.RECORD_DELETED, "기록 삭제", "Record deleted", _GONE),
        _kind(events.RECORD_RESTORED, "기록 복원", "Record restored", _GONE),
        _kind(events.RECORDS_MERGED, "기록 병합", "Records merged", {**_MERGE, **_MERGED}),
        _kind(events.MERGE_UNDONE, "병합 되돌림", "Merge undone", {**_MERGE, "forced": "true or false"}),
        _kind(events.IMPORT_FINISHED, "가져오기 끝", "Import finished", _IMPORT),
    ]  # fmt: skip


def _kind(name: str, ko: str, en: str, properties: dict[str, str]) -> EventKind:
    return EventKind(name, {"ko": ko, "en": en}, "deals", properties)


_DEAL = {
    "deal": "id",
    "name": "text",
    "slug": "text, fit for a channel's name",
    "stage": "key",
    "stage_ko": "text",
    "stage_en": "text",
    "probability": "percent",
    "pipeline": "key",
    "forecast": "category",
    "amount": "minor units",
    "currency": "ISO 4217",
    "amount_text": "amount in words",
    "account": "id",
    "account_name": "text",
    "owner": "user id",
    "team": "user ids, the owner first",
    "close_date": "date",
    "next_step": "text",
    "type": "text",
    "lead_source": "text",
    "channel": "id of its room, or nothing",
    "entry": "how many stages it has entered",
    "path": "its page",
    "loaded": "true where it was brought in with its past",
}
_MOVE = {
    "from": "key",
    "to": "key",
    "from_ko": "text",
    "from_en": "text",
    "probability_before": "percent",
    "seconds_in_stage": "seconds in the stage it left",
}
_CLOSED = {"seconds_open": "seconds since it was made", "reason": "text"}

EVENTS = [
    EventKind(events.DEAL_CREATED, {"ko": "거래 생성", "en": "Deal created"}, "deals", _DEAL),
    EventKind(
        events.DEAL_STAGE_CHANGED, {"ko": "거래 단계 변경", "en": "Deal stage changed"}, "deals", {**_DEAL, **_MOVE}
    ),
    EventKind(events.DEAL_WON, {"ko": "수주", "en": "Deal won"}, "deals", {**_DEAL, **_CLOSED}),
    EventKind(events.DEAL_LOST, {"ko": "실주", "en": "Deal lost"}, "deals", {**_DEAL, **_CLOSED}),
    EventKind(
        events.DEAL_CHANGED,
        {"ko": "거래 내용 변경", "en": "Deal changed"},
        "deals",
        {
            **_DEAL,
            "changed": "names of fields",
            "before": "their values before",
            "line_items": "product, quantity and amount each, where they changed",
            "contact_roles": "contact, role and primary each, where they changed",
        },
    ),
    EventKind(
        events.DEAL_TEAM_CHANGED,
        {"ko": "거래 팀 변경", "en": "Deal team changed"},
        "deals",
        {**_DEAL, "joined": "user ids", "left": "user ids"},
    ),
    EventKind(
        events.DEAL_STALE,
        {"ko": "조용한 거래", "en": "Deal gone quiet"},
        "deals",
        {
            **_DEAL,
            "days_quiet": "days since somebody did something about it",
            "threshold": "7, 14, 21, 30, 45, 60 or 90",
        },
    ),
    EventKind(
        events.DEAL_SINGLE_THREADED,
        {"ko": "담당자 한 명뿐인 거래", "en": "Deal with a single contact"},
        "deals",
        {**_DEAL, "contacts": "how many people of the customer take part"},
    ),
    EventKind(
        events.DEAL_OVERDUE,
        {"ko": "마감 지난 거래", "en": "Deal past its close date"},
        "deals",
        {**_DEAL, "days_over": "days since its close date"},
    ),
    *record_events(),
]
