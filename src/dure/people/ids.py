"""A person's ids: why they are one, parting one from the others, joining one to them, and taking either back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal
from uuid import UUID

from dure.feed.api import append
from dure.governance.api import Principal, Role, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.ids import person_id, uuid7
from dure.people import decisions, events, store
from dure.people.facts import regroup, settle
from dure.people.links import Claim, Decision, is_junk, owner, sound
from dure.people.model import Identity, Reason, Refusal
from dure.people.whose import resolve
from dure.state import State, Tx

Kind = Literal["split", "join"]

_SHOWN = 200
_LONGEST_REASON = 500
MAY_JOIN_USERS = (Role.OWNER, Role.ADMIN)
_TWO_USERS = (
    "Both ids are ones that somebody signed in under, so they may be two people. An owner or admin can join them all "
    "the same by sending `two_users: true`; every id keeps its events and the join can be undone."
)


class Ids:
    """Who may be whom. Every act is one transaction with its event, and questions follow once the log has it."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    async def identity(self, principal: Principal, id: str) -> Identity:
        """Why these ids are one person: for each what decided; ids parted from them; and claims that were refused."""
        access(principal, "people:read")
        async with self._state.begin(principal.tenant) as tx:
            return await _explained(tx, principal.tenant.workspace, id)

    async def split(self, principal: Principal, id: str, distinct_id: str, reason: str) -> Identity:
        """Parts an id from a person: it has its events and traits back, and no later event joins it again."""
        access(principal, "people:write")
        reason = _reason(reason)
        workspace, now = principal.tenant.workspace, self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            await store.lock(tx, workspace)
            person, _ = await resolve(tx, workspace, id)
            rows = await store.identities_of(tx, workspace, [person])
            mine = next((row for row in rows if row.distinct_id == distinct_id), None)
            if mine is None:
                raise NotFound("This id is not one of the person's.", field="distinct_id")
            if mine.own == person:
                raise Invalid("This id is the person's own: part the other ids from it.", field="distinct_id")
            user = next(row.distinct_id for row in rows if row.own == person)
            decision = Decision(
                uuid7(), distinct_id, user, "split", False, now, principal.actor, reason
            )  # fmt: skip
            await decisions.add(tx, workspace, decision)
            await self._follow(tx, principal, {row.distinct_id for row in rows})
            await append(tx, events.decided(principal, now, events.IDS_SPLIT, decision, person))
            return await _explained(tx, workspace, str(person))

    async def join(
        self, principal: Principal, id: str, distinct_id: str, reason: str, *, two_users: bool = False
    ) -> Identity:
        """Joins an id to a person by hand. Two users are joined only by an owner or admin who says so."""
        access(principal, "people:write")
        reason = _reason(reason)
        workspace, now = principal.tenant.workspace, self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            await store.lock(tx, workspace)
            person, profile = await resolve(tx, workspace, id)
            rows = await store.identities_of(tx, workspace, [person])
            user = next((row for row in rows if row.own == person), None)
            if user is None or not user.is_user:
                known_as = user.distinct_id if user else profile.distinct_id if profile else id
                raise Invalid(f"Nobody signed in as {known_as}: join it to somebody who did.", field="id")
            known = (await store.identities(tx, workspace, [distinct_id])).get(distinct_id)
            both = _two_users(principal, distinct_id, known, person, user.distinct_id, two_users)
            decision = Decision(
                uuid7(), distinct_id, user.distinct_id, "join", both, now, principal.actor, reason
            )  # fmt: skip
            await decisions.add(tx, workspace, decision)
            from_whom = known.person if known else person_id(workspace, distinct_id)
            hanging = await store.identities_of(tx, workspace, [from_whom])
            await self._follow(tx, principal, {distinct_id, *(row.distinct_id for row in hanging)})
            await append(tx, events.decided(principal, now, events.IDS_JOINED, decision, person))
            return await _explained(tx, workspace, str(person))

    async def undo(self, principal: Principal, id: str, decision_id: str, kind: Kind) -> Identity:
        """Takes a split or join back; what was decided before it, or what events say, counts again."""
        access(principal, "people:write")
        workspace, now = principal.tenant.workspace, self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            await store.lock(tx, workspace)
            decision = await decisions.one(tx, workspace, _uuid(decision_id))
            if decision is None or decision.kind != kind:
                raise NotFound(f"There is no such {kind}.", field="decision")
            person, _ = await resolve(tx, workspace, id)
            theirs = {person_id(workspace, decision.user_id)}
            theirs |= {(await resolve(tx, workspace, one))[0] for one in (decision.distinct_id, decision.user_id)}
            if person not in theirs:
                raise NotFound(f"This {kind} was not about this person.", field="decision")
            if decision.two_users and principal.role not in MAY_JOIN_USERS:
                raise NotAllowed("Only an owner or admin takes back that two users are one.", field="decision")
            if not await decisions.undo(tx, workspace, decision.id, now, principal.actor):
                raise Conflict(f"This {kind} was undone already.", field="decision")
            await self._refuse_ring(tx, workspace, decision.distinct_id)
            hanging = await store.identities_of(tx, workspace, list(theirs))
            await self._follow(tx, principal, {decision.distinct_id, *(row.distinct_id for row in hanging)})
            name = events.SPLIT_UNDONE if kind == "split" else events.JOIN_UNDONE
            await append(tx, events.decided(principal, now, name, decision, person))
            return await _explained(tx, workspace, str(person))

    async def _refuse_ring(self, tx: Tx, workspace: str, distinct_id: str) -> None:
        """Taking back may make an older join stand again, which must not lead back to where it began."""
        at, passed = distinct_id, {distinct_id}
        while (one := (await decisions.standing(tx, workspace, [at])).get(at)) is not None and one.kind == "join":
            at = one.user_id
            if at in passed:
                raise Conflict("This would join two users to each other both ways; undo the other join first.")
            passed.add(at)

    async def _follow(self, tx: Tx, principal: Principal, touched: Collection[str]) -> None:
        """Settles anew whose these ids are, with their traits."""
        now = self._clock.now()
        known = await store.identities(tx, principal.tenant.workspace, touched)
        moved = await settle(tx, principal.tenant, touched, {}, known, now)
        await regroup(tx, principal.tenant, moved, now)


