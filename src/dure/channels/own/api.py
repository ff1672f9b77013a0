"""What a person keeps for themselves. It is nobody's business but theirs: their screens are told, the log is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.channels.desk import Desk
from dure.channels.model import ts_text
from dure.channels.own import rules, store
from dure.channels.own.model import KeptDraft, Section, Sidebar
from dure.channels.refusals import NotInChannel, ThreadNotFound
from dure.channels.rules import clean
from dure.channels.store import messages
from dure.feed.api import whisper
from dure.governance.api import Principal, access
from dure.kernel.errors import Conflict, NotAllowed
from dure.state import Tx


class Own(Desk):
    async def drafts(self, principal: Principal) -> list[KeptDraft]:
        """What the caller has begun to write, the latest first; what they have sent is among them, empty."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.drafts(tx, principal.tenant, _person(principal))

    async def keep_draft(
        self, principal: Principal, channel: str, thread: int, text: str, mentions: Sequence[Sequence[str]], *,
        base: int, taken: bool = False, device: str = "",
    ) -> KeptDraft:  # fmt: skip
        """The last writing wins. What another device wrote after version `base` is kept beside it until `taken`."""
        access(principal, "channels:write")
        user, text, pairs = _person(principal), rules.draft_text(text), rules.draft_mentions(mentions)
        device = str(clean(device))[:40]
        async with self._state.begin(principal.tenant) as tx:
            found = await self.see(tx, principal, channel)
            if not found.is_member:
                raise NotInChannel(field="channel")
            if thread and await messages.find(tx, found.id, thread) is None:
                raise ThreadNotFound(field="thread_ts")
            before = await store.draft(tx, principal.tenant, user, found.id, thread)
            kept = KeptDraft(
                found.id, thread, text, pairs, rules.other_text(before, text, base, device, taken=taken),
                (before.version if before else 0) + 1, self._clock.now(), device,
            )  # fmt: skip
            await store.keep_draft(tx, principal.tenant, user, kept)
            told = {"channel": found.id, "thread_ts": ts_text(thread) if thread else None, "version": kept.version}
            await _tell(tx, principal, {"kind": "draft", "device": device, **told})
        return kept

    async def sidebar(self, principal: Principal) -> Sidebar:
        """The caller's sections in their order; none where they never changed anything."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.sidebar(tx, principal.tenant, _person(principal))

    async def keep_sidebar(
        self, principal: Principal, sections: Sequence[Section], *, base: int, device: str = ""
    ) -> Sidebar:
        """Lays the sidebar out anew. Raises Conflict where it is no longer the one of version `base`."""
        access(principal, "channels:write")
        user, given = _person(principal), rules.sections(sections)
        async with self._state.begin(principal.tenant) as tx:
            before = await store.sidebar(tx, principal.tenant, user, lock=True)
            if before.version != base:
                raise Conflict("The sidebar was changed elsewhere.", field="base", data={"version": before.version})
            kept = Sidebar(given, base + 1)
            await store.keep_sidebar(tx, principal.tenant, user, kept, self._clock.now())
            await _tell(tx, principal, {"kind": "sidebar", "device": device[:40], "version": kept.version})
        return kept


def _person(principal: Principal) -> str:
    if principal.kind != "user" or not principal.user:
        raise NotAllowed("Only a person has drafts and a sidebar.")
    return principal.user


async def _tell(tx: Tx, principal: Principal, what: Mapping[str, Any]) -> None:
    await whisper(tx, principal.tenant.workspace, [f"user:{principal.user}"], what)
