"""Handing messages over: for each channel so many at once, what was refused again within the lease, each outcome noted.

A worker that stops hands over what it has in hand first. One that was cut off from the database hands over nothing
more once its lease may be over: somebody else will have said `unknown` by then.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from dure.automation.plugs import Outgoing, Unreached
from dure.campaigns.design import Items, Messaging, Webhook
from dure.campaigns.journeys import messages, store
from dure.campaigns.journeys.claiming import Claiming, Handed
from dure.campaigns.journeys.messages import Outcome
from dure.campaigns.journeys.noting import Done, Noting
from dure.campaigns.journeys.withholding import again_at
from dure.campaigns.model import Item, Reason, State
from dure.campaigns.plugs import (
    Accepted,
    Carrier,
    Content,
    Delivery,
    Parcel,
    Recommending,
    Refused,
    Unknown,
    Withheld,
    Writing,
)
from dure.campaigns.way_out import WaysOut
from dure.campaigns.writing import Missing, render, values_of
from dure.campaigns.writing.naming import named_in
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.kernel.errors import NotAllowed
from dure.state import State as Database

log = structlog.get_logger("campaigns")

AT_ONCE = 16
TRIES = 3
_NOTE_AT = 2_000
_NOTE_AFTER = 0.05
_CALL_SECONDS = 15.0
_UNREACHED = 60.0
"""Seconds until an address that nobody was reached at is called again."""
_LONG = 30.0
"""Who asks for so many seconds is waited for by nobody who holds a message in hand."""
_HALTS = 0.3
"""So often is asked whether what is in hand was stopped."""


@dataclass
class Hand:
    """What a worker holds of one channel, quick things first."""

    channel: str
    at_once: int
    quick: deque[tuple[Handed, Sequence[Item], float]] = field(default_factory=deque)
    bulk: deque[tuple[Handed, Sequence[Item], float]] = field(default_factory=deque)
    holds: int = 0
    rate: float = 0.0
    filled: asyncio.Event = field(default_factory=asyncio.Event)

    def wants(self) -> int:
        """How many more it can hand over within a second, as far as it knows."""
        return max(0, min(store.SET, max(4 * self.at_once, int(self.rate))) - self.holds)


class Sending:
    def __init__(
        self, state: Database, clock: Clock, governance: Governance, claiming: Claiming, noting: Noting,
        carriers: Mapping[str, Carrier], writing: Writing, recommending: Recommending, ways_out: WaysOut,
        outgoing: Outgoing | None,
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._claiming = claiming
        self._noting = noting
        self._carriers = carriers
        self._writing = writing
        self._recommending = recommending
        self._ways_out = ways_out
        self._outgoing = outgoing
        self._hands: dict[str, Hand] = {}
        self._done: list[Done] = []
        self._note_now = asyncio.Event()
        self._in_hand: dict[tuple[str, str], int] = {}
        self._halted: set[tuple[str, str]] = set()
        self._lease_sure_until = float("inf")
        self._languages: dict[str, str] = {}
        self._sent: dict[str, int] = {}

    # -- one after the other, as tests and a person's own click have it ---------------------------------------------

    async def at_once(self, handed: Sequence[Handed]) -> None:
        """Hands all of these over now and notes what became of them."""
        done: list[Done] = []
        for one, items in await self._with_items(handed):
            while True:
                answer = await self._one(one, items)
                if isinstance(answer, Done):
                    done.append(answer)
                    break
                await asyncio.sleep(answer)
        await self._noting.note(done)

    # -- beside the doors -------------------------------------------------------------------------------------------

    async def step(self, queue: int, channel: str, *, bulk: bool) -> int:
        """Claims what this worker can hand over, and takes it in hand; how many were looked at."""
        hand = self._hand(channel)
        wanted = hand.wants()
        if not wanted:
            await asyncio.sleep(_NOTE_AFTER)
            return 1
        began = time.monotonic()
        looked, handed = await self._claiming.step(queue, wanted)
        if handed:
            with_items = await self._with_items(handed)
            until = began + self._claiming.lease * 0.6
            if self._lease_sure_until == float("inf"):
                self._lease_sure_until = began + self._claiming.lease * 0.8
            for one, items in with_items:
                (hand.bulk if bulk else hand.quick).append((one, items, until))
            hand.holds += len(handed)
            for one in handed:
                self._noting.left[one.claim] = self._noting.left.get(one.claim, 0) + 1
                key = (one.plan.tenant.workspace, one.plan.campaign.id)
                self._in_hand[key] = self._in_hand.get(key, 0) + 1
            hand.filled.set()
        return looked

    async def work(self, channel: str) -> None:
        """One of those who hand a channel's messages over, until cancelled."""
        hand = self._hand(channel)
        while True:
            queue = hand.quick or hand.bulk
            if not queue:
                hand.filled.clear()
                await hand.filled.wait()
                continue
            one, items, until = queue.popleft()
            key = (one.plan.tenant.workspace, one.plan.campaign.id)
            began = time.monotonic()
            answer: Done | float
            if began > self._lease_sure_until:
                answer = _ended(one, State.FAILED, Reason.CRASHED, "The lease was over before it was handed over.")
            elif key in self._halted:
                answer = _ended(one, State.SKIPPED, Reason.STOPPED, "")
            else:
                answer = await self._one(one, items, until - began)
            if isinstance(answer, Done):
                self._forget(hand, key)
                self._done.append(answer)
                if len(self._done) >= _NOTE_AT:
                    self._note_now.set()
            else:
                asyncio.get_running_loop().call_later(answer, self._again, hand, one, items, until)

    async def note(self) -> None:
        """Writes outcomes down, many at a time, until cancelled."""
        while True:
            await self._rest(_NOTE_AFTER)
            await self.note_now()

    async def note_now(self) -> None:
        while self._done:
            some, self._done = self._done[: store.SET], self._done[store.SET :]
            try:
                await self._noting.note(some)
            except BaseException:
                # Nothing is lost that can still be written down.
                self._done = some + self._done
                raise

    async def keep(self) -> None:
        """Says that this worker lives, and asks what was stopped, until cancelled."""
        lease, said = self._claiming.lease, 0.0
        while True:
            now = time.monotonic()
            if self._noting.left and now - said > lease / 4:
                async with self._state.begin_system() as tx:
                    await messages.extend(tx, self._noting.left, lease)
                said = now
                self._lease_sure_until = now + lease * 0.8
            if not self._noting.left:
                self._lease_sure_until, said = float("inf"), now
            if asked := list(self._in_hand):
                async with self._state.begin_system() as tx:
                    found = await store.statuses(tx, asked)
                # Not of what was taken in hand while the answer was on its way.
                self._halted = {key for key in asked if found.get(key, "stopped") == "stopped"}
            await asyncio.sleep(_HALTS)

    async def measure(self) -> None:
        """Learns how much a second each channel takes, until cancelled."""
        before: dict[str, int] = {}
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.5)
            for name, hand in self._hands.items():
                sent = self._sent.get(name, 0)
                rate = (sent - before.get(name, 0)) / (time.monotonic() - began)
                before[name] = sent
                # Quick to take more, slow to take less: an idle channel forgets in half a minute.
                hand.rate = max(rate * 2, hand.rate * 0.99)

    def busy(self) -> bool:
        return bool(self._done) or any(hand.holds for hand in self._hands.values())

    def channels(self) -> list[tuple[str, int]]:
        """Every channel there is a way out for, and how many it takes at once."""
        return [
            *((name, int(getattr(carrier, "at_once", AT_ONCE))) for name, carrier in self._carriers.items()),
            ("call", AT_ONCE),
        ]

    # -- one message ------------------------------------------------------------------------------------------------

    async def _one(self, one: Handed, items: Sequence[Item], seconds: float = 60.0) -> Done | float:
        """What became of it, or after how many seconds it may be tried again."""
        subject = ""
        try:
            if isinstance(one.node, Webhook):
                send = await self._calling(one, one.node)
            else:
                content, send = await self._writing_of(one, one.node, items)
                subject = content.title
        except Missing as error:
            return _ended(one, State.FAILED, Reason.MISSING_VALUE, error.message)
        except Exception as error:
            log.exception("campaigns.unwritable", message=str(one.id))
            return _ended(one, State.FAILED, Reason.UNWRITABLE, f"{type(error).__name__}: {error}")
        one.tries += 1
        try:
            delivery: Delivery = await send()
        except Exception as error:
            # A carrier answers; one that raises may have handed it over.
            log.exception("campaigns.carrier_raised", message=str(one.id))
            delivery = Unknown(f"{type(error).__name__}: {error}"[:300])
        if isinstance(delivery, Accepted):
            outcome = Outcome(one.id, State.SENT, "", delivery.reference[:300], subject, [item.id for item in items])
            self._sent[_channel(one)] = self._sent.get(_channel(one), 0) + 1
            return Done(one, outcome, items)
        if isinstance(delivery, Withheld):
            return Done(one, Outcome(one.id, State.WAITING), until=self._after(delivery.seconds))
        if isinstance(delivery, Unknown):
            return _ended(one, State.UNKNOWN, Reason.NO_ANSWER, delivery.message, subject)
        after = delivery.retry_after
        if after is not None and not delivery.permanent and one.tries < TRIES and after < seconds:
            return max(0.05, after)
        if after is not None and not delivery.permanent and (after >= _LONG or one.tries < TRIES):
            # Certainly not taken, so that it may be taken up later by whoever claims it then.
            until = again_at(one.stand, self._clock.now(), after)
            if until is not None:
                return Done(one, Outcome(one.id, State.WAITING), until=until, refused=True)
        reason = Reason.REFUSED if delivery.reached else Reason.UNREACHABLE
        gone = delivery.gone and _channel(one) in ("email", "sms")
        return _ended(one, State.FAILED, reason, delivery.message, subject, gone=gone)

    async def _writing_of(
        self, one: Handed, node: Messaging, items: Sequence[Item]
    ) -> tuple[Content, Callable[[], Any]]:
        tenant, language = one.plan.tenant, await self._language(one)
        led_out = node.channel == "email" or any("unsubscribe_url" in named_in(text) for text in node.texts.values())
        out_url = self._ways_out.url(tenant, one.id) if led_out else ""
        campaign = one.plan.campaign
        content = self._writing.compose(campaign, node, one.recipient, items, language=language, out_url=out_url)
        parcel = Parcel(str(one.id), one.address, content, {}, one.recipient.person, campaign.id)
        carrier = self._carriers[node.channel]
        return content, lambda: carrier.carry(tenant, parcel)

    async def _calling(self, one: Handed, node: Webhook) -> Callable[[], Any]:
        to = one.recipient
        values = values_of(one.plan.campaign, to, to.language or await self._language(one), self._clock.now())
        url, body = render(node.url, values), render(node.body, values)
        headers = {
            "content-type": "application/json", **{name.lower(): text for name, text in node.headers.items()},
            "idempotency-key": f"{one.stand.id}:{node.id}",
        }  # fmt: skip
        return lambda: self._call(one, node.method, url, headers, body.encode())

    async def _call(
        self, one: Handed, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Delivery:  # fmt: skip
        if self._outgoing is None:
            return Refused("This installation calls no addresses.", permanent=True, reached=False)
        try:
            answer = await self._outgoing.send(one.plan.tenant, method, url, headers, body, _CALL_SECONDS)
        except NotAllowed as error:
            return Refused(error.message, permanent=True, reached=False)
        except Unreached as error:
            return Refused(str(error)[:300], reached=False, retry_after=_UNREACHED)
        except (OSError, TimeoutError) as error:
            return Unknown(f"{type(error).__name__}: {error}"[:300])
        if answer.status < 400:
            return Accepted(str(answer.status))
        wait = answer.headers.get("retry-after", "")
        after = float(wait) if wait.isdigit() else 1.0
        return Refused(
            f"{answer.status} {answer.text[:200]}", permanent=answer.status not in (408, 425, 429, 503),
            retry_after=after if answer.status in (429, 503) else None,
        )  # fmt: skip

    async def _with_items(self, handed: Sequence[Handed]) -> list[tuple[Handed, Sequence[Item]]]:
        """What is recommended in each, asked in sets."""
        asked: dict[tuple[str, Items, str], list[Handed]] = {}
        found: dict[UUID, Sequence[Item]] = {}
        for one in handed:
            if isinstance(one.node, Messaging) and one.node.items is not None:
                alone = one.node.id if one.plan.recommends_again else ""
                asked.setdefault((one.plan.tenant.workspace, one.node.items, alone), []).append(one)
        for (_, wanted, alone), some in asked.items():
            items = await self._recommended(some, wanted, again=bool(alone))
            found.update({one.id: items.get(one.recipient.person, ()) for one in some})
        return [(one, found.get(one.id, ())) for one in handed]

    async def _recommended(
        self, handed: Sequence[Handed], wanted: Items, *, again: bool
    ) -> Mapping[UUID, Sequence[Item]]:  # fmt: skip
        """Nothing where the log does not answer: a text that names an item is then not sent. `again`: on the same way
        something may have been recommended before, which is not recommended once more."""
        tenant, to = handed[0].plan.tenant, [one.recipient for one in handed]
        for more in (True, True, False):
            try:
                async with self._state.begin(tenant) as tx:
                    besides: dict[UUID, list[str]] = {}
                    if again:
                        had = await messages.recommended(tx, tenant.workspace, [one.stand.id for one in handed])
                        for one in handed:
                            besides.setdefault(one.recipient.person, []).extend(had.get(one.stand.id, ()))
                    items = await self._recommending.items_for(
                        tx, tenant, to, wanted, self._clock.now(), besides or None
                    )
                    if again:
                        named = {one.id: [item.id for item in items.get(one.recipient.person, ())] for one in handed}
                        await messages.recommend(tx, tenant.workspace, named)
                    return items
            except Exception:
                log.exception("campaigns.nothing_recommended", again=more)
                await asyncio.sleep(1.0 if more else 0.0)
        return {}

    async def _language(self, one: Handed) -> str:
        tenant = one.plan.tenant
        if tenant.workspace not in self._languages:
            self._languages[tenant.workspace] = (await self._governance.workspace(tenant)).language
        return self._languages[tenant.workspace]

    def _after(self, seconds: float) -> datetime | None:
        return self._clock.now() + timedelta(seconds=seconds) if seconds else None

    # -- within -----------------------------------------------------------------------------------------------------

    def _hand(self, channel: str) -> Hand:
        if channel not in self._hands:
            at_once = dict(self.channels()).get(channel, AT_ONCE)
            self._hands[channel] = Hand(channel, at_once)
        return self._hands[channel]

    def _again(self, hand: Hand, one: Handed, items: Sequence[Item], until: float) -> None:
        hand.quick.append((one, items, until))
        hand.filled.set()

    def _forget(self, hand: Hand, key: tuple[str, str]) -> None:
        hand.holds -= 1
        self._in_hand[key] -= 1
        if not self._in_hand[key]:
            del self._in_hand[key]

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._note_now.wait()
        except TimeoutError:
            return
        self._note_now.clear()


def _ended(
    one: Handed, state: State, reason: Reason, detail: str, subject: str = "", *, gone: bool = False
) -> Done:  # fmt: skip
    return Done(one, Outcome(one.id, state, reason.value, detail[:300], subject), (), gone)


def _channel(one: Handed) -> str:
    return one.node.channel if isinstance(one.node, Messaging) else "call"
