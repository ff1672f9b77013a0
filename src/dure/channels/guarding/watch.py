"""The watch: asked by every act that says something, in the act's own transaction, before anybody is told."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from weakref import WeakKeyDictionary

from dure.channels.documents.model import Reading
from dure.channels.files import store as file_store
from dure.channels.files.model import File
from dure.channels.guarding import pieces as taken
from dure.channels.guarding import store
from dure.channels.guarding.events import MET, about, guard_event
from dure.channels.guarding.folding import Folded
from dure.channels.guarding.matching import Ready
from dure.channels.guarding.model import ACTIONS, Action, Met, Rule, Violation
from dure.channels.guarding.pieces import Piece
from dure.channels.guarding.refusals import Guarded, Heed, KeptBack
from dure.channels.model import Conversation, Draft
from dure.feed.api import append
from dure.governance.api import Governance, Principal
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.state import Tx

_ASIDE = 50_000  # letters from which on other requests are let go on meanwhile

ReadFile = Callable[[Tx, File], Awaitable[Reading]]


@dataclass(frozen=True, slots=True)
class Said:
    """What may be said, and what has to be written down about it once it is."""

    draft: Draft
    violation: Violation | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read, or not wholly, and why."""

    name: str
    why: str


class Watch:
    def __init__(self, clock: Clock, governance: Governance) -> None:
        self._clock = clock
        self._governance = governance
        self._asked: WeakKeyDictionary[Tx, tuple[Ready, ...]] = WeakKeyDictionary()
        self._ready: dict[str, tuple[int, tuple[Ready, ...]]] = {}
        # The words in a file, as far as it has any. Filled by the part that has files.
        self.read_file: ReadFile = _no_words

    async def draft(
        self, tx: Tx, principal: Principal, found: Conversation, draft: Draft, files: Sequence[File] = (), *,
        user: str = "", what: str = "message", ts: int = 0,
    ) -> Said:  # fmt: skip
        """What of a draft may be said here. Raises Guarded, KeptBack, and Heed where its writer was not asked yet."""
        if draft.guard == "let":
            return Said(draft)
        rules = await self._rules(tx, principal, found, user)
        if not rules:
            return Said(draft)
        pieces = taken.of_draft(draft)
        words, unread = len(pieces), list[Unread]()
        for file in files:
            pieces += taken.of_texts({"file": "\n".join(filter(None, (file.name, file.title, file.alt)))})
            read = await self.read_file(tx, file)
            pieces += taken.of_texts({"file": read.text})
            if read.why:
                unread.append(Unread(file.name, read.why))
        met = await self._met(rules, pieces)
        if unread:
            known = {one.rule.id for one in met}
            met += tuple(Met(one.rule, ()) for one in rules if one.rule.unreadable and one.rule.id not in known)
        if not met:
            return Said(draft)
        action = _sternest(met)
        finds = [find for one in met for find in one.finds]
        if action == "mask" and (
            any(f.piece >= words for f in finds) or not taken.maskable(pieces, finds) or not all(o.finds for o in met)
        ):
            action = "refuse"  # what lies in a file cannot be made unreadable there
        made = self._violation(principal, found, met, pieces, action, user=user, what=what, ts=ts, unread=unread)
        if action == "keep":
            made = replace(made, state="waiting", draft=asdict(replace(draft, guard="let")))
        if action in ("refuse", "keep") or (action == "warn" and draft.guard == "ask"):
            raise await self._refusal(tx, principal, made)
        masks = [find for one in met if one.rule.action == "mask" for find in one.finds]
        return Said(taken.masked_draft(draft, masks) if masks else draft, made)

    async def texts(
        self, tx: Tx, principal: Principal, found: Conversation | None, what: str, texts: Mapping[str, str], *,
        user: str = "",
    ) -> dict[str, str]:  # fmt: skip
        """Words outside messages: names, topics, pages. What waits elsewhere is refused here, for it has no draft."""
        rules = await self._rules(tx, principal, found, user)
        pieces = taken.of_texts(texts) if rules else []
        met = await self._met(rules, pieces) if pieces else ()
        if not met:
            return dict(texts)
        action = "refuse" if (stern := _sternest(met)) == "keep" or (stern == "mask" and what == "name") else stern
        made = self._violation(principal, found, met, pieces, action, user=user, what=what)
        if action == "refuse":
            raise await self._refusal(tx, principal, made)
        await self.note(tx, principal, made)
        return taken.masked_texts(texts, [f for one in met if one.rule.action == "mask" for f in one.finds])

    async def shown(
        self, tx: Tx, principal: Principal, found: Conversation, what: str, value: list[Any] | None
    ) -> list[Any] | None:
        """The same for what a program shows as JSON."""
        rules = await self._rules(tx, principal, found, "")
        pieces = taken.of_json(what, value) if rules else []
        met = await self._met(rules, pieces) if pieces else ()
        if not met:
            return value
        action = "refuse" if (stern := _sternest(met)) == "keep" else stern
        made = self._violation(principal, found, met, pieces, action, user="", what=what)
        if action == "refuse":
            raise await self._refusal(tx, principal, made)
        await self.note(tx, principal, made)
        masks = [f for one in met if one.rule.action == "mask" for f in one.finds]
        shown: list[Any] = taken.masked_json(value, masks)
        return shown

    async def note(self, tx: Tx, principal: Principal, violation: Violation) -> None:
        """Writes a violation down and tells the writer's own workspace's feed; once, however often it is asked."""
        if await store.add(tx, violation):
            if violation.draft:
                await file_store.hold(tx, violation.workspace, violation.draft["files"])
            told = guard_event(principal, self._clock, MET, "violation", violation.id, about(violation))
            await append(tx, told)

    # -- within ------------------------------------------------------------------------------------------------------

    async def _refusal(self, tx: Tx, principal: Principal, violation: Violation) -> Guarded:
        kind = {"keep": KeptBack, "warn": Heed}.get(violation.action, Guarded)
        if kind is Heed:
            return Heed(violation, None)  # nothing has happened yet: they are asked

        async def write(tx: Tx) -> None:
            await self.note(tx, principal, violation)

        await write(tx)
        return kind(violation, write)

    async def _rules(self, tx: Tx, principal: Principal, found: Conversation | None, user: str) -> tuple[Ready, ...]:
        """The rules that hold for somebody at this place."""
        if tx not in self._asked:  # a transaction speaks for one organisation, and asks once
            self._asked[tx] = await self._of_org(tx, principal.tenant.org)
        every = self._asked[tx]
        held = tuple(
            one for one in every
            if one.rule.workspace in ("", principal.tenant.workspace) and _holds_here(one.rule, found)
            and (user or principal.user) not in one.rule.except_people
        )  # fmt: skip
        if any(one.rule.except_functions for one in held) and principal.user:
            function = await self._function(tx, principal.tenant, principal.user)
            held = tuple(one for one in held if function not in one.rule.except_functions)
        return held

    async def _of_org(self, tx: Tx, org: str) -> tuple[Ready, ...]:
        """The organisation's rules that are on, compiled once for each change."""
        version = await store.version(tx, org)
        if not version:
            return ()
        known = self._ready.get(org)
        if known is None or known[0] != version:
            known = (version, tuple(Ready(rule) for rule in await store.rules(tx, org) if rule.enabled))
            self._ready[org] = known
        return known[1]

    async def _function(self, tx: Tx, tenant: Tenant, user: str) -> str:
        users = await self._governance.users_in(tx, tenant)
        return next((one.function for one in users if one.id == user), "")

    async def _met(self, rules: Sequence[Ready], pieces: Sequence[Piece]) -> tuple[Met, ...]:
        texts, today = taken.folded(pieces), self._clock.now().date()
        if sum(len(text.text) for text in texts) < _ASIDE:
            return met_by(rules, texts, today)
        return await asyncio.to_thread(met_by, rules, texts, today)

    def _violation(
        self, principal: Principal, found: Conversation | None, met: Sequence[Met], pieces: Sequence[Piece],
        action: Action, *, user: str, what: str, ts: int = 0, unread: Sequence[Unread] = (),
    ) -> Violation:  # fmt: skip
        tenant, finds, why = principal.tenant, [find for one in met for find in one.finds], ""
        if finds:
            first = min(finds, key=lambda find: (find.piece, find.start))
            excerpt = taken.excerpt(pieces, [first, *finds])
            if pieces[first.piece].what == "file":
                what = "file"
        else:
            what, why, excerpt = "file", unread[0].why, unread[0].name
        rules = tuple({"id": one.rule.id, "name": one.rule.name} for one in met)
        return Violation(
            f"V{secrets.token_hex(8).upper()}", tenant.org, tenant.workspace, rules, action, what,
            found.id if found else "", ts, user or principal.user, principal.app,
            excerpt, "stopped" if action in ("refuse", "keep") else "noted", self._now(), unread=why,
        )  # fmt: skip

    def _now(self) -> datetime:
        return self._clock.now()


def met_by(rules: Sequence[Ready], texts: Sequence[Folded], today: date) -> tuple[Met, ...]:
    return tuple(met for rule in rules if (met := rule.met(texts, today)) is not None)


def _sternest(met: Sequence[Met]) -> Action:
    return max((one.rule.action for one in met), key=ACTIONS.index)


def _holds_here(rule: Rule, found: Conversation | None) -> bool:
    if rule.where == "everywhere":
        return True
    if found is None:
        return False
    if rule.where == "channels":
        return found.id in rule.channels
    return len({share.org for share in found.connected}) > 1


async def _no_words(tx: Tx, file: File) -> Reading:  # noqa: ARG001
    return Reading()
