"""What events state about people, and what follows from it: the identities, the traits, the events of links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.feed.api import append
from dure.kernel.ids import person_id
from dure.kernel.tenant import Tenant
from dure.people import store
from dure.people.events import person_linked
from dure.people.links import is_junk, newer, owner, sound
from dure.people.model import Facts, News
from dure.people.store import Identity, Profile
from dure.state import Tx


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
    moved = await _settle(tx, tenant, touched, users, known, now)
    await _learn_traits(tx, tenant, facts.people, known, moved, users)
    if facts.accounts:
        await _learn_accounts(tx, workspace, facts.accounts)
    return len(moved)


async def _settle(
    tx: Tx, tenant: Tenant, touched: set[str], users: dict[str, datetime], known: dict[str, Identity], now: datetime
) -> list[tuple[Identity, UUID]]:
    """Decides anew whose the touched ids are; returns those that moved with the person they were of before."""
    if not touched:
        return []
    workspace = tenant.workspace
    about = await store.claims_about(tx, workspace, touched)
    signed_in = set(users) | {key for key, row in known.items() if row.is_user}
    changed, moved = [], []
    for distinct_id in sorted(touched):
        own = person_id(workspace, distinct_id)
        before = known.get(distinct_id)
        decided = owner(distinct_id, signed_in, about.get(distinct_id, ()))
        person = person_id(workspace, decided.user_id) if decided else own
        is_user = distinct_id in signed_in
        was = before.person if before else own
        version = before.version if before else 0
        row = Identity(
            distinct_id, own, person, is_user, decided.message_id if decided else "",
            decided.at if decided else users.get(distinct_id), version + (was != person),
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


async def _learn_traits(
    tx: Tx, tenant: Tenant, people: Sequence[News], known: dict[str, Identity],
    moved: list[tuple[Identity, UUID]], users: dict[str, datetime],
) -> None:  # fmt: skip
    workspace = tenant.workspace

    def whose(distinct_id: str) -> UUID:
        row = known.get(distinct_id)
        return row.person if row else person_id(workspace, distinct_id)

    ids = {whose(news.distinct_id) for news in people} | {person_id(workspace, user) for user in users}
    ids |= {row.person for row, _ in moved} | {row.own for row, _ in moved}
    if not ids:
        return
    rows = await store.profiles(tx, workspace, ids)
    dirty: dict[UUID, Profile] = {}

    def profile(distinct_id: str, at: datetime) -> Profile:
        who = whose(distinct_id)
        row = rows.get(who)
        if row is None:
            row = rows[who] = dirty[who] = Profile(who, distinct_id, {}, {}, "", None, at, at)
        return row

    for user, at in users.items():
        row = profile(user, at)
        if at < row.first_seen:
            row.first_seen, dirty[row.id] = at, row
    for news in people:
        row = profile(news.distinct_id, news.at)
        row.traits, row.changed = newer(row.traits, row.changed, _storable(news.traits), _stamp(news.at))
        row.account = news.account or row.account
        row.first_seen, row.changed_at = min(row.first_seen, news.at), max(row.changed_at, news.at)
        dirty[row.id] = row
    for identity, _ in moved:
        mine = rows.get(identity.own)
        if mine is None:
            continue  # a device of which nothing but events is known
        mine.merged_into = identity.person if identity.person != identity.own else None
        dirty[identity.own] = mine
        if mine.merged_into is not None:
            _take_over(rows[identity.person], mine)
            dirty[identity.person] = rows[identity.person]
    await store.save_profiles(tx, workspace, dirty.values())


def _take_over(into: Profile, mine: Profile) -> None:
    """What was known of the device's person is known of the user now, where nothing newer is."""
    for name, stamp in mine.changed.items():
        if into.changed.get(name, "") < stamp:
            into.traits, into.changed = newer(into.traits, into.changed, {name: mine.traits.get(name)}, stamp)
    into.first_seen = min(into.first_seen, mine.first_seen)
    into.account = into.account or mine.account


async def _learn_accounts(tx: Tx, workspace: str, accounts: Sequence[News]) -> None:
    rows = await store.accounts(tx, workspace, {news.distinct_id for news in accounts})
    for news in accounts:
        row = rows.get(news.distinct_id)
        if row is None:
            row = rows[news.distinct_id] = Profile(UUID(int=0), news.distinct_id, {}, {}, "", None, news.at, news.at)
        row.traits, row.changed = newer(row.traits, row.changed, _storable(news.traits), _stamp(news.at))
        row.first_seen, row.changed_at = min(row.first_seen, news.at), max(row.changed_at, news.at)
    await store.save_accounts(tx, workspace, rows.values())


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _storable(value: Any) -> Any:
    """Without the character NUL, which JSON knows and PostgreSQL does not."""
    if isinstance(value, str):
        return value.replace("\0", "") if "\0" in value else value
    if isinstance(value, dict):
        return {_storable(name): _storable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_storable(inner) for inner in value]
    return value
