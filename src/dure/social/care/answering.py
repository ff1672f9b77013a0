"""Answers: written down before they are said, said at most once, and kept with what became of them.

What a person wrote on an older state of the talk is not said before they saw the newer. A reply is claimed as an entry
(`pending`), handed to the source that the customer's mention came by, and ended by its outcome. Where a process died
in between, the claim of the source says what is known: nothing was handed over, or nobody knows.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dure.feed.api import whisper
from dure.governance.api import Governance, Principal, Role, access
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError, Invalid, NotFound
from dure.kernel.tenant import Tenant
from dure.social.care import events, rules, store
from dure.social.care import saved_store as saved_replies
from dure.social.care.model import Conversation, Entry
from dure.social.care.plugs import Clocks
from dure.social.care.saved import SavedReplies
from dure.social.care.turn import Turn, keep
from dure.social.conflicts import conflict
from dure.social.plugs import Outcome, Refused, Said, Unknown
from dure.social.sources.api import Sources
from dure.state import State, Tx

_PATIENCE = timedelta(minutes=10)
"""After so long nobody is at a pending reply any more; longer than a source's own patience."""
_AFTER = ("", "open", "waiting", "resolved")
_SHOWN = 200


class Answering:
    def __init__(
        self, state: State, clock: Clock, governance: Governance, sources: Sources, saved: SavedReplies,
        clocks: Clocks | None,
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._sources = sources
        self._saved = saved
        self.clocks = clocks

    async def answers(self, principal: Principal, talk: Conversation) -> bool:
        """Whether the customer can be answered where they wrote."""
        return await self._sources.saying.answers(principal, talk.source)

    # -- answering --------------------------------------------------------------------------------------------------

    async def reply(
        self, principal: Principal, id: uuid.UUID, text: str, key: str, *, seen: int, then: str = "",
        saved: uuid.UUID | None = None, draft: uuid.UUID | None = None,
    ) -> tuple[Conversation, Entry]:  # fmt: skip
        """Answers the customer. The same `key` never answers twice; it gives back what became of it.

        `seen` is the `said_seq` that was on the writer's screen: where customer or company said something since, it is
        a Conflict that says what, and nothing is said. `then` is the state after it was said, by default the
        workspace's. `saved` is the saved reply it was made of, `draft` a draft that it takes the place of.
        """
        access(principal, "social:write")
        text = rules.check_text(text)
        if not 1 <= len(key) <= 100:
            raise Invalid("`key` has 1 to 100 characters.", field="key")
        if then not in _AFTER:
            raise Invalid("`then` is open, waiting or resolved.", field="then")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            talk = await _talk(tx, principal, id, lock=True)
            before = await store.entry_by_key(tx, workspace, id, key)
            if before is not None:
                return talk, before
            if talk.said_seq > seen:
                raise conflict(
                    "그 사이에 다른 말이 있었습니다.", "Something was said meanwhile.", "seen", said_seq=talk.said_seq,
                    newer=await self._newer(tx, principal, id, seen),
                )  # fmt: skip
            if draft and not await store.drop_draft(tx, workspace, id, draft):
                raise conflict("이미 보냈거나 버린 초안입니다.", "This draft was sent or discarded already.", "draft")
            if saved and not await saved_replies.one(tx, workspace, saved):
                raise NotFound("There is no such saved reply.", field="saved")
            data: dict[str, Any] = {"then": then, **({"saved": str(saved)} if saved else {})}
            talk, entry = await self._claimed(tx, principal, talk, text, key, data)
        return await self._say(principal, talk, entry)

    async def again(self, principal: Principal, id: uuid.UUID, entry: uuid.UUID) -> tuple[Conversation, Entry]:
        """Says once more what was certainly not said."""
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            talk = await _talk(tx, principal, id, lock=True)
            found = await _reply(tx, principal, id, entry)
            if found.outcome != "refused":
                raise conflict(
                    "나가지 못한 답만 다시 보낼 수 있습니다.", "Only what was refused is said again.", "entry"
                )
            tries = int(found.data.get("tries", 1)) + 1
            data = {**found.data, "tries": tries, "saying": f"care:{found.id}:{tries}"}
            found = replace(found, outcome="pending", code="", detail="", data=data, at=self._clock.now())
            await store.keep_reply(tx, principal.tenant.workspace, found)
        return await self._say(principal, talk, found)

    async def settle(
        self, principal: Principal, id: uuid.UUID, entry: uuid.UUID, said: bool
    ) -> tuple[Conversation, Entry]:  # fmt: skip
        """A person looked: a reply of which nobody knew stands there (`said`), or does not."""
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            talk = await _talk(tx, principal, id, lock=True)
            found = await _reply(tx, principal, id, entry)
            if found.outcome != "unknown":
                raise conflict("이 답의 결과를 이미 압니다.", "It is known what became of this reply.", "entry")
            turn = Turn(principal, talk, talk, self._clock.now())
            kept = replace(found, outcome="said" if said else "refused", code="" if said else "not_there", detail="")
            await store.keep_reply(tx, principal.tenant.workspace, kept)
            turn.act("settled", entry=str(found.id), said=said)
            if said:
                self._count(turn, kept, await self._after(tx, principal, kept))
            turn.tell(events.SETTLED, _told(talk, kept))
            await keep(tx, [turn], self.clocks)
            return turn.talk, kept

    # -- drafts -----------------------------------------------------------------------------------------------------

    async def draft(self, principal: Principal, id: uuid.UUID, text: str) -> Entry:
        """A reply that somebody else has to send: an automation never speaks for the company by itself."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.draft_in(tx, principal, id, text)

    async def draft_in(self, tx: Tx, principal: Principal, id: uuid.UUID, text: str) -> Entry:
        access(principal, "social:write")
        text = rules.check_text(text)
        talk = await _talk(tx, principal, id, lock=True)
        turn = Turn(principal, talk, talk, self._clock.now())
        made = turn.enter("reply", text=text, outcome="draft", mention=talk.asked)
        turn.tell(events.DRAFTED, {**events.said(text), "entry": str(made.id)})
        await keep(tx, [turn], self.clocks)
        return made

    async def discard(self, principal: Principal, id: uuid.UUID, entry: uuid.UUID) -> Conversation:
        """Throws a draft away."""
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            talk = await _talk(tx, principal, id, lock=True)
            if not await store.drop_draft(tx, principal.tenant.workspace, id, entry):
                raise NotFound("There is no such draft.", field="entry")
            turn = Turn(principal, talk, talk, self._clock.now())
            turn.act("discarded", entry=str(entry))
            turn.tell(events.DISCARDED, {"entry": str(entry)})
            await keep(tx, [turn], self.clocks)
            return turn.talk

    # -- by itself --------------------------------------------------------------------------------------------------

    async def look_after(self) -> int:
        """Ends replies whose process died before it knew: they were not handed over, or nobody knows."""
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            left = await store.left_pending(tx, now - _PATIENCE, 100)
        for row in left:
            outcome: Outcome
            if row["state"] is None:
                outcome = Refused("unreached", "It was never handed over.")
            elif row["state"] == "said":
                outcome = Said(**row["outcome"])
            elif row["state"] == "refused":
                outcome = Refused(**row["outcome"])
            else:
                outcome = Unknown(str(row["outcome"].get("detail") or "The process ended before an answer came."))
            tenant = Tenant(row["org"], row["workspace"])
            acting = Principal(tenant, "", Role.ADMIN, frozenset({"*"}), "system", "social")
            await self._end(acting, row["conversation"], row["id"], outcome)
        return len(left)

    # -- within -----------------------------------------------------------------------------------------------------

    async def _claimed(
        self, tx: Tx, principal: Principal, talk: Conversation, text: str, key: str, data: dict[str, Any]
    ) -> tuple[Conversation, Entry]:  # fmt: skip
        """The reply as an entry, before anything is handed over; whoever answers what is nobody's has it."""
        turn = Turn(principal, talk, talk, self._clock.now())
        entry_id = uuid.uuid5(talk.id, key)
        made = replace(
            turn.enter("reply", text=text, outcome="pending", mention=talk.asked, key=key), id=entry_id,
            data={**data, "saying": f"care:{entry_id}"},
        )  # fmt: skip
        turn.entries[-1] = made
        turn.set(said_seq=made.seq)
        if not talk.assignee and turn.by == "person":
            turn.move("assigned", turn.now, assignee=principal.user)
            turn.act("assigned", **{"from": "", "to": principal.user})
            turn.tell(events.ASSIGNED, {"from": "", "taken": True})
        await keep(tx, [turn], self.clocks)
        told = {"conversation": str(talk.id), "user": principal.user, "what": "sending"}
        await whisper(tx, principal.tenant.workspace, ["social"], {"care": told})
        return turn.talk, made

    async def _say(self, principal: Principal, talk: Conversation, entry: Entry) -> tuple[Conversation, Entry]:
        try:
            outcome: Outcome = await self._sources.saying.reply(
                principal, entry.mention or talk.asked, entry.text, str(entry.data["saying"])
            )
        except DureError as error:  # nothing was handed over: the mention is gone, its source paused or mute
            outcome = Refused("settings", error.message)
        return await self._end(principal, talk.id, entry.id, outcome)

    async def _end(
        self, principal: Principal, id: uuid.UUID, entry: uuid.UUID, outcome: Outcome
    ) -> tuple[Conversation, Entry]:  # fmt: skip
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            talk = await _talk(tx, principal, id, lock=True)
            found = await _reply(tx, principal, id, entry)
            if found.outcome != "pending":
                return talk, found  # somebody else ended it
            kept = _ended(found, outcome)
            await store.keep_reply(tx, workspace, kept)
            turn = Turn(principal, talk, talk, self._clock.now(), found.by)
            if isinstance(outcome, Said):
                self._count(turn, kept, await self._after(tx, principal, kept))
                if saved := kept.data.get("saved"):
                    await saved_replies.count(tx, workspace, uuid.UUID(saved), turn.now)
            turn.tell(events.ANSWERED if isinstance(outcome, Said) else events.NOT_ANSWERED, _told(talk, kept))
            await keep(tx, [turn], self.clocks)
            return turn.talk, kept

    async def _after(self, tx: Tx, principal: Principal, entry: Entry) -> str:
        """The state that follows an answer."""
        return str(entry.data.get("then") or "") or (await store.settings(tx, principal.tenant.workspace))[1]

    def _count(self, turn: Turn, entry: Entry, after: str) -> None:
        """What was said counts as an answer where a person said it; the customer is waited for."""
        human = entry.by == "person"
        if human:
            turn.move("out", entry.at, last_out_at=max(entry.at, turn.talk.last_out_at or entry.at))
        asked = entry.data.get("then")
        # A customer who wrote while it was being said waits again already; what was resolved stays so unless asked.
        newer = turn.talk.said_seq > entry.seq
        if (asked or turn.talk.state != "resolved") and not newer and human:
            turn.state(after)  # type: ignore[arg-type]

    async def _newer(self, tx: Tx, principal: Principal, id: uuid.UUID, seen: int) -> list[dict[str, Any]]:
        """What was said since, with the names of colleagues."""
        users = {one.id: one.display or one.name for one in await self._governance.users_in(tx, principal.tenant)}
        return [
            {"seq": one.seq, "kind": one.kind, "by": one.by, "actor": one.actor,
             "name": users.get(one.actor, "") if one.kind == "reply" else one.author or one.handle,
             "text": one.text[:_SHOWN], "at": one.at.isoformat()}
            for one in await store.said_after(tx, principal.tenant.workspace, id, seen)
        ]  # fmt: skip


def _ended(entry: Entry, outcome: Outcome) -> Entry:
    if isinstance(outcome, Said):
        return replace(entry, outcome="said", code="", detail="", external=outcome.reference, url=outcome.url)
    if isinstance(outcome, Refused):
        return replace(entry, outcome="refused", code=outcome.code, detail=outcome.detail)
    return replace(entry, outcome="unknown", code="", detail=outcome.detail)


def _told(talk: Conversation, entry: Entry) -> dict[str, Any]:
    waited: dict[str, Any] = {}
    if entry.outcome == "said" and entry.by == "person" and talk.awaits and talk.last_in_at:
        waited = {"waited": max(round((entry.at - talk.last_in_at).total_seconds()), 0)}
    return {
        **events.said(entry.text), "entry": str(entry.id), "outcome": entry.outcome, "code": entry.code,
        "detail": entry.detail, "url": entry.url, "saved_reply": str(entry.data.get("saved", "")), "by": entry.by,
        **waited,
    }  # fmt: skip


async def _talk(tx: Tx, principal: Principal, id: uuid.UUID, *, lock: bool = False) -> Conversation:
    found = await store.conversation(tx, principal.tenant.workspace, id, lock=lock)
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


async def _reply(tx: Tx, principal: Principal, conversation: uuid.UUID, id: uuid.UUID) -> Entry:
    found = await store.entry(tx, principal.tenant.workspace, id)
    if found is None or found.conversation != conversation or found.kind != "reply":
        raise NotFound("There is no such reply.", field="entry")
    return found
