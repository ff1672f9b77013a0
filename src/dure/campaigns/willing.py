"""Who does not want to hear from the company; fills `segments.plugs.Consents` for handing over and sending out."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from dure.campaigns.gate import rules, store
from dure.campaigns.gate.api import known_under
from dure.campaigns.model import Recipient
from dure.kernel.seal import Seal
from dure.kernel.tenant import Tenant
from dure.people.api import People
from dure.state import Tx


class Willing:
    """By what people said (a no to any channel is a no), where they said nothing by what the workspace makes of that,
    and by suppressed addresses: the gate's own judgement."""

    def __init__(self, people: People, seal: Seal) -> None:
        self._people = people
        self._seal = seal

    async def unwilling(self, tx: Tx, tenant: Tenant, people: Collection[UUID]) -> set[UUID]:
        known = await self._people.known(tx, tenant, people)
        asked = [
            Recipient(person, one.distinct_ids[0], one.traits, ids=one.distinct_ids) for person, one in known.items()
        ]
        owners = {**{person: person for person in people}, **known_under(tenant.workspace, asked)}
        addresses = {one.person: one.address.lower() for one in asked}
        gone = await store.suppressed(tx, tenant.workspace, set(addresses.values()) - {""}, self._seal)
        policy, words = await store.policy(tx, tenant.workspace), await store.words(tx, tenant.workspace, owners)
        silent = {person for person in people if not rules.hears(policy, words.get(person, {}))}
        return silent | {person for person, address in addresses.items() if address in gone}
