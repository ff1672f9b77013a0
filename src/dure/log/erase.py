"""Taking a person out of the log: rows that are theirs go, what others' rows say of them is blanked, on disk too.

What is looked for lies in the table `erasing`, in memory, so that a mutation's own file on disk does not keep it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

import msgspec

from dure.kernel.folding import wanted
from dure.kernel.tenant import Tenant
from dure.kernel.whom import ERASED, Whom
from dure.log.store import Log

_SYNC = {"mutations_sync": 2}
_A_PAGE = 5000

ONE_AT_A_TIME = "people.erasing"
"""The advisory lock of PostgreSQL under which the table `erasing` is one's own."""

BEGINNING = 80  # letters by which a message is known

_PUT = "insert into erasing select {kind:String}, arrayJoin({values:Array(String)})"
_EMPTY = "truncate table erasing"
_THEIRS = """workspace = {workspace:String} and (
    person in (select toUUID(value) from erasing where kind = 'person')
    or distinct_id in (select value from erasing where kind = 'id')
    or object in (select value from erasing where kind = 'object'))"""
# A mutation that outlives a crash meets an empty table: then each of these patterns is '' and must match nothing.
_PATTERN = "(select any(value) from erasing where kind = '{}')"
_TEXT = "concat(toString(properties), ' ', object, ' ', account)"
_TELLS = f"""workspace = {{workspace:String}} and (
    (notEmpty({_PATTERN.format("words")}) and match({_TEXT}, {_PATTERN.format("words")}))
    or (notEmpty({_PATTERN.format("numbers")}) and match({_TEXT}, {_PATTERN.format("numbers")}))
    or (run in (select value from erasing where kind = 'run') and notEmpty({_PATTERN.format("names")})
        and match({_TEXT}, {_PATTERN.format("names")})))"""


def _blanked(text: str) -> str:
    words = f"if(notEmpty({_PATTERN.format('names')}), replaceRegexpAll({text}, {_PATTERN.format('names')}, '{ERASED}'), {text})"  # noqa: E501
    numbers = _PATTERN.format("numbers")
    return f"if(notEmpty({numbers}), replaceRegexpAll({words}, {numbers}, '0'), {words})"


_BLANK = f"""alter table events update
    properties = {_blanked("toString(properties)")}::JSON(max_dynamic_paths = 256),
    object = {_blanked("object")}, account = {_blanked("account")}
where {_TELLS}"""
# The folded text of a mention has no signs and no capitals, so an address is looked for by its letters alone.
_MENTIONS = """workspace = {workspace:String} and (
    mention in (select toUUIDOrZero(value) from erasing where kind = 'object')
    or handle in (select value from erasing where kind = 'handle')
    or arrayExists(told -> position(folded, told) > 0 or position(author, told) > 0,
                   (select groupArray(value) from erasing where kind = 'folded')))"""
_OVERRIDES = """workspace = {workspace:String} and (
    from_person in (select toUUID(value) from erasing where kind = 'person')
    or to_person in (select toUUID(value) from erasing where kind = 'person'))"""
# What a mention's own events say beside how it was read; an idea's, a spike's and a card's say it in other places.
_NOTHING = (
    '{"text":"","text_plain":"","title":"","url":"","author":"","handle":"","entities":[],"person_id":"",'
    '"account_id":"","why":""}'
)
_OBJECTS = "(select value from erasing where kind = 'object')"
_OF_OBJECTS = "(select groupArray(value) from erasing where kind = 'object')"
# Each of these looks a row up in a set: thousands of mentions at once cost no more than one.
_SHOWN = f"""(source = 'channels' and event in ('Message Posted', 'Message Changed')
    and if(source = 'channels', substringUTF8(toString(properties.text), 1, {BEGINNING}), '')
        in (select value from erasing where kind = 'said'))"""
_SPIKED = f"""hasAny(if(object_type = 'spike', extractAll(toString(properties), '[0-9a-f]+(?:-[0-9a-f]+)+'), []),
    {_OF_OBJECTS})"""
_SHOWS = f"""workspace = {{workspace:String}} and (
    (source = 'social' and (object in {_OBJECTS} or toString(properties.ref) in {_OBJECTS} or {_SPIKED}))
    or {_SHOWN})"""
_REDACT = f"""alter table events update
    account = if(object_type = 'mention', '', account),
    properties = jsonMergePatch(toString(properties), multiIf(
        object_type = 'mention', '{_NOTHING}',
        object_type = 'spike', '{{"examples":[],"examples_text":"","why":{{"top":[],"voice":null,"text":null}}}}',
        source = 'channels', '{{"text":""}}', '{{"said":""}}'))::JSON(max_dynamic_paths = 256)
where {_SHOWS}"""
_TAKEN_BACK = """workspace = {workspace:String} and mention in
    (select toUUIDOrZero(value) from erasing where kind = 'object')"""
_WORDS = """workspace = {workspace:String} and source = 'channels' and event in ('Message Posted', 'Message Changed')
    and notEmpty(toString(properties.text)) and arrayExists(
        (channel, team, before) -> object = channel and toString(properties.team) = team
            and toString(properties.ts) < before,
        {channels:Array(String)}, {teams:Array(String)}, {before:Array(String)})"""
_FORGET_WORDS = f"""alter table events update
    properties = jsonMergePatch(toString(properties), '{{"text":""}}')::JSON(max_dynamic_paths = 256) where {_WORDS}"""
