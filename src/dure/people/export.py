"""A person's data as a file that they can be handed: a zip of JSON and NDJSON with a page that says what is what."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from dure.feed.api import position_of, tail
from dure.feed.model import Lane
from dure.kernel.whom import Whom
from dure.log.api import LOG_FOLLOWER, events_of
from dure.people.erasing import Erasing
from dure.people.model import Identity, Person

_README = """# {title}

{intro}

| {file} | {records} |
|---|---|
{rows}
"""
_WORDS = {
    "ko": {
        "title": "보관된 개인정보",
        "intro": "{at} 기준으로 이 작업 공간이 보관한 한 사람의 모든 데이터입니다. `person.json`은 속성, "
        "`identity.json`은 아이디와 그 근거, `events.ndjson`은 모든 이벤트(오래된 순, 한 줄에 하나)이며, "
        "나머지 파일은 각 기능이 보관한 기록입니다. 시각은 모두 UTC, 문자 집합은 UTF-8입니다.",
        "file": "파일", "records": "기록 수",
    },
    "en": {
        "title": "Personal data on record",
        "intro": "All data that this workspace held of one person at {at}. `person.json` has the traits, "
        "`identity.json` the ids and why they are theirs, `events.ndjson` every event (oldest first, one a line); the "
        "other files hold what each part of the product keeps. Times are UTC, text is UTF-8.",
        "file": "file", "records": "records",
    },
}  # fmt: skip


async def write(
    into: Path, person: Person, identity: Identity, whom: Whom, erasing: Erasing, now: datetime
) -> dict[str, int]:
    """Writes the zip; returns the number of records by file."""
    counts = {"person.json": 1, "identity.json": len(identity.ids)}
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("person.json", _json(asdict(person)))
        made.writestr("identity.json", _json(asdict(identity)))
        counts["events.ndjson"] = await _events(made, whom, erasing)
        for holder in erasing.holders:
            async with erasing.state.begin(whom.tenant) as tx:
                for name, records in (await holder.gather(tx, whom)).items():
                    if records:
                        made.writestr(f"{name}.json", _json([_plain(record) for record in records]))
                        counts[f"{name}.json"] = len(records)
        for language, words in _WORDS.items():
            rows = "\n".join(f"| `{name}` | {number:,} |" for name, number in counts.items())
            intro = words["intro"].format(at=now.isoformat(timespec="seconds"))
            made.writestr(f"README.{language}.md", _README.format(rows=rows, **{**words, "intro": intro}))
    return counts


async def _events(made: zipfile.ZipFile, whom: Whom, erasing: Erasing) -> int:
    """The log's events, and those that the log has yet to take over from the feed."""
    number, seen = 0, set()
    with made.open("events.ndjson", "w", force_zip64=True) as file:
        async for event in events_of(erasing.log, whom.tenant, whom.people):
            seen.add(event["message_id"])
            await asyncio.to_thread(file.write, msgspec.json.encode(event) + b"\n")
            number += 1
        for event in await _waiting(whom, erasing):
            if event["message_id"] not in seen:
                file.write(msgspec.json.encode(event) + b"\n")
                number += 1
    return number


async def _waiting(whom: Whom, erasing: Erasing) -> list[dict[str, Any]]:
    people = {str(one) for one in whom.people}
    found: list[dict[str, Any]] = []
    async with erasing.state.begin_system() as tx:
        after = await position_of(tx, LOG_FOLLOWER)
        while batches := await tail(tx, after, (Lane.DOMAIN, Lane.OUTSIDE)):
            after = batches[-1].position
            for batch in batches:
                if batch.workspace == whom.tenant.workspace:
                    lines = map(msgspec.json.decode, batch.body.split(b"\n"))
                    found += [line for line in lines if line["person"] in people]
    return found


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.hex() if isinstance(value, bytes | memoryview) else value for name, value in record.items()}


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2)
