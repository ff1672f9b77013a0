"""Care's entrance: conversations are looked at, taken, handed on, put aside, resolved; answering is `answering`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dure.feed.api import append, whisper
from dure.governance.api import Governance, Principal, Role, User, access
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError, Invalid, NotFound
from dure.kernel.tenant import Tenant
from dure.social import store as mentions
from dure.social.api import Social
from dure.social.care import events, listing, rules, store, taking
from dure.social.care.answering import Answering
from dure.social.care.follow import CareFollower
from dure.social.care.model import STATES, Conversation, Entry, Listing, SavedReply
from dure.social.care.plugs import Clocks
from dure.social.care.saved import SavedReplies
from dure.social.care.turn import Turn, keep
from dure.social.conflicts import conflict
from dure.social.events import plain
from dure.social.own import plain_name
from dure.social.sources.api import Sources
from dure.state import State, Tx

__all__ = ["Care", "Conversation", "Entry", "Listing", "SavedReply"]

_MOST = 200
_WAKES = 500
_DOING = ("here", "typing", "left", "asks")
BULK = ("assign", "team", "priority", "wait", "snooze", "resolve", "reopen")


class Care:
    """`sources` say what is answered. Methods named `…_in` do the same within the caller's transaction."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, social: Social, sources: Sources,
        clocks: Clocks | None = None,
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._social = social
        self._clocks = clocks
        self.follower = CareFollower(state, clock, clocks)
        self.saved = SavedReplies(state, clock, governance)
        self.answering = Answering(state, clock, governance, sources, self.saved, clocks)

    def timed_by(self, clocks: Clocks) -> None:
        """Who measures how long customers wait, from now on."""
        self._clocks = self.follower.clocks = self.answering.clocks = clocks

    # -- looking ----------------------------------------------------------------------------------------------------

    async def listed(
        self, principal: Principal, look: Listing
    ) -> list[tuple[Conversation, Mapping[str, Any]]]:  # fmt: skip
        """Conversations with the last words said in each."""
        access(principal, "social:read")
        if look.state not in ("any", "unresolved", *STATES):
            raise Invalid(f"`state` is any, unresolved or one of {', '.join(STATES)}.", field="state")
        if look.team:
            rules.check_team(look.team)
        if look.priority:
            rules.check_priority(look.priority)
        look = replace(look, limit=min(max(look.limit, 1), _MOST), at=max(look.at, 0), text=look.text.strip()[:200])
        async with self._state.begin(principal.tenant) as tx:
            return await listing.listed(tx, principal.tenant.workspace, look, self._clock.now())

    async def counts(self, principal: Principal) -> dict[str, Any]:
        """How many are mine, nobody's, overdue, due soon, call me, and are in each state, team and network."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await listing.counts(tx, principal.tenant.workspace, principal.user, self._clock.now())

    async def one(
        self, principal: Principal, id: uuid.UUID, *, before: int = 0, limit: int = 100
    ) -> tuple[Conversation, list[Entry]]:  # fmt: skip
        """A conversation with what stands in it, the newest `limit` before an entry's number."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            talk = await _talk(tx, principal, id)
            found = await store.entries(
                tx, principal.tenant.workspace, id, before=before, limit=min(max(limit, 1), 500)
            )  # fmt: skip
        return talk, found

    async def one_in(self, tx: Tx, principal: Principal, id: uuid.UUID) -> Conversation:
        access(principal, "social:read")
        return await _talk(tx, principal, id)

    async def of_mention(self, principal: Principal, mention: uuid.UUID) -> Conversation | None:
        """The conversation that a mention stands in."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            at = (await store.standing(tx, principal.tenant.workspace, [mention])).get(mention)
            return await store.conversation(tx, principal.tenant.workspace, at) if at else None

    async def customer(self, principal: Principal, id: uuid.UUID) -> dict[str, Any]:
        """What is known of a conversation's customer: `conversations` else had with them, `mentions` of theirs
        elsewhere, `themes` that these are about with how often."""
        access(principal, "social:read")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            talk = await _talk(tx, principal, id)
            others = await listing.others(tx, workspace, talk, 10)
            said = await listing.mentions_of(tx, workspace, talk, 20)
            asked = await mentions.mention(tx, workspace, talk.asked)
        themes: dict[str, int] = {}
        for name in (theme for one in (*said, {"themes": asked.themes if asked else ()}) for theme in one["themes"]):
            themes[name] = themes.get(name, 0) + 1
        ordered = sorted(themes.items(), key=lambda one: (-one[1], one[0]))
        return {"conversations": others, "mentions": said, "themes": [{"name": n, "count": c} for n, c in ordered]}

    # -- opening ----------------------------------------------------------------------------------------------------

    async def open(self, principal: Principal, mention: uuid.UUID) -> Conversation:
        """Opens a conversation of a mention by hand, whatever it is; where there is one, that."""
        access(principal, "social:write")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            found = await mentions.mention(tx, workspace, mention)
            if found is None:
                raise NotFound("There is no such mention.", field="mention")
            if found.deleted_at:
                raise conflict("네트워크에서 지워진 글입니다.", "Its network took this mention back.", "mention")
            at = (await store.standing(tx, workspace, [mention])).get(mention)
            if at is None:
                made = await taking.take(
                    tx, principal, [found], {mention}, self._clock.now(), self._clocks, by_hand=True
                )  # fmt: skip
                if made:
                    return made[0]
                at = (await store.standing(tx, workspace, [mention])).get(mention)  # opened by another meanwhile
            if at is None:
                raise conflict("회사가 직접 쓴 글입니다.", "The company wrote this itself.", "mention")
            return await _talk(tx, principal, at)

    # -- whose it is ------------------------------------------------------------------------------------------------

    async def assign(
        self, principal: Principal, id: uuid.UUID, assignee: str, *, expect: str | None = None
    ) -> Conversation:  # fmt: skip
        """Gives it to somebody, or to nobody (""). With `expect`, who has it as far as the caller knows: of two who
        take one at once, the second gets a Conflict that names the first."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.assign_in(tx, principal, id, assignee, expect=expect)

    async def assign_in(
        self, tx: Tx, principal: Principal, id: uuid.UUID, assignee: str, *, expect: str | None = None
    ) -> Conversation:  # fmt: skip
        access(principal, "social:write")
        users = {one.id: one for one in await self._governance.users_in(tx, principal.tenant)}
        if assignee and not _can_have(users.get(assignee)):
            raise Invalid("`assignee` is a colleague of this workspace.", field="assignee")
        talk = await _talk(tx, principal, id, lock=True)
        if talk.assignee == assignee:
            return talk
        if expect is not None and talk.assignee != expect:
            has = users.get(talk.assignee)
            name = (has.display or has.name) if has else ""
            said = f"{name or talk.assignee} has it already." if talk.assignee else "Nobody has it any more."
            korean = f"{name or talk.assignee}님이 이미 맡았습니다." if talk.assignee else "이제 맡은 사람이 없습니다."
            raise conflict(korean, said, "assignee", assignee=talk.assignee, name=name, version=talk.version)
        turn = self._turn(principal, talk)
        turn.move("assigned", turn.now, assignee=assignee)
        told = {"from": talk.assignee, "taken": bool(assignee) and assignee == principal.user}
        turn.act("assigned", **{"from": talk.assignee, "to": assignee})
        turn.tell(events.ASSIGNED, told)
        return await self._keep(tx, turn)

    async def transfer(self, principal: Principal, id: uuid.UUID, team: str, note: str = "") -> Conversation:
        """Hands it to another function, with a word to them; the router learns that its mention belongs there."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.transfer_in(tx, principal, id, team, note)

    async def transfer_in(
        self, tx: Tx, principal: Principal, id: uuid.UUID, team: str, note: str = ""
    ) -> Conversation:  # fmt: skip
        access(principal, "social:write")
        rules.check_team(team)
        note = rules.check_text(note, "note") if note.strip() else ""
        talk = await _talk(tx, principal, id, lock=True)
        if talk.team == team:
            raise conflict("이미 이 팀이 맡고 있습니다.", "This team has it already.", "team")
        asked = await mentions.mention(tx, principal.tenant.workspace, talk.asked)
        if asked is not None and asked.deleted_at is None and asked.function != team:
            await self._social.route_in(tx, principal, talk.asked, team)
        turn = self._turn(principal, talk)
        # Whoever had it was of the team that gives it away.
        turn.move("team", turn.now, team=team, assignee="")
        turn.act("transferred", **{"from": talk.team, "to": team, "from_assignee": talk.assignee})
        if note:
            turn.enter("note", text=note, named=await self._named(tx, principal, note))
        more = {"from": talk.team, "note": note[:500], "note_plain": plain(note[:500]), "from_assignee": talk.assignee}
        turn.tell(events.TRANSFERRED, more)
        return await self._keep(tx, turn)

    # -- how it stands ----------------------------------------------------------------------------------------------

    async def set_priority(self, principal: Principal, id: uuid.UUID, priority: str) -> Conversation:
        async with self._state.begin(principal.tenant) as tx:
            return await self.set_priority_in(tx, principal, id, priority)

    async def set_priority_in(self, tx: Tx, principal: Principal, id: uuid.UUID, priority: str) -> Conversation:
        access(principal, "social:write")
        rules.check_priority(priority)
        talk = await _talk(tx, principal, id, lock=True)
        if talk.priority == priority:
            return talk
        turn = self._turn(principal, talk)
        turn.move("priority", turn.now, priority=priority)
        turn.act("priority", **{"from": talk.priority, "to": priority})
        turn.tell(events.PRIORITY, {"from": talk.priority})
        return await self._keep(tx, turn)

    async def set_state(
        self, principal: Principal, id: uuid.UUID, state: str, *, until: datetime | None = None,
        version: int | None = None,
    ) -> Conversation:  # fmt: skip
        """Opens it, waits for the customer, puts it aside `until` a time, or resolves it. With `version`, one that
        changed since it was read is a Conflict."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.set_state_in(tx, principal, id, state, until=until, version=version)

    async def set_state_in(
        self, tx: Tx, principal: Principal, id: uuid.UUID, state: str, *, until: datetime | None = None,
        version: int | None = None,
    ) -> Conversation:  # fmt: skip
        access(principal, "social:write")
        if state not in STATES:
            raise Invalid(f"`state` is one of {', '.join(STATES)}.", field="state")
        until = rules.check_until(until, self._clock.now()) if state == "snoozed" else None
        talk = await _talk(tx, principal, id, lock=True)
        if version is not None and version != talk.version:
            raise conflict(
                "그 사이 다른 사람이 이 상담을 바꾸었습니다.",
                "Somebody changed this conversation meanwhile.",
                "version",
            )
        turn = self._turn(principal, talk)
        turn.state(state, until=until)
        return await self._keep(tx, turn)

    async def bulk(
        self, principal: Principal, ids: Sequence[uuid.UUID], act: str, *, value: str = "",
        until: datetime | None = None,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """The same for many, each by itself; what could not be done is said for each."""
        access(principal, "social:write")
        if act not in BULK:
            raise Invalid(f"`act` is one of {', '.join(BULK)}.", field="act")
        if not 1 <= len(ids) <= _MOST:
            raise Invalid(f"1 to {_MOST} conversations at once.", field="ids")
        states = {"wait": "waiting", "snooze": "snoozed", "resolve": "resolved", "reopen": "open"}
        made = []
        for one in dict.fromkeys(ids):
            try:
                if act == "assign":
                    await self.assign(principal, one, value)
                elif act == "team":
                    await self.transfer(principal, one, value)
                elif act == "priority":
                    await self.set_priority(principal, one, value)
                else:
                    await self.set_state(principal, one, states[act], until=until)
                made.append({"id": one, "done": True})
            except DureError as error:
                if isinstance(error, Invalid):
                    raise  # what was asked makes no sense for any of them
                made.append({"id": one, "done": False, **error.as_json()})
        return made

    # -- among colleagues -------------------------------------------------------------------------------------------

    async def note(self, principal: Principal, id: uuid.UUID, text: str) -> Entry:
        """A note that only colleagues see; `<@U…>` calls somebody."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.note_in(tx, principal, id, text)

    async def note_in(self, tx: Tx, principal: Principal, id: uuid.UUID, text: str) -> Entry:
        access(principal, "social:write")
        text = rules.check_text(text)
        talk = await _talk(tx, principal, id, lock=True)
        turn = self._turn(principal, talk)
        named = await self._named(tx, principal, text)
        made = turn.enter("note", text=text, named=named)
        told = {**events.said(text), "entry": str(made.id), "named": list(named),
                "named_mentions": " ".join(f"<@{one}>" for one in named)}  # fmt: skip
        turn.tell(events.NOTED, told)
        await self._keep(tx, turn)
        if others := [f"user:{one}" for one in named if one != principal.user]:
            called = {"conversation": str(id), "by": principal.actor, "author": talk.author}
            await whisper(tx, principal.tenant.workspace, others, {"named": called})
        return made

    async def doing(self, principal: Principal, id: uuid.UUID, what: str) -> None:
        """Whispers to open screens that somebody looks at a conversation, writes in it, or left it; `asks` asks the
        others to say so. It is kept nowhere."""
        access(principal, "social:write")
        if what not in _DOING:
            raise Invalid(f"`what` is one of {', '.join(_DOING)}.", field="what")
        async with self._state.begin(principal.tenant) as tx:
            await _talk(tx, principal, id)
            said = {"conversation": str(id), "user": principal.user, "what": what}
            await whisper(tx, principal.tenant.workspace, ["social"], {"care": said})

    # -- settings ---------------------------------------------------------------------------------------------------

    async def settings(self, principal: Principal) -> dict[str, Any]:
        """The company's `own` names by network, whose posts are no customer's, and the state `after_reply`."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            own, after = await store.settings(tx, principal.tenant.workspace)
        return {"own": list(own), "after_reply": after}

    async def set_settings(self, principal: Principal, own: Sequence[str], after_reply: str) -> dict[str, Any]:
        access(principal, "social:configure")
        if after_reply not in ("open", "waiting", "resolved"):
            raise Invalid("`after_reply` is open, waiting or resolved.", field="after_reply")
        names = sorted({_own_name(one) for one in own})
        if len(names) > 100:
            raise Invalid("At most a hundred names.", field="own")
        told = {"own": names, "after_reply": after_reply}
        async with self._state.begin(principal.tenant) as tx:
            await store.set_settings(tx, principal.tenant.workspace, names, after_reply)
            await append(tx, events.settings_event(principal, self._clock.now(), told))
        return told

    # -- by itself --------------------------------------------------------------------------------------------------

    async def tick(self) -> int:
        """Brings back what was put aside until now, and looks after replies that nobody ended; any process may call
        it. Returns how many conversations changed."""
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            due = await store.awake(tx, now, _WAKES)
        by_tenant: dict[Tenant, list[uuid.UUID]] = {}
        for org, workspace, talk_id in due:
            by_tenant.setdefault(Tenant(org, workspace), []).append(talk_id)
        woken = 0
        for tenant, ids in by_tenant.items():
            acting = Principal(tenant, "", Role.ADMIN, frozenset({"*"}), "system", "social")
            async with self._state.begin(tenant) as tx:
                turns = []
                for talk in await store.several(tx, tenant.workspace, ids, lock=True):
                    if talk.state == "snoozed" and talk.snoozed_until and talk.snoozed_until <= now:
                        turns.append(turn := self._turn(acting, talk))
                        turn.state("open")
                await keep(tx, turns, self._clocks)
                woken += len(turns)
        return woken + await self.answering.look_after()

    # -- within -----------------------------------------------------------------------------------------------------

    def _turn(self, principal: Principal, talk: Conversation) -> Turn:
        return Turn(principal, talk, talk, self._clock.now())

    async def _keep(self, tx: Tx, turn: Turn) -> Conversation:
        await keep(tx, [turn], self._clocks)
        return turn.talk

    async def _named(self, tx: Tx, principal: Principal, text: str) -> tuple[str, ...]:
        named = rules.named_in(text)
        if not named:
            return ()
        users = {one.id: one for one in await self._governance.users_in(tx, principal.tenant)}
        for one in named:
            if not _can_have(users.get(one)):
                raise Invalid(f"<@{one}> is no colleague of this workspace.", field="text")
        return named


def _can_have(user: User | None) -> bool:
    return user is not None and not user.deleted and not user.is_bot and user.role is not Role.GUEST


def _own_name(name: str) -> str:
    network, colon, handle = name.strip().lower().partition(":")
    if not (network and colon and handle) or len(name) > 200:
        raise Invalid("A name is `network:handle`, such as `bluesky:brand.example`.", field="own")
    return f"{network}:{plain_name(handle)}"


async def _talk(tx: Tx, principal: Principal, id: uuid.UUID, *, lock: bool = False) -> Conversation:
    found = await store.conversation(tx, principal.tenant.workspace, id, lock=lock)
    if found is None:
        raise NotFound("There is no such conversation.")
    return found
