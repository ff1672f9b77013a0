"""What a file holds and which column is which field, guessed from names as other systems write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from dure.deals.imports.model import FileKind, FilePlan
from dure.deals.model import Stage

# By kind of file: field → names of columns, in small letters without anything between. The first that is there is it.
COLUMNS: Mapping[FileKind, Mapping[str, Sequence[str]]] = {
    "account": {
        "name": ("account", "accountname", "company", "companyname", "name", "고객사", "회사", "회사명"),
        "industry": ("sector", "industry", "업종", "산업"),
        "country": ("country", "officelocation", "billingcountry", "국가"),
        "size": ("employees", "numberofemployees", "size", "headcount", "직원수"),
        "revenue": ("revenue", "annualrevenue", "매출"),
        "parent": ("subsidiaryof", "parent", "parentaccount", "모회사"),
        "domain": ("domain", "도메인"),
        "website": ("website", "url", "homepage", "웹사이트"),
        "phone": ("phone", "telephone", "전화"),
        "city": ("city", "billingcity", "도시"),
        "type": ("type", "accounttype", "유형"),
        "external": ("accountid", "externalid", "id", "고객사id"),
        "owner": ("owner", "accountowner", "salesagent", "담당"),
    },
    "contact": {
        "name": ("name", "fullname", "contactname", "contact", "이름", "성명"),
        "first_name": ("firstname",),
        "last_name": ("lastname", "성"),
        "email": ("email", "emailaddress", "이메일"),
        "account": ("account", "accountname", "company", "회사", "고객사"),
        "title": ("title", "jobtitle", "직함"),
        "phone": ("phone", "telephone", "전화"),
        "mobile": ("mobile", "mobilephone", "휴대전화"),
        "department": ("department", "부서"),
        "external": ("contactid", "externalid", "id"),
    },
    "lead": {
        "name": ("name", "fullname", "leadname", "이름", "성명"),
        "first_name": ("firstname",),
        "last_name": ("lastname", "성"),
        "company": ("company", "companyname", "회사"),
        "email": ("email", "emailaddress", "이메일"),
        "phone": ("phone", "telephone", "전화"),
        "title": ("title", "jobtitle", "직함"),
        "lead_source": ("leadsource", "source", "유입경로"),
        "status": ("leadstatus", "status", "상태"),
        "external": ("leadid", "externalid", "id"),
    },
    "product": {
        "name": ("product", "productname", "name", "상품", "상품명"),
        "family": ("series", "family", "category", "분류"),
        "price": ("salesprice", "price", "listprice", "unitprice", "가격"),
        "code": ("productcode", "code", "sku", "코드"),
    },
    "deal": {
        "external": ("opportunityid", "dealid", "externalid", "id", "거래id"),
        "name": ("opportunityname", "dealname", "name", "거래명", "거래"),
        "account": ("account", "accountname", "company", "고객사", "회사"),
        "product": ("product", "productname", "상품"),
        "stage": ("dealstage", "stage", "stagename", "status", "단계"),
        "owner": ("salesagent", "owner", "ownername", "salesrep", "담당", "담당자"),
        "amount": ("closevalue", "amount", "value", "dealvalue", "금액"),
        "currency": ("currency", "currencyisocode", "통화"),
        "started": ("engagedate", "createddate", "created", "startdate", "시작일"),
        "close_date": ("closedate", "expectedclosedate", "마감일"),
        "next_step": ("nextstep", "다음할일"),
        "type": ("type", "dealtype", "유형"),
        "lead_source": ("leadsource", "source", "유입경로"),
        "description": ("description", "설명"),
    },
    "team": {
        "user": ("salesagent", "user", "owner", "담당자"),
        "manager": ("manager", "팀장"),
        "office": ("regionaloffice", "office", "region", "지사"),
    },
}  # fmt: skip

# A file is of the kind whose telling columns it has; those earlier in the list are more telling.
_TELLING: Sequence[tuple[FileKind, frozenset[str]]] = (
    ("deal", frozenset({"stage"})),
    ("team", frozenset({"user", "manager"})),
    ("product", frozenset({"name", "price"})),
    ("lead", frozenset({"company", "email", "status"})),
    ("contact", frozenset({"email"})),
    ("account", frozenset({"name"})),
)
_NAMED: Mapping[str, FileKind] = {
    "lead": "lead", "contact": "contact", "product": "product", "account": "account", "compan": "account",
    "opportunit": "deal", "pipeline": "deal", "deal": "deal",
}  # fmt: skip

# What other systems call the parts of a sale: pairs of a telling word and where it stands between first and last.
_PLACES = (
    ("prospect", 0.0), ("lead", 0.0), ("new", 0.0), ("발굴", 0.0), ("engag", 0.34), ("qualif", 0.34),
    ("contact", 0.34), ("discover", 0.34), ("검토", 0.34), ("demo", 0.5), ("propos", 0.67), ("quote", 0.67),
    ("제안", 0.67), ("negotia", 1.0), ("contract", 1.0), ("commit", 1.0), ("협상", 1.0),
)  # fmt: skip
_WON = ("closedwon", "won", "수주", "성공")
_LOST = ("closedlost", "lost", "실주", "실패")


def bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def plan_of(name: str, columns: Sequence[str]) -> FilePlan:
    """The likeliest kind and mapping; kind "" where nothing fits."""
    by_name = [kind for word, kind in _NAMED.items() if word in name.lower()]
    kinds: list[FileKind] = [*by_name, *(kind for kind, _ in _TELLING)]
    for kind in kinds:
        found = _mapped(kind, columns)
        fields = set(found.values())
        if dict(_TELLING)[kind] <= fields or (kind in by_name and _enough(kind, fields)):
            return FilePlan(kind, found)
    return FilePlan()


def _enough(kind: FileKind, fields: set[str]) -> bool:
    needed = {"deal": {"stage"}, "team": {"user"}}.get(kind, {"name"})
    return needed <= fields or (kind in ("contact", "lead") and "last_name" in fields)


def _mapped(kind: FileKind, columns: Sequence[str]) -> dict[str, str]:
    by_bare = {bare(one): one for one in reversed(columns)}
    found: dict[str, str] = {}
    for field, names in COLUMNS[kind].items():
        column = next((by_bare[one] for one in names if one in by_bare and by_bare[one] not in found), None)
        if column is not None:
            found[column] = field
    return found


def stage_for(value: str, stages: Sequence[Stage]) -> str:
    """The key of the stage that a value of another system means, "" where nothing is like it."""
    told = bare(value)
    for stage in stages:
        if told in (bare(stage.key), bare(stage.name_en), bare(stage.name_ko)):
            return stage.key
    if told in _WON or told in _LOST:
        outcome = "won" if told in _WON else "lost"
        return next((stage.key for stage in stages if stage.outcome == outcome), "")
    there = [stage for stage in stages if not stage.outcome]
    place = next((place for word, place in _PLACES if told.startswith(word)), None)
    if place is None or not there:
        return ""
    return there[round(place * (len(there) - 1))].key
