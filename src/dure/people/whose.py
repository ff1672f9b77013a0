"""Who is meant by an id: a person id, or any distinct id."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from dure.kernel.ids import person_id
from dure.people import store
from dure.people.store import Profile
from dure.state import Tx


async def resolve(tx: Tx, workspace: str, id: str) -> tuple[UUID, Profile | None]:
    """Who somebody is now, and what is known of them; None of whom there are only events, or nothing."""
    identity = (await store.identities(tx, workspace, [id.replace("\0", "")])).get(id)
    if identity is not None:
        person = identity.person
    else:
        person = UUID(id) if is_uuid(id) and UUID(id).version == 5 else person_id(workspace, id)
        person = (await store.moved(tx, workspace, [person])).get(person, person)
    return person, (await store.profiles(tx, workspace, [person])).get(person)


async def resolve_many(tx: Tx, workspace: str, ids: Collection[str]) -> dict[str, tuple[UUID, Profile | None]]:
    """`resolve` for many at once."""
    identities = await store.identities(tx, workspace, {one.replace("\0", "") for one in ids})
    own = {
        one: UUID(one) if is_uuid(one) and UUID(one).version == 5 else person_id(workspace, one)
        for one in ids if one not in identities
    }  # fmt: skip
    moved = await store.moved(tx, workspace, set(own.values()))
    people = {one: identities[one].person if one in identities else moved.get(own[one], own[one]) for one in ids}
    profiles = await store.profiles(tx, workspace, set(people.values()))
    return {one: (person, profiles.get(person)) for one, person in people.items()}


async def event_ids(tx: Tx, workspace: str, person: UUID) -> dict[UUID, str]:
    """The person ids that somebody's events carry, with the distinct id of each: their own first, then those of the
    ids that became theirs."""
    own = (await store.profiles(tx, workspace, [person])).get(person)
    ids = {person: own.distinct_id if own else ""}
    ids.update({row.own: row.distinct_id for row in await store.identities_of(tx, workspace, [person])})
    return ids


def is_uuid(text: str) -> bool:
    try:
        return len(text) == 36 and bool(UUID(text))
    except ValueError:
        return False
