"""A series of posts from CSV: every row is looked at first, and says what is wrong with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.errors import DureError, Invalid
from dure.kernel.ids import uuid7
from dure.social.publishing import events, rules, rules_store, store, talk_store
from dure.social.publishing.book import Book
from dure.social.publishing.model import Content, Place, Plan, Variant, Version, Wording

MOST_ROWS = 500
_COLUMNS = {
    "when": ("when", "일시", "date", "due_at"), "title": ("title", "제목"), "text": ("text", "글", "본문"),
    "link": ("link", "링크", "url"), "campaign": ("campaign", "캠페인"), "sources": ("sources", "소스", "source"),
    "language": ("language", "언어"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """`row` as a spreadsheet numbers it: the header is 1. `code` is one of: no_column, empty, time, passed, source,
    no_source, over, bytes, title_missing, title_over, paused, invalid, twice."""

    row: int
    column: str
    code: str
    data: str = ""
    level: str = "stop"


@dataclass(frozen=True, slots=True)
class Imported:
    """`made` only where nothing stopped any row."""

    rows: int
    findings: list[Finding]
    made: list[Plan]


class Importing:
    """All rows or none."""

    def __init__(self, book: Book, governance: Governance) -> None:
        self._book = book
        self._governance = governance

    async def bring(self, principal: Principal, body: str, *, only_look: bool) -> Imported:
        """Makes a draft of each row. Times without an offset are of the workspace's zone; sources are named, parted
        by commas or semicolons; a link is put at the text's end."""
        access(principal, "social:write")
        zone = ZoneInfo((await self._governance.workspace(principal.tenant)).timezone)
        now, workspace = self._book.clock.now(), principal.tenant.workspace
        rows, findings = _read(body)
        async with self._book.state.begin(principal.tenant) as tx:
            places = await self._book.places(tx, workspace)
            named = {place.name.lower(): place for place in places.values()}
            demand = await rules_store.rules(tx, workspace)
            plans: list[Plan] = []
            seen: dict[tuple[str, object], int] = {}
            for number, row in rows:
                plan = _plan(number, row, named, zone, now, principal, findings)
                if plan is None:
                    continue
                for one in self._book.rendered(plan, places, demand):
                    name = places[one.source].name
                    findings += [Finding(number, "text", code, name) for code in one.problems]
                before = seen.setdefault((plan.content.text, plan.due_at), number)
                if before != number:
                    findings.append(Finding(number, "text", "twice", str(before), "warn"))
                plans.append(plan)
            findings.sort(key=lambda one: one.row)
            if only_look or any(one.level == "stop" for one in findings):
                return Imported(len(rows), findings, [])
            for plan in plans:
                await store.add(tx, principal.tenant, plan)
                kept = Version(uuid7(), 1, now, principal.actor, plan.content)
                await talk_store.add_version(tx, workspace, plan.id, kept)
            if plans:
                told = [events.plan_event(principal, events.DRAFTED, now, one, {"from": None}) for one in plans]
                await append(tx, *told)
        return Imported(len(rows), findings, plans)


def _read(body: str) -> tuple[list[tuple[int, Mapping[str, str]]], list[Finding]]:
    """Rows with their numbers, by our names of columns."""
    body = body.lstrip("\ufeff")
    first = body.partition("\n")[0]
    reader = csv.reader(io.StringIO(body), delimiter=max(",;\t", key=first.count))
    try:
        lines = list(reader)
    except csv.Error as error:
        raise Invalid(f"This is no CSV: {error}", field="body") from error
    if len(lines) < 2:
        raise Invalid("A header and at least one row.", field="body")
    if len(lines) > MOST_ROWS + 1:
        raise Invalid(f"At most {MOST_ROWS} rows.", field="body")
    header = [cell.strip().lower() for cell in lines[0]]
    known = {
        ours: next((header.index(one) for one in names if one in header), None) for ours, names in _COLUMNS.items()
    }
    findings = [Finding(1, ours, "no_column") for ours in ("text", "sources") if known[ours] is None]
    rows: list[tuple[int, Mapping[str, str]]] = [
        (number, {ours: cells[at].strip() for ours, at in known.items() if at is not None and at < len(cells)})
        for number, cells in enumerate(lines[1:], 2)
        if any(cell.strip() for cell in cells)
    ]
    return ([] if findings else rows), findings


def _plan(
    number: int, row: Mapping[str, str], named: Mapping[str, Place], zone: ZoneInfo, now: datetime,
    principal: Principal, findings: list[Finding],
) -> Plan | None:  # fmt: skip
    before = len(findings)
    text = row.get("text", "")
    if not text:
        findings.append(Finding(number, "text", "empty"))
    if link := row.get("link", ""):
        text = f"{text}\n\n{link}"
    due_at = _time(number, row.get("when", ""), zone, now, findings)
    places: list[UUID] = []
    for name in (one.strip() for one in row.get("sources", "").replace(";", ",").split(",")):
        if not name:
            continue
        if place := named.get(name.lower()):
            places.append(place.id)
        else:
            findings.append(Finding(number, "sources", "source", name[:100]))
    if not places and len(findings) == before:
        findings.append(Finding(number, "sources", "no_source"))
    if len(findings) > before:
        return None
    title = row.get("title") or " ".join(text.split())[: rules.TITLE]
    wordings = tuple(Wording(one) for one in dict.fromkeys(places))
    content = Content(title, text, row.get("language", ""), row.get("campaign", ""), wordings)
    try:
        kept = rules.check(content)
    except DureError as error:
        findings.append(Finding(number, (error.field or "text").split("[")[0], "invalid", error.message))
        return None
    return Plan(
        uuid7(), kept, tuple(Variant(one) for one in wordings), "draft", due_at, principal.actor, now, now,
        principal.actor,
    )  # fmt: skip


def _time(number: int, said: str, zone: ZoneInfo, now: datetime, findings: list[Finding]) -> datetime | None:
    if not said:
        return None
    try:
        at = datetime.fromisoformat(said.replace("/", "-").replace(". ", "-"))
    except ValueError:
        findings.append(Finding(number, "when", "time", said[:40]))
        return None
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    if at < now:
        findings.append(Finding(number, "when", "passed", said[:40]))
    return at
