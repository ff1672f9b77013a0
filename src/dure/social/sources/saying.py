"""What is said through a source: claimed before it is handed over, so that nothing is said twice.

A claim is committed first. Whoever asks with the same key again gets what became of it; where nobody knows (no answer
came, or the process died in between), that is said and nothing is handed over again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dure.feed.api import Event, append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, DureError, Invalid, NotFound
from dure.social import events, own
from dure.social import store as mention_store
from dure.social.conflicts import conflict
from dure.social.model import Mention
from dure.social.plugs import Given, Outcome, Post, Publishes, Refused, Replies, Said, Source, Trouble, Unknown
from dure.social.sources import store
from dure.social.sources.model import Connected
from dure.social.sources.pulling import Pulling, trouble_of
from dure.state import State, Tx

_PATIENCE = timedelta(minutes=5)
"""After so long without an outcome nobody is at it any more."""
_MOST = 10_000


class Saying:
    """Replies and posts, each at most once."""

    def __init__(self, state: State, clock: Clock, pulling: Pulling) -> None:
        self._state = state
        self._clock = clock
        self._pulling = pulling

    async def reply(self, principal: Principal, mention_id: UUID, text: str, key: str) -> Outcome:
        """Answers a mention by the source that it came by. The same `key` never says anything twice."""
        access(principal, "social:write")
        _checked(text, key)
        async with self._state.begin(principal.tenant) as tx:
            mention = await mention_store.mention(tx, principal.tenant.workspace, mention_id)
            if mention is None:
                raise NotFound("There is no such mention.", field="mention")
            if mention.deleted_at:
                raise conflict("네트워크에서 지워진 글입니다.", "Its network took this mention back.", "mention")
            if mention.source is None:
                raise Invalid("This mention came by no source that could answer it.", field="mention")
            source = await self._source(tx, principal, mention.source)
            connector = self._pulling.spoken(source)
            if not isinstance(connector, Replies):
                raise Invalid(f"{source.name} cannot answer.", field="mention")
            before = await _claim(tx, principal, key, source.id, mention.id, {"text": text}, self._clock.now())
        if before is not None:
            return before
        outcome = await self._said(connector, principal, source, key, mention=mention, text=text)
        facts = {**events.facts_of(mention), "answer": text[:500], "by_source": str(source.id)}
        return await self._keep(
            principal, key, outcome, events.MENTION_ANSWERED, "mention", str(mention.id), facts, mention.network
        )

    async def answers(self, principal: Principal, source_id: UUID | None) -> bool:
        """Whether what came by a source can be answered there."""
        access(principal, "social:read")
        if source_id is None:
            return False
        async with self._state.begin(principal.tenant) as tx:
            source = await store.one(tx, principal.tenant.workspace, source_id)
        try:
            return source is not None and isinstance(self._pulling.spoken(source), Replies)
        except Conflict:  # its connector is not installed here
            return False

    async def publish(
        self, principal: Principal, source_id: UUID, post: Post, key: str, about: Mapping[str, Any] | None = None
    ) -> Outcome:
        """Puts up a post of the company's own. `about` says in its event what it belongs to."""
        access(principal, "social:write")
        _checked(post.text, key)
        async with self._state.begin(principal.tenant) as tx:
            source = await self._source(tx, principal, source_id)
            connector = self._pulling.spoken(source)
            if not isinstance(connector, Publishes):
                raise Invalid(f"{source.name} cannot publish.", field="source")
            before = await _claim(tx, principal, key, source.id, None, asdict(post), self._clock.now())
        if before is not None:
            return before
        outcome = await self._said(connector, principal, source, key, post=post)
        facts = {
            **(about or {}), "source": str(source.id), "network": connector.manifest.network, "text": post.text[:500],
        }  # fmt: skip
        return await self._keep(
            principal, key, outcome, events.POST_PUBLISHED, "post", key, facts, connector.manifest.network
        )

    async def _source(self, tx: Tx, principal: Principal, source_id: UUID) -> Connected:
        source = await store.one(tx, principal.tenant.workspace, source_id)
        if source is None:
            raise NotFound("There is no such source.", field="source")
        if source.state == "paused":
            raise conflict(f"멈춰 있는 소스입니다: {source.name}", f"{source.name} is paused.", "source")
        return source

    async def _said(
        self, connector: Source, principal: Principal, source: Connected, key: str, *, mention: Mention | None = None,
        text: str = "", post: Post | None = None,
    ) -> Outcome:  # fmt: skip
        try:
            given = self._pulling.given_of(principal.tenant, source, self._clock.now(), source.quota)
            return await _handed(connector, given, key, mention, text, post)
        except Trouble as error:
            return Refused(error.code, error.detail, error.wait)
        except DureError as error:
            return Refused("settings", error.message)
        except OSError as error:
            # Raised by what is looked up first, a token or a post: nothing was handed over yet.
            return Refused("unreached", trouble_of(error)["detail"], 60.0)

    async def _keep(
        self, principal: Principal, key: str, outcome: Outcome, name: str, kind: str, object_id: str,
        facts: Mapping[str, Any], network: str,
    ) -> Outcome:  # fmt: skip
        now, state = self._clock.now(), _STATES[type(outcome)]
        async with self._state.begin(principal.tenant) as tx:
            if isinstance(outcome, Said):
                # Whatever arrives from here on is asked with what is written now. Before the row, as an erasure does.
                await mention_store.lock_arrivals(tx, principal.tenant.workspace)
            await store.end_saying(tx, principal.tenant.workspace, key, state, asdict(outcome), now)
            told = {**facts, "key": key, "outcome": state, **asdict(outcome)}
            ours: list[Event] = []
            if isinstance(outcome, Said) and outcome.reference:
                ours = await own.came_first(tx, principal, now, network, outcome.reference)
            await append(tx, events.told(principal, name, now, kind, object_id, told), *ours)
        return outcome


_STATES: Mapping[type[Any], str] = {Said: "said", Refused: "refused", Unknown: "unknown"}


async def _handed(
    connector: Source, given: Given, key: str, mention: Mention | None, text: str, post: Post | None
) -> Outcome:
    if mention is not None and isinstance(connector, Replies):
        return await connector.reply(given, mention, text, key)
    if post is not None and isinstance(connector, Publishes):
        return await connector.publish(given, post, key)
    raise Invalid("This source says nothing.")


async def _claim(
    tx: Tx, principal: Principal, key: str, source: UUID, mention: UUID | None, said: Mapping[str, Any], now: datetime
) -> Outcome | None:
    """None where it is now one's own to say; else what became of it before. What was refused may be said again."""
    workspace = principal.tenant.workspace
    claimed = await store.claim_saying(tx, principal.tenant, key, source, mention, said, principal.actor, now)
    if claimed:
        return None
    row = await store.saying(tx, workspace, key)
    if (row["source"], row["mention"]) != (source, mention):
        raise Conflict("This key was used for something else.", field="key")
    if row["state"] == "claimed" and row["claimed_at"] > now - _PATIENCE:
        raise Conflict("It is being said right now.", field="key")
    if row["state"] == "said":
        return Said(**row["outcome"])
    return Unknown(str(row["outcome"].get("detail", "The process ended before an answer came.")))


def _checked(text: str, key: str) -> None:
    if not text.strip() or len(text) > _MOST:
        raise Invalid(f"`text` has 1 to {_MOST:,} characters.", field="text")
    if not 1 <= len(key) <= 200:
        raise Invalid("`key` has 1 to 200 characters.", field="key")
