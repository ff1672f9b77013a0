"""What events state about people, and what follows from it: the identities, the traits, the events of links."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dure.feed.api import Event, append
from dure.kernel.ids import person_id
from dure.kernel.tenant import Tenant
from dure.people import decisions, history, store
from dure.people.events import person_linked, traits_changed
from dure.people.history import Entry
from dure.people.links import Decision, is_junk, owner, root, sound
from dure.people.model import Facts, News
from dure.people.profiles import ACCOUNT, become_part, hear, hear_of, stand_alone, take_in
from dure.people.store import Identity, Profile
from dure.people.traits import Told, operate
from dure.state import Tx

# Users joined to users joined to users: nobody needs a longer way than this.
_LONGEST_WAY = 100


async def learn(tx: Tx, tenant: Tenant, facts: Facts, now: datetime) -> int:
    """Writes what the facts change, in sets; returns how many ids got another owner.

    Stating the same facts again, or in another order, ends in the same identities.
    """
    workspace = tenant.workspace
    await store.lock(tx, workspace)
    claims = sound(facts.claims)
    users = {user: at for user, at in facts.users.items() if not is_junk(user)}
    for claim in claims:
        users[claim.user_id] = min(claim.at, users.get(claim.user_id, claim.at))
    if claims:
        await store.add_claims(tx, workspace, claims)
    touched = set(users) | {claim.distinct_id for claim in claims}
    named = touched | {news.distinct_id for news in facts.people}
    known = await store.identities(tx, workspace, named) if named else {}
    moved = await settle(tx, tenant, touched, users, known, now)
    operating = {news.message_id for news in (*facts.people, *facts.accounts) if news.operations}
    fresh = await history.first_time(tx, workspace, operating, now)
    entries, said = await _learn_traits(tx, tenant, facts.people, known, moved, users, fresh, now)
    if facts.accounts:
        more, said_too = await _learn_accounts(tx, tenant, facts.accounts, fresh, now)
        entries, said = [*entries, *more], [*said, *said_too]
    await history.write(tx, workspace, entries)
    await append(tx, *said)
    return len(moved)


async def settle(
    tx: Tx, tenant: Tenant, touched: Collection[str], users: Mapping[str, datetime], known: dict[str, Identity],
    now: datetime,
) -> list[tuple[Identity, UUID]]:  # fmt: skip
    """Decides anew whose the touched ids are; returns those that moved with the person they were of before."""
    if not touched:
        return []
    workspace = tenant.workspace
    about = await store.claims_about(tx, workspace, touched)
    standing = await decisions.standing(tx, workspace, touched)
    signed_in = set(users) | {key for key, row in known.items() if row.is_user}
    decided = {one: owner(one, signed_in, about.get(one, ()), standing.get(one)) for one in touched}
    heads = await _heads(tx, workspace, {one.user_id for one in decided.values() if one is not None})
    changed, moved = [], []
    for distinct_id in sorted(touched):
        own, before, why = person_id(workspace, distinct_id), known.get(distinct_id), decided[distinct_id]
        person = person_id(workspace, root(why.user_id, heads)) if why else own
        is_user = distinct_id in signed_in
        was = before.person if before else own
        version = before.version if before else 0
        linked_by = "" if why is None else str(why.id) if isinstance(why, Decision) else why.message_id
        row = Identity(
            distinct_id, own, person, is_user, linked_by, why.at if why else users.get(distinct_id),
            version + (was != person),
        )  # fmt: skip
        if was != person:
            moved.append((row, was))
        if before is None or (before.person, before.is_user, before.linked_by) != (person, is_user, row.linked_by):
            changed.append(row)
        known[distinct_id] = row
    if changed:
        await store.save_identities(tx, workspace, changed)
    await append(
        tx,
        *(
            person_linked(tenant, now, row.distinct_id, row.own, row.person, row.version, row.linked_by)
            for row, _ in moved
        ),
    )  # fmt: skip
    return moved


async def regroup(tx: Tx, tenant: Tenant, moved: Sequence[tuple[Identity, UUID]], now: datetime) -> None:
    """Gives traits to where their ids are now, after ids moved by hand."""
    await _learn_traits(tx, tenant, (), {row.distinct_id: row for row, _ in moved}, moved, {}, set(), now)


async def _heads(tx: Tx, workspace: str, user_ids: Collection[str]) -> dict[str, Decision]:
    """The standing joins that lead on from these users."""
    heads: dict[str, Decision] = {}
    asked = set(user_ids)
    for _ in range(_LONGEST_WAY):
        if not asked:
            break
        found = await decisions.standing(tx, workspace, asked)
        heads |= found
        asked = {one.user_id for one in found.values()} - set(heads)
    return heads


async def _learn_traits(
    tx: Tx, tenant: Tenant, people: Sequence[News], known: dict[str, Identity],
    moved: Sequence[tuple[Identity, UUID]], users: Mapping[str, datetime], fresh: set[str], now: datetime,
) -> tuple[list[Entry], list[Event]]:  # fmt: skip
    workspace = tenant.workspace

    def whose(distinct_id: str) -> UUID:
        row = known.get(distinct_id)
        return row.person if row else person_id(workspace, distinct_id)

    ids = {whose(news.distinct_id) for news in people} | {person_id(workspace, news.distinct_id) for news in people}
    ids |= {person_id(workspace, user) for user in users} | {whose(user) for user in users}
    ids |= {who for row, was in moved for who in (row.person, row.own, was)}
    if not ids:
        return [], []
    rows = await store.profiles(tx, workspace, ids)
    dirty: dict[UUID, Profile] = {}

    def profile(distinct_id: str, at: datetime) -> Profile:
        """The row of this very id; a new one is part of whom the id is of."""
        own = person_id(workspace, distinct_id)
        row = rows.get(own)
        if row is None:
            person = whose(distinct_id)
            row = Profile(own, distinct_id, {}, {}, "", person if person != own else None, at, at)
            rows[own] = dirty[own] = row
        return row

    for user, at in users.items():
        row = profile(user, at)
        if at < row.first_seen:
            row.first_seen, dirty[row.id] = at, row
    _move(rows, dirty, moved, await _parts(tx, workspace, moved))
    entries, said = [], []
    for news in people:
        mine = profile(news.distinct_id, news.at)
        person = rows.get(whose(news.distinct_id), mine)
        values, stamps = _read(news, person, fresh)
        told = hear(mine, values, stamps, news.at)
        if person is not mine:
            told = hear_of(person, values, stamps, news.at)
        dirty[mine.id], dirty[person.id] = mine, person
        if entry := _entry("person", news, told):
            entries.append(entry)
        if news.message_id in fresh and told.changes:
            said.append(traits_changed(tenant, now, news, mine.id, told))
    await store.save_profiles(tx, workspace, dirty.values())
    return entries, said


async def _parts(tx: Tx, workspace: str, moved: Sequence[tuple[Identity, UUID]]) -> dict[UUID, list[Profile]]:
    """The rows that remain with those whom an id left."""
    left = {was for row, was in moved if was != row.own}
    return await store.parts_of(tx, workspace, left) if left else {}


def _move(
    rows: dict[UUID, Profile], dirty: dict[UUID, Profile], moved: Sequence[tuple[Identity, UUID]],
    parts: Mapping[UUID, Sequence[Profile]],
) -> None:  # fmt: skip
    """Ids that moved take what was said of them along; whom they left is told anew by what remains."""
    # One value a row: a part may also have been read as a row.
    remaining = {who: [rows.setdefault(part.id, part) for part in of_one] for who, of_one in parts.items()}
    gone = {row.own for row, _ in moved}
    for identity, _ in moved:
        mine = rows.get(identity.own)
        if mine is None:
            continue  # a device of which nothing but events is known
        dirty[mine.id] = mine
        if identity.person != identity.own:
            become_part(mine, identity.person)
        else:
            stand_alone(mine, ())
    for who, of_one in remaining.items():
        if who in rows and who not in gone:
            stand_alone(rows[who], [part for part in of_one if part.merged_into == who])
            dirty[who] = rows[who]
    for identity, _ in moved:
        mine, person = rows.get(identity.own), rows.get(identity.person)
        if mine is not None and person is not None and mine is not person:
            take_in(person, mine)
            dirty[person.id] = person


async def _learn_accounts(
    tx: Tx, tenant: Tenant, accounts: Sequence[News], fresh: set[str], now: datetime
) -> tuple[list[Entry], list[Event]]:
    rows = await store.accounts(tx, tenant.workspace, {news.distinct_id for news in accounts})
    entries, said = [], []
    for news in accounts:
        row = rows.get(news.distinct_id)
        if row is None:
            row = rows[news.distinct_id] = Profile(UUID(int=0), news.distinct_id, {}, {}, "", None, news.at, news.at)
        values, stamps = _read(news, row, fresh)
        told = hear(row, values, stamps, news.at)
        if entry := _entry("account", news, told):
            entries.append(entry)
        if news.message_id in fresh and told.changes:
            said.append(traits_changed(tenant, now, news, None, told))
    await store.save_accounts(tx, tenant.workspace, rows.values())
    return entries, said


def _read(news: News, row: Profile, fresh: set[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values that news sets and when each was said; what operations end in counts as said after what they worked
    on, so that a late `add` adds."""
    at = _stamp(news.at)
    values = {name: value for name, value in _storable(news.traits).items() if name != ACCOUNT}
    stamps = dict.fromkeys(values, at)
    if news.message_id in fresh and news.operations:
        known = {**row.traits, **{name: value for name, value in values.items() if row.changed.get(name, "") <= at}}
        ends = operate(known, _storable(news.operations))
        values |= ends
        stamps |= {name: max(at, _after(row.changed.get(name, ""))) for name in ends}
    if news.account:
        values[ACCOUNT], stamps[ACCOUNT] = news.account, at
    return values, stamps


def _entry(kind: history.Kind, news: News, told: Told) -> Entry | None:
    if not told.changes and not told.late:
        return None
    return Entry(kind, news.distinct_id, news.at, news.message_id, news.event, news.source, told.changes, told.late)


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _after(stamp: str) -> str:
    return _stamp(datetime.fromisoformat(stamp) + timedelta(microseconds=1)) if stamp else ""


def _storable(value: Any) -> Any:
    """Without the character NUL, which JSON knows and PostgreSQL does not."""
    if isinstance(value, str):
        return value.replace("\0", "") if "\0" in value else value
    if isinstance(value, dict):
        return {_storable(name): _storable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_storable(inner) for inner in value]
    return value