_OLD_PARTS = """select concat(table, '/', name) from system.parts
where database = currentDatabase() and table in ('events', 'mention', 'person_override') and not active"""
_PAGE = """
select time, event, source, distinct_id, account, object_type, object, actor, run, message_id, received_at,
       toString(properties), toString(person)
from events where workspace = {workspace:String} and person in {people:Array(UUID)}
    and (time, message_id) > (parseDateTime64BestEffort({after:String}, 6, 'UTC'), {message:String})
order by time, message_id limit {limit:UInt32}
"""
_IDENTIFIED = """select toString(properties) from events
where workspace = {workspace:String} and person in {people:Array(UUID)} and event = 'Identified' limit 10000"""
_IDS = "select distinct distinct_id from events where workspace = {workspace:String} and distinct_id != ''"


async def forget(log: Log, whom: Whom) -> dict[str, int]:
    """Deletes and blanks; returns how many rows of each. Safe to run again; one at a time for a whole log."""
    await _put(log, whom)
    try:
        counts = {}
        for name, table, where, change in (
            ("events", "events", _THEIRS, f"alter table events delete where {_THEIRS}"),
            ("events_blanked", "events", _TELLS, _BLANK),
            ("mentions", "mention", _MENTIONS, f"alter table mention delete where {_MENTIONS}"),
            ("merges", "person_override", _OVERRIDES, f"alter table person_override delete where {_OVERRIDES}"),
        ):
            found = await log.query(whom.tenant, f"select count() from {table} where {where}", seconds=3600)
            counts[name] = int(found.rows[0][0])
            if counts[name]:
                await log.change(whom.tenant, change, settings=_SYNC)
        return counts
    finally:
        await log.change(whom.tenant, _EMPTY)


async def redact(log: Log, tenant: Tenant, objects: Collection[UUID], said: Collection[str]) -> int:
    """Takes out of the log what mentions said that their networks took back; that they were there stays. `said` are the
    texts of messages that showed them, of which the first `BEGINNING` letters count. Returns how many events changed.
    Under `ONE_AT_A_TIME`, as `forget`."""
    await log.change(tenant, _EMPTY)
    try:
        await _fill(log, tenant, {"object": [str(one) for one in objects], "said": [one[:BEGINNING] for one in said]})
        found = await log.query(tenant, f"select count() from events where {_SHOWS}", seconds=3600)
        number = int(found.rows[0][0])
        if number:
            await log.change(tenant, _REDACT, settings=_SYNC)
        if (await log.query(tenant, f"select count() from mention where {_TAKEN_BACK}")).rows[0][0]:
            await log.change(tenant, f"alter table mention delete where {_TAKEN_BACK}", settings=_SYNC)
        return number
    finally:
        await log.change(tenant, _EMPTY)


async def forget_words(log: Log, tenant: Tenant, said: Collection[tuple[str, str, str]]) -> int:
    """Takes the words out of what people of a team said in a conversation before a `ts`, for each such three; that
    they said something stays. Returns how many events changed. Under `ONE_AT_A_TIME`, as `forget`."""
    channels, teams, before = zip(*said, strict=True)
    bound = {"channels": list(channels), "teams": list(teams), "before": list(before)}
    number = int(
        (await log.query(tenant, f"select count() from events where {_WORDS}", bound, seconds=3600)).rows[0][0]
    )
    if number:
        await log.change(tenant, _FORGET_WORDS, bound, settings=_SYNC)
    return number


async def old_parts(log: Log, tenant: Tenant) -> set[str]:
    """Parts that are no longer read and still on disk."""
    return {row[0] for row in (await log.query(tenant, _OLD_PARTS)).rows}


async def events_of(log: Log, tenant: Tenant, people: Collection[UUID]) -> AsyncIterator[dict[str, Any]]:
    """Every event of some person ids, oldest first, a page at a time."""
    after, message = "1970-01-01T00:00:00Z", ""
    while True:
        bound = {"people": list(people), "after": after, "message": message, "limit": _A_PAGE}
        page = (await log.query(tenant, _PAGE, bound)).dicts()
        for row in page:
            for name in ("time", "received_at"):
                row[name] = row[name].replace(tzinfo=UTC)
            row["properties"] = msgspec.json.decode(row.pop("toString(properties)"))
            row["person"] = row.pop("toString(person)")
            yield row
        if len(page) < _A_PAGE:
            return
        after, message = page[-1]["time"].strftime("%Y-%m-%dT%H:%M:%S.%fZ"), page[-1]["message_id"]


async def stated_traits(log: Log, tenant: Tenant, people: Collection[UUID]) -> list[dict[str, Any]]:
    """The traits that a person was ever said to have, also those that changed since."""
    rows = (await log.query(tenant, _IDENTIFIED, {"people": list(people)})).rows
    return [msgspec.json.decode(row[0]) for row in rows]


async def distinct_ids(log: Log, tenant: Tenant) -> Iterable[str]:
    """Every distinct id of a workspace."""
    return [row[0] for row in (await log.query(tenant, _IDS, seconds=3600)).rows]


async def _put(log: Log, whom: Whom) -> None:
    await log.change(whom.tenant, _EMPTY)
    words, names = whom.patterns
    kinds = {
        "person": [str(one) for one in whom.people], "id": list(whom.ids), "object": list(whom.objects),
        "run": list(whom.runs), "words": [words], "names": [names], "numbers": [whom.numbers],
        "handle": list(whom.handles), "folded": [want for one in whom.words if (want := wanted(one, whole=True))],
    }  # fmt: skip
    await _fill(log, whom.tenant, kinds)


async def _fill(log: Log, tenant: Tenant, kinds: Mapping[str, Sequence[str]]) -> None:
    for kind, values in kinds.items():
        some = [value for value in values if value]
        for start in range(0, len(some), 1000):
            await log.change(tenant, _PUT, {"kind": kind, "values": some[start : start + 1000]})
