"""Saying something: all that is said at one moment in a workspace is one transaction, in the order of asking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from dure.channels import events
from dure.channels.content import mentions_in
from dure.channels.desk import Author
from dure.channels.files import attaching
from dure.channels.files.model import File
from dure.channels.model import Conversation, Draft, Message, Share, ts_at, ts_text
from dure.channels.refusals import (
    ChannelNotFound,
    DirectReadOnly,
    HomeElsewhere,
    IsArchived,
    NotInChannel,
    ThreadNotFound,
)
from dure.channels.responding.timing import Responses
from dure.channels.rules import check_draft, may_post, may_read, may_write_here, plain
from dure.channels.store import conversations, messages, reading
from dure.channels.store import saying as store
from dure.feed.api import Event, whisper
from dure.governance.api import Principal, access
from dure.kernel.errors import DureError
from dure.kernel.tenant import Tenant
from dure.state import Together, Tx


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody is about to say. `channel` is an id; the draft was checked."""

    principal: Principal
    channel: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class _Said:
    saying: Saying
    found: Conversation
    message: Message
    root: Message | None


class Speech(Responses):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sayings: Together[Saying, Message] = Together(self._say_together)

    async def post(self, principal: Principal, channel: str, draft: Draft) -> Message:
        """Says something. The same `client_msg_id` again gives the message that was made the first time."""
        access(principal, "channels:write")
        said = await self._sayings.ask(Saying(principal, channel, check_draft(draft)))
        return said if said.ts or self.elsewhere is None else await self.elsewhere.said(principal, said)

    async def post_in(self, tx: Tx, principal: Principal, channel: str, draft: Draft) -> Message:
        """`post` within a transaction. `channel` is an id."""
        access(principal, "channels:write")
        (said,) = await self.post_many_in(tx, [Saying(principal, channel, draft)])
        if isinstance(said, Exception):
            raise said
        return said

    async def post_many_in(self, tx: Tx, sayings: Sequence[Saying]) -> list[Message | Exception]:
        """`post_in` for what is said in one workspace at one moment; the message or the refusal of each."""
        checked: list[Saying] = []
        refused: dict[int, Exception] = {}
        for number, one in enumerate(sayings):
            access(one.principal, "channels:write")
            try:
                checked.append(replace(one, draft=check_draft(one.draft)))
            except DureError as refusal:
                refused[number] = refusal
        said = iter(await self._say(tx, checked[0].principal.tenant, checked) if checked else [])
        return [refused[number] if number in refused else next(said) for number in range(len(sayings))]

    async def _say_together(self, sayings: Sequence[Saying]) -> list[Message | Exception]:
        """A transaction for each workspace that speaks."""
        by_tenant: dict[Tenant, list[int]] = defaultdict(list)
        for number, saying in enumerate(sayings):
            by_tenant[saying.principal.tenant].append(number)
        answers: dict[int, Message | Exception] = {}
        for tenant, numbers in by_tenant.items():
            async with self._state.begin(tenant) as tx:
                said = await self._say(tx, tenant, [sayings[number] for number in numbers])
            answers.update(zip(numbers, said, strict=True))
        return [answers[number] for number in range(len(sayings))]

    async def _say(self, tx: Tx, tenant: Tenant, sayings: Sequence[Saying]) -> list[Message | Exception]:
        """The message or the refusal of each. Timestamps are given out while the conversations are locked."""
        authors = [await self.author(tx, saying.principal) for saying in sayings]
        places = [(saying.channel, author.user) for saying, author in zip(sayings, authors, strict=True)]
        await conversations.lock(tx, *{channel for channel, _ in places})
        seen = await store.seen(tx, tenant.workspace, list(dict.fromkeys(places)))
        before = await store.by_client_id(
            tx, [(one.channel, one.draft.client_msg_id) for one in sayings if one.draft.client_msg_id is not None]
        )
        threads = [(one.channel, one.draft.thread) for one in sayings if one.draft.thread is not None]
        roots = await store.roots(tx, list(dict.fromkeys(threads)))
        last = {found.id: found.last_ts for found in seen.values()}
        apart = {one.id for one in seen.values() if await self.kept_apart(tx, one)}
        now, made = ts_at(self._clock.now()), list[_Said]()
        answers: list[Message | Exception] = []
        for saying, author, place in zip(sayings, authors, places, strict=True):
            again = before.get((saying.channel, saying.draft.client_msg_id or ""))
            try:
                found = _entered(saying, seen.get(place), author.user, apart)
                if again is not None:
                    answers.append(await messages.find(tx, saying.channel, again.ts) or again)
                    continue
                root = _root(saying, roots)
                files = await attaching.attachable(tx, saying.principal, author.user, saying.draft.files)
                may = await self.watch.draft(tx, saying.principal, found, saying.draft, files, user=author.user)
                saying = replace(saying, draft=may.draft)
                if found.elsewhere:
                    answers.append(await self._ask(tx, saying, author, found, files))
                    continue
            except DureError as refusal:
                answers.append(refusal)
                continue
            last[found.id] = max(last[found.id] + 1, now)
            message = _message(saying, author, last[found.id], root, files)
            if may.violation is not None:
                await self.watch.note(tx, saying.principal, replace(may.violation, ts=message.ts))
            made.append(_Said(saying, found, message, root))
            answers.append(message)
            if message.client_msg_id:
                before[saying.channel, message.client_msg_id] = message
        if made:
            await self._write(tx, made, last)
        return answers

    async def _ask(self, tx: Tx, saying: Saying, author: Author, found: Conversation, files: Sequence[File]) -> Message:
        """The home of this conversation is another server: it says this, and says when."""
        if self.elsewhere is None:
            raise HomeElsewhere(field="channel")
        return await self.elsewhere.say(tx, saying, author.user, found, files)

    async def _write(self, tx: Tx, made: Sequence[_Said], last: dict[str, int]) -> None:
        await store.add(tx, [(one.found.home.workspace, one.message) for one in made])
        spoken = {one.message.channel for one in made}
        await store.advance(tx, {channel: ts for channel, ts in last.items() if channel in spoken})
        await store.set_read(tx, _read(made))
        for channel, thread in dict.fromkeys((one.message.channel, one.root.ts) for one in made if one.root):
            await messages.count_replies(tx, channel, thread)
        for one in made:
            if one.root is not None:
                await reading.follow_by(tx, one.root, one.message)
        bots = [
            (await self.author(tx, self._governance.system(one.saying.principal.tenant, "channels"))).user
            if one.message.mentions else "" for one in made
        ]  # fmt: skip
        told = [
            self.message_events(one.saying.principal, one.found, events.POSTED, one.message, bot)
            for one, bot in zip(made, bots, strict=True)
        ]
        await self.tell_events(tx, [event for some in told for event in some])
        for one in made:
            if one.message.carried:
                await self._share(tx, one)
            if one.root is not None or one.message.mentions:
                await self._call(tx, one.message)
            await self._time(tx, one.saying.principal, one.found, one.message)

    async def _call(self, tx: Tx, message: Message) -> None:
        """Whispers to the open screens of those whom a message concerns: `mention`, or `thread` to who follows it."""
        named = [name for name in message.mentions if not name.startswith("!")]
        whom = await reading.concerned(tx, message.channel, message.thread, named, message.user)
        about = {
            "channel": message.channel, "ts": ts_text(message.ts),
            "thread_ts": ts_text(message.thread) if message.thread else "", "user": message.user,
        }  # fmt: skip
        for workspace, kind in sorted({(row["workspace"], bool(row["named"])) for row in whom}):
            topics = [f"user:{r['account']}" for r in whom if (r["workspace"], bool(r["named"])) == (workspace, kind)]
            await whisper(tx, workspace, topics, {"kind": "mention" if kind else "thread", **about})

    async def _share(self, tx: Tx, one: _Said) -> None:
        """What the files that a message carries are from now on."""
        message, home = one.message, one.found.home.workspace
        acts = await attaching.attach(
            tx, one.saying.principal, home, message.channel, message.ts, message.thread, message.user,
            message.carried, self._clock.now(),
        )  # fmt: skip
        place = {"ts": ts_text(message.ts), "thread_ts": ts_text(message.thread) if message.thread else ""}
        await self.tell(tx, one.saying.principal, one.found, events.FILE_SHARED, *({**place, **act} for act in acts))

    def message_events(
        self, principal: Principal, found: Conversation, name: str, message: Message, bot: str = ""
    ) -> list[Event]:
        """What the feed of each side is told about a message; `bot` is the workspace's own, which it may name."""
        org = principal.tenant.org

        def of_side(side: Share) -> dict[str, Any]:
            # The log is read by the whole workspace, so what is said in private is not written there.
            text = "" if side.private else plain(message.text, message.blocks)
            return {"text": text, "external": org != side.org}

        properties: dict[str, Any] = {
            "ts": ts_text(message.ts), "thread_ts": ts_text(message.thread) if message.thread else "",
            "user": message.user, "by": "bot" if message.app else "user", "team": message.team,
        }  # fmt: skip
        if message.mentions:
            properties["mentions"] = list(message.mentions)
            if bot in message.mentions:
                properties["mentions_app"] = True
        return self.events_of(principal, found, name, properties, of_side=of_side)