def _two_users(
    principal: Principal, distinct_id: str, known: store.Identity | None, person: UUID, user: str, meant: bool
) -> bool:
    """Whether this would make two users one; raises where the two may not be joined."""
    if is_junk(distinct_id):
        raise Invalid("A placeholder is nobody's id.", field="distinct_id")
    if distinct_id == user or (known is not None and known.person == person):
        raise Conflict("This id is the person's already.", field="distinct_id")
    if known is None or not known.is_user:
        return False
    data = {"users": [distinct_id, user], "needs": "owner or admin", "your_role": principal.role.value}
    if principal.role not in MAY_JOIN_USERS:
        raise NotAllowed("Two users are joined only by an owner or admin.", field="distinct_id", data=data)
    if not meant:
        raise Conflict(_TWO_USERS, field="two_users", data=data)
    return True


async def _explained(tx: Tx, workspace: str, id: str) -> Identity:
    person, profile = await resolve(tx, workspace, id)
    rows = await store.identities_of(tx, workspace, [person])
    if not rows:
        alone = Reason(profile.distinct_id if profile else id, False, None)
        return Identity(person, (alone,))
    mine = [row.distinct_id for row in rows]
    claims = await store.claims_about(tx, workspace, mine)
    told: dict[str, list[Decision]] = {}
    for decision in await decisions.about(tx, workspace, mine):
        told.setdefault(decision.distinct_id, []).append(decision)
    users = {row.distinct_id for row in rows if row.is_user}
    reasons = []
    for row in rows:
        about = sorted(sound(claims.get(row.distinct_id, [])))
        standing = next((one for one in told.get(row.distinct_id, ()) if one.undone_at is None), None)
        why = owner(row.distinct_id, users, about, standing)
        refused = [Refusal(claim, _why_not(row.is_user, why, standing)) for claim in about if claim is not why]
        reasons.append(
            Reason(
                row.distinct_id, row.is_user, why if isinstance(why, Claim) else None,
                why if isinstance(why, Decision) else None, tuple(refused), tuple(told.get(row.distinct_id, ())),
            )
        )  # fmt: skip
    parted = [one for one in await decisions.splits_from(tx, workspace, mine) if one.distinct_id not in mine]
    told_already = {*mine, *(one.distinct_id for one in parted)}
    return Identity(person, tuple(reasons), tuple(parted), await _refused(tx, workspace, users, told_already))


async def _refused(tx: Tx, workspace: str, users: Collection[str], told: Collection[str]) -> tuple[Refusal, ...]:
    """What was said to be this person's and is not, beside the ids that are told already."""
    lost = [one for one in await store.claims_by(tx, workspace, users, _SHOWN) if one.distinct_id not in told]
    theirs = await store.identities(tx, workspace, {one.distinct_id for one in lost})
    standing = await decisions.standing(tx, workspace, {one.distinct_id for one in lost})
    shown = []
    for claim in lost:
        row, decision = theirs.get(claim.distinct_id), standing.get(claim.distinct_id)
        why = decision if decision is not None and decision.kind == "join" else None
        shown.append(Refusal(claim, _why_not(bool(row and row.is_user), why, decision)))
    return tuple(shown)


def _why_not(is_user: bool, why: Claim | Decision | None, standing: Decision | None) -> str:
    if isinstance(why, Decision):
        return "joined_by_hand"
    if standing is not None and standing.kind == "split":
        return "split_by_hand"
    return "two_users" if is_user else "another_came_first"


def _reason(reason: str) -> str:
    reason = reason.replace("\0", "").strip()
    if not reason:
        raise Invalid("Say why: whoever reads this later wants to know.", field="reason")
    if len(reason) > _LONGEST_REASON:
        raise Invalid(f"`reason` has at most {_LONGEST_REASON} characters.", field="reason")
    return reason


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such decision.", field="decision") from None
