"""Surveys' entrance. Where nobody said otherwise a colleague sends each one, having seen what is said and where; in
public nothing is ever asked by itself, because whoever reads the address there could answer."""

from __future__ import annotations

import html
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Literal

from dure.feed.api import append
from dure.governance.api import Governance, Principal, Role, access
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError, Invalid, NotFound, TooMany
from dure.kernel.tenant import Tenant
from dure.social import store as mentions
from dure.social.care import store as talks
from dure.social.care.events import talk_event
from dure.social.care.model import Conversation
from dure.social.clocks import events
from dure.social.clocks.plugs import Postman
from dure.social.clocks.surveys import store
from dure.social.clocks.surveys.model import SATISFIED, Page, Survey, Waiting
from dure.social.clocks.surveys.secret import Secrets
from dure.social.clocks.surveys.words import LETTER, spoken
from dure.social.conflicts import conflict
from dure.social.events import plain
from dure.social.plugs import Refused, Said
from dure.social.sources.api import Sources
from dure.state import State, Tx

_MOST, _CHANGES, _COMMENT = 100, 10, 2_000
_LEASE = timedelta(minutes=10)


class Surveys:
    """`sources` say it where the customer wrote, `postman` by letter."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, sources: Sources, postman: Postman, *, key: bytes,
        site: str,
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._sources = sources
        self._postman = postman
        self._secrets = Secrets(key, site)

    # -- for colleagues ---------------------------------------------------------------------------------------------

    async def waiting(self, principal: Principal) -> list[Waiting]:
        """Surveys that a colleague may send, the newest first."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            found = []
            for one in await store.asking(tx, principal.tenant.workspace, _MOST):
                talk, address = await self._talk(tx, principal.tenant, one)
                ways = tuple(way for way, is_open in (("reply", talk.source), ("email", address)) if is_open)
                # The address is the customer's alone: who looks after them must not be able to answer for them.
                text = LETTER[spoken(one.language)][1].format(url=self._secrets.hidden)
                found.append(Waiting(one, talk.author or talk.handle, text, talk.direct, ways))
            return found

    async def send(self, principal: Principal, id: uuid.UUID, how: Literal["reply", "email"]) -> Survey:
        """Asks the customer, having been asked oneself."""
        access(principal, "social:write")
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            one = await self._one(tx, principal.tenant, id)
            if one.state != "asking":
                raise conflict("이미 보냈거나 보내지 않기로 했습니다.", "It was sent or left out already.", "survey")
            talk, address = await self._talk(tx, principal.tenant, one)
            if talk.state != "resolved":
                raise conflict("상담이 다시 열렸습니다.", "The conversation was opened again.", "survey")
            if (how == "email" and not address) or (how == "reply" and talk.source is None):
                raise Invalid("The customer cannot be reached that way.", field="how")
            await store.move(
                tx, principal.tenant.workspace, id, "sending", was=("asking",), how=how, at=now, by=principal.actor
            )
        return await self._go(principal, replace(one, state="sending", how=how))

    async def skip(self, principal: Principal, id: uuid.UUID) -> None:
        """Leaves this customer alone."""
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            one = await self._one(tx, principal.tenant, id)
            if not await store.move(
                tx, principal.tenant.workspace, id, "skipped", was=("asking",), at=self._clock.now(),
                by=principal.actor,
            ):  # fmt: skip
                raise conflict("이미 보냈거나 보내지 않기로 했습니다.", "It was sent or left out already.", "survey")
            talk, _ = await self._talk(tx, principal.tenant, one)
            await self._tell(tx, principal, events.NOT_ASKED, talk, one, {"why": "skipped", "detail": ""})

    async def tick(self) -> int:
        """Sends what goes out by itself; any process may call it. Returns how many were handled."""
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            claimed = await store.claim(tx, now, now - _LEASE, 50)
        for tenant, one in claimed:
            await self._go(Principal(tenant, "", Role.ADMIN, frozenset({"*"}), "system", "social"), one)
        return len(claimed)

    # -- for customers ----------------------------------------------------------------------------------------------

    async def page(self, secret: str) -> Page:
        """What stands behind an address; NotFound for one that was never given or whose time is over."""
        tenant, survey = self._read(secret)
        async with self._state.begin(tenant) as tx:
            one = await self._open(tx, tenant, survey)
            space = await self._governance.workspace_in(tx, tenant.workspace)
        return Page(space.org_name, spoken(one.language), one.score, one.comment)

    async def answer(self, secret: str, score: int, comment: str) -> None:
        """Takes an answer; it may be changed a few times while the address is open."""
        tenant, survey = self._read(secret)
        if not 1 <= score <= 5:
            raise Invalid("`score` is 1 to 5.", field="score")
        if len(comment) > _COMMENT:
            raise Invalid(f"`comment` has at most {_COMMENT:,} characters.", field="comment")
        now = self._clock.now()
        async with self._state.begin(tenant) as tx:
            one = await self._open(tx, tenant, survey)
            if (one.score, one.comment) == (score, comment.strip()):
                return
            answered = await store.answer(tx, tenant.workspace, survey, score, comment.strip(), now, _CHANGES)
            if answered is None:
                raise TooMany("It was changed too often.", retry_after=86_400)
            kept, again = answered
            talk, _ = await self._talk(tx, tenant, kept)
            acting = Principal(tenant, "", Role.ADMIN, frozenset({"*"}), "system", "social")
            more = {"score": score, "satisfied": score >= SATISFIED, "comment": kept.comment[:500],
                    "comment_plain": plain(kept.comment[:500]), "again": again}  # fmt: skip
            await self._tell(tx, acting, events.RATED, talk, kept, more)

    # -- within -----------------------------------------------------------------------------------------------------

    async def _go(self, principal: Principal, one: Survey) -> Survey:
        """Hands over what is claimed, and keeps what became of it. An answer to a post has a key of its own and is
        never said twice; a letter of which nobody knows is not sent again."""
        tenant = principal.tenant
        async with self._state.begin(tenant) as tx:
            talk, address = await self._talk(tx, tenant, one)
        state, detail = "skipped", "reopened"
        if talk.state == "resolved":
            state, detail = await self._handed(principal, one, talk, address)
        now = self._clock.now()
        async with self._state.begin(tenant) as tx:
            if await store.move(tx, tenant.workspace, one.id, state, was=("sending",), detail=detail, at=now):
                name = events.ASKED if state == "sent" else events.NOT_ASKED
                more = {} if state == "sent" else {"why": state, "detail": detail}
                await self._tell(tx, principal, name, talk, one, more)
            return await self._one(tx, tenant, one.id)

    async def _handed(
        self, principal: Principal, one: Survey, talk: Conversation, address: str
    ) -> tuple[str, str]:  # fmt: skip
        text = self._text(principal.tenant, one)
        try:
            if one.how == "reply":
                told = await self._sources.saying.reply(principal, talk.asked, text, f"survey:{one.id}")
                if isinstance(told, Said):
                    return "sent", told.url
                return ("refused" if isinstance(told, Refused) else "unknown"), told.detail
            await self._governance.playgrounds.refuse(principal.tenant)
            subject = LETTER[spoken(one.language)][0]
            fate = await self._postman.send(
                address, subject, text, f"<p>{html.escape(text)}</p>", {}, f"survey:{one.id}"
            )
        except DureError as error:  # nothing was handed over
            return "refused", error.message
        return {"sent": ("sent", ""), "again": ("refused", "the mail server did not take it")}.get(
            fate, ("unknown", "")
        )

    async def _talk(self, tx: Tx, tenant: Tenant, one: Survey) -> tuple[Conversation, str]:
        """The conversation, and the address its customer wrote from."""
        talk = await talks.conversation(tx, tenant.workspace, one.conversation)
        if talk is None:
            raise NotFound("The conversation is gone.", field="survey")
        asked = await mentions.mention(tx, tenant.workspace, talk.asked)
        return talk, asked.email if asked and not asked.deleted_at else ""

    async def _one(self, tx: Tx, tenant: Tenant, id: uuid.UUID) -> Survey:
        found = await store.one(tx, tenant.workspace, id, lock=True)
        if found is None:
            raise NotFound("There is no such survey.", field="survey")
        return found

    async def _open(self, tx: Tx, tenant: Tenant, id: uuid.UUID) -> Survey:
        found = await store.one(tx, tenant.workspace, id)
        if found is None or found.state not in ("sending", "sent", "unknown") or found.expires_at < self._clock.now():
            raise NotFound("This survey is not open.")
        return found

    def _read(self, secret: str) -> tuple[Tenant, uuid.UUID]:
        found = self._secrets.read(secret)
        if found is None:
            raise NotFound("This survey is not open.")
        return found

    def _text(self, tenant: Tenant, one: Survey) -> str:
        return LETTER[spoken(one.language)][1].format(url=self._secrets.url(tenant, one.id))

    async def _tell(
        self, tx: Tx, principal: Principal, name: str, talk: Conversation, one: Survey, more: Mapping[str, object]
    ) -> None:
        facts = {"survey": str(one.id), "how": one.how, "agent": one.agent, "run": one.run, **more}
        await append(tx, talk_event(principal, name, self._clock.now(), talk, facts))
