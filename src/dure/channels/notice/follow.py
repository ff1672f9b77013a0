"""The follower that turns messages into notices: its rows and its place in the feed commit together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dure.channels.events import POSTED
from dure.channels.groups.api import members_of_groups
from dure.channels.model import Message, ts_of, ts_text
from dure.channels.notice import store
from dure.channels.notice.model import Notice
from dure.channels.notice.rules import Person, concerns, read
from dure.channels.profile import store as profiles
from dure.channels.quiet import store as quiets
from dure.channels.quiet.model import Quiet, is_quiet
from dure.channels.rules import plain
from dure.channels.store import messages
from dure.feed.api import Batch, Bell, Event, Follower, Lane, begin_here, decode, whisper
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.state import State, Tx

FOLLOWER = "channels.notices"
_ABOUT = (f'"event":"{POSTED}"'.encode(),)
_A_WHISPER = 200
_EVERY = 0.1  # seconds; a busy room's messages are looked at together


class NoticeFollower:
    def __init__(self, state: State, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._follower = Follower(state, FOLLOWER, (Lane.DOMAIN,))

    async def run(self, bell: Bell) -> None:
        """Follows until cancelled. Where it never ran before it begins with what is said from now on."""
        async with self._state.begin_system() as tx:
            await begin_here(tx, FOLLOWER)
        await self._follower.run(bell, handle=self.handle, every=_EVERY)

    async def step(self) -> int:
        return await self._follower.step(self.handle)

    async def handle(self, tx: Tx, batches: Sequence[Batch]) -> None:
        told = (decode(line) for batch in batches for line in batch.lines_with(_ABOUT))
        posted = [event for event in told if _counts(event)]
        if not posted:
            return
        zones = {one.id: one.timezone for one in await self._governance.workspaces()}
        # Of a shared channel each side has an event of its own, and its own people who are told.
        places = {(event.object, ts_of(event.properties["ts"]), event.workspace): event for event in posted}
        said = await messages.at(tx, list(dict.fromkeys((channel, ts) for channel, ts, _ in places)))
        eager = await store.eager(tx, sorted({channel for channel, _, _ in places}))
        for (channel, ts, _), event in places.items():
            message = said.get((channel, ts))
            if message is not None and not message.deleted:
                await self._notice(tx, event, message, zones, eager=channel in eager)

    async def _notice(self, tx: Tx, event: Event, message: Message, zones: Mapping[str, str], *, eager: bool) -> None:
        """`eager`: somebody in the channel wants to be told of more than what names them."""
        kind = event.properties["kind"]
        if not (eager or message.mentions or message.thread or message.attachments) and kind == "channel":
            return  # as most that programs say
        said = read(
            message.text, plain("", [*(message.blocks or []), *(message.attachments or [])], 20_000),
            kind=kind, author=message.user, note=message.subtype.startswith("channel_"),
            in_thread=message.thread is not None and not message.broadcast,
        )  # fmt: skip
        if said.note:
            return
        nobody = not (said.users or said.groups or said.here or said.everybody or message.thread)
        if nobody and not eager and said.kind == "channel":
            return
        workspace, now = event.workspace, self._clock.now()
        groups = await members_of_groups(tx, workspace, sorted(said.groups))
        named = set(said.users).union(*groups.values()) if groups else set(said.users)
        found = await store.candidates(
            tx, workspace, message.channel, message.user, message.ts, message.thread,
            everybody=said.kind != "channel" or said.here or said.everybody, named=sorted(named),
        )  # fmt: skip
        if not found:
            return
        accounts = [one.account for one in found]
        quiet, known = await quiets.of(tx, accounts), await profiles.of(tx, accounts)
        made = []
        for one in found:
            zone = (known[one.account].timezone if one.account in known else "") or zones.get(workspace, "UTC")
            person = Person(
                one.account, one.wishes, one.channel,
                frozenset(group for group, members in groups.items() if one.account in members), one.follows,
                one.active, is_quiet(quiet.get(one.account, Quiet(one.account)), zone, now),
            )  # fmt: skip
            told = concerns(said, person)
            if told is not None:
                made.append(
                    Notice(
                        one.account, message.channel, message.ts, workspace, event.org,
                        message.thread if said.in_thread else None, message.user, told.why, now, False,
                        "due" if told.push else "none", "due" if told.mail else "none",
                    )
                )  # fmt: skip
        if made:
            fresh = await store.add(tx, made)
            await self._tell(tx, workspace, [one for one in made if (one.account, one.channel, one.ts) in fresh])

    async def _tell(self, tx: Tx, workspace: str, notices: Sequence[Notice]) -> None:
        """Whispers to those whose screens are open; many of them in one breath, as much as one can carry."""
        for start in range(0, len(notices), _A_WHISPER):
            part = notices[start : start + _A_WHISPER]
            one = part[0]
            what = {
                "channel": one.channel, "ts": ts_text(one.ts), "author": one.author,
                "thread_ts": ts_text(one.thread) if one.thread else "", "why": one.why if len(part) == 1 else "",
            }  # fmt: skip
            await whisper(tx, workspace, [f"user:{notice.account}" for notice in part], {"notice": what})


def _counts(event: Event) -> bool:
    return event.source == "channels" and event.event == POSTED and not event.properties.get("loaded")
