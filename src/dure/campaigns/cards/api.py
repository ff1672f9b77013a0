"""Cards' entrance: written by the carrier, fetched by a person's site or app, and what became of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID

from dure.campaigns import events
from dure.campaigns.cards import store
from dure.campaigns.cards.model import Card, Word
from dure.campaigns.devices.api import known_as, person_ids
from dure.campaigns.model import Recipient
from dure.campaigns.plugs import Accepted, Delivery, Directory, Parcel
from dure.feed.api import append
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.kernel.errors import NotFound
from dure.kernel.ids import person_id
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

_MOST = 50
_STAYS = timedelta(days=14)
_KEPT = timedelta(days=30)
_EVENTS: dict[Word, str] = {"seen": events.SEEN, "clicked": events.CLICKED, "dismissed": events.DISMISSED}


class Cards:
    """Fills `plugs.Carrier` for the channel `in_app`: what it carries lies here until it is fetched."""

    channel = "in_app"

    def __init__(self, state: State, clock: Clock, governance: Governance, directory: Directory) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._directory = directory

    def address(self, recipient: Recipient) -> str:
        return recipient.distinct_id

    async def carry(self, tenant: Tenant, parcel: Parcel) -> Delivery:
        """Keeps the card; the same key again changes nothing."""
        content, now = parcel.content, self._clock.now()
        said = {
            "form": content.more.get("form", "card"), "title": content.title, "body": content.text, "url": content.url,
            "button": content.more.get("button", ""), "image": content.image, "language": content.language,
        }  # fmt: skip
        until = datetime.fromisoformat(content.more["expires"]) if "expires" in content.more else now + _STAYS
        person = parcel.person or person_id(tenant.workspace, parcel.address)
        async with self._state.begin(tenant) as tx:
            await store.add(
                tx, tenant.workspace, UUID(parcel.key), parcel.campaign, person, parcel.address, said, now,
                until.astimezone(UTC),
            )  # fmt: skip
        return Accepted(parcel.key)

    async def of(self, tenant: Tenant, distinct_id: str) -> list[Card]:
        """What is to be shown to whoever is behind a distinct id, newest first."""
        async with self._state.begin(tenant) as tx:
            ids = await self._ids(tx, tenant, distinct_id)
            return await store.of(tx, tenant.workspace, ids, self._clock.now(), _MOST)

    async def note(self, tenant: Tenant, distinct_id: str, card: UUID, word: Word) -> None:
        """Somebody saw, clicked or dismissed a card; said again it changes nothing. NotFound for another's."""
        now = self._clock.now()
        async with self._state.begin(tenant) as tx:
            ids = await self._ids(tx, tenant, distinct_id)
            row = await store.note(tx, tenant.workspace, card, ids, word, now)
            if row is None:
                raise NotFound("There is no such card of this person.", field="card")
            if not row["news"]:
                return
            told = {"campaign": row["campaign"], "message": str(card), "channel": self.channel}
            if word == "clicked":
                told["url"] = row["url"] or ""
            await append(
                tx,
                events.workspace_event(
                    self._governance.system(tenant, "cards"), now, _EVENTS[word], "campaign", row["campaign"], told,
                    row["person"], row["distinct_id"],
                ),
            )  # fmt: skip

    async def forget(self) -> int:
        """Lets go of cards that expired long ago."""
        async with self._state.begin_system() as tx:
            return await store.drop(tx, self._clock.now() - _KEPT)

    async def _ids(self, tx: Tx, tenant: Tenant, distinct_id: str) -> Collection[UUID]:
        person = person_id(tenant.workspace, known_as(distinct_id))
        known = (await self._directory.known(tx, tenant, [person])).get(person)
        return person_ids(tenant, known.id, known.distinct_ids) | {person} if known else {person}