def _entered(saying: Saying, found: Conversation | None, user: str, apart: Set[str]) -> Conversation:
    """The conversation that one may write in now; the refusal otherwise. `apart` are those of kept-apart people."""
    principal, draft = saying.principal, saying.draft
    if found is None or not may_read(principal, found):
        raise ChannelNotFound(field="channel")
    if found.id in apart:
        raise DirectReadOnly(field="channel")
    if found.side.archived:
        raise IsArchived(field="channel")
    if not may_post(principal, found):
        raise NotInChannel(field="channel")
    named = mentions_in(draft.text, draft.blocks) if found.prefs is not None else ()
    may_write_here(principal, found, draft.thread is not None, user, named)
    return found


def _root(saying: Saying, roots: dict[tuple[str, int], Message]) -> Message | None:
    """What the saying answers; a reply to a reply hangs on what that one hangs on."""
    if saying.draft.thread is None:
        return None
    root = roots.get((saying.channel, saying.draft.thread))
    if root is None or (root.deleted and not root.reply_count):
        raise ThreadNotFound(field="thread_ts")
    return root


def _message(saying: Saying, author: Author, ts: int, root: Message | None, files: tuple[File, ...]) -> Message:
    draft = saying.draft
    return Message(
        saying.channel, ts, root.ts if root else None, draft.broadcast and root is not None, author.user, author.app,
        saying.principal.tenant.workspace, draft.username, draft.subtype, draft.text, draft.blocks, draft.attachments,
        draft.metadata or None, draft.client_msg_id, None, None, False, 0, None, (), icons=draft.icons,
        mentions=mentions_in(draft.text, draft.blocks), parent=root.user if root else "",
        files=tuple(one.id for one in files), carried=files,
    )  # fmt: skip


def _read(made: Sequence[_Said]) -> dict[store.Place, int]:
    """Who writes has read what stands there; but not where they were behind and write by a program."""
    read: dict[store.Place, int] = {}
    last: dict[str, int] = {}
    for one in made:
        place = (one.message.channel, one.message.user)
        if one.found.is_member and read.get(place, one.found.last_read) >= last.get(place[0], one.found.last_ts):
            read[place] = one.message.ts
        last[place[0]] = one.message.ts
    return read
