"""From the feed to the people: reads what events from outside state, and learns it in the cursor's transaction."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dure.feed.api import Batch, Bell, Follower, Lane
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.people.facts import learn
from dure.people.links import Claim
from dure.people.model import Facts, News
from dure.state import State, Tx

NAME = "people"
IDENTIFIED = "Identified"
ACCOUNT_IDENTIFIED = "Account Identified"
ALIASED = "Aliased"

# Most lines say nothing about who somebody is: those are not even decoded.
_SAYS = (b'"anonymous_id":"', *(f'"event":"{name}"'.encode() for name in (IDENTIFIED, ACCOUNT_IDENTIFIED, ALIASED)))
OPERATIONS = "trait_changes"
_NOT_TRAITS = ("anonymous_id", "sent_anonymous_id", "original_time", "context", OPERATIONS)
_REMEMBERED = 200_000


class _Line(msgspec.Struct):
    """What is read of a feed line."""

    event: str
    time: datetime
    message_id: str
    source: str
    distinct_id: str
    account: str = ""
    properties: dict[str, Any] = {}


_decode = msgspec.json.Decoder(_Line).decode


class PeopleFollower:
    """Follows events from outside under the name `people`."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._follower = Follower(state, NAME, lanes=(Lane.OUTSIDE,))
        self._clock = clock
        self._stated = _Stated()

    async def run(self, bell: Bell) -> None:
        await self._follower.run(bell, handle=self.handle, every=0.05)

    async def step(self) -> int:
        """One transaction; returns the number of batches read."""
        return await self._follower.step(self.handle)

    def forget(self, workspace: str, ids: Collection[str]) -> None:
        """Lets what was stated about these ids be stated anew: what it led to is erased."""
        self._stated.forget(workspace, ids)

    async def handle(self, tx: Tx, batches: Sequence[Batch]) -> None:
        stated: dict[Tenant, Facts] = {}
        for batch in batches:
            facts = stated.setdefault(Tenant(batch.org, batch.workspace), Facts())
            for line in batch.lines_with(_SAYS):
                read(_decode(line), facts)
        for tenant, facts in stated.items():
            facts.claims = self._stated.new(tenant.workspace, facts.claims)
            if facts.claims or facts.people or facts.accounts or facts.users:
                await learn(tx, tenant, facts, self._clock.now())


def read(line: _Line, facts: Facts) -> None:
    """Adds what one event states. An anonymous id that equals the distinct id says that nobody signed in."""
    who, at = line.distinct_id, line.time
    anonymous = line.properties.get("anonymous_id")
    if isinstance(anonymous, str) and anonymous and anonymous != who:
        facts.claims.append(_claim(line, anonymous))
    if line.event == IDENTIFIED:
        facts.people.append(_news(line, who, line.account))
        if anonymous != who:
            facts.users[who] = min(at, facts.users.get(who, at))
    elif line.event == ACCOUNT_IDENTIFIED and line.account:
        facts.accounts.append(_news(line, line.account))
        if who:
            facts.people.append(
                News(who, {}, at, line.account, message_id=line.message_id, event=line.event, source=line.source)
            )
    elif line.event == ALIASED and isinstance(previous := line.properties.get("previous_id"), str):
        facts.claims.append(_claim(line, previous))


def _claim(line: _Line, distinct_id: str) -> Claim:
    return Claim(line.time, line.message_id, distinct_id, line.distinct_id, line.source, line.event)


def _news(line: _Line, of: str, account: str = "") -> News:
    traits = {name: value for name, value in line.properties.items() if name not in _NOT_TRAITS}
    operations = line.properties.get(OPERATIONS)
    return News(
        of, traits, line.time, account, line.message_id, line.event, line.source,
        operations if isinstance(operations, dict) else {},
    )  # fmt: skip


class _Stated:
    """Browsers repeat both ids on every event: what was stated lately is not stated to the database again.

    What is remembered may be of a transaction that rolled back, so the very same message always passes.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str, str], tuple[datetime, str]] = OrderedDict()

    def new(self, workspace: str, claims: Sequence[Claim]) -> list[Claim]:
        fresh = []
        for claim in claims:
            key, stamp = (workspace, claim.distinct_id, claim.user_id), (claim.at, claim.message_id)
            known = self._seen.get(key)
            if known is not None and known < stamp:
                self._seen.move_to_end(key)
                continue
            self._seen[key] = stamp
            fresh.append(claim)
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return fresh

    def forget(self, workspace: str, ids: Collection[str]) -> None:
        some = set(ids)
        for key in [key for key in self._seen if key[0] == workspace and not some.isdisjoint(key[1:])]:
            del self._seen[key]
