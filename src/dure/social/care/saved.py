"""Saved replies: texts to answer with, with holes for the customer's and the colleague's names.

What stands in a hole was written by strangers. It is plain text of one line: it calls nobody, links nowhere, and on
networks that read markup it is none.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import replace

from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.social.care import events, rules, store
from dure.social.care import saved_store as saved
from dure.social.care.model import Conversation, SavedReply
from dure.social.conflicts import conflict
from dure.state import State

VARIABLES: Mapping[str, Mapping[str, str]] = {
    "customer.name": {"ko": "고객 이름", "en": "The customer's name"},
    "customer.handle": {"ko": "고객 계정", "en": "The customer's handle"},
    "agent.name": {"ko": "내 이름", "en": "Your name"},
    "workspace.name": {"ko": "워크스페이스 이름", "en": "The workspace's name"},
    "conversation.subject": {"ko": "상담 제목", "en": "The conversation's subject"},
}
_HOLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_SHORTCUT = re.compile(r"[\w-]{1,40}")
_HANDLE = re.compile(r"@?[\w.@:-]{1,200}")
_MARKUP = frozenset({"github", "discourse", "reddit"})  # they read Markdown
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+!|~-])")
_JOINER = "\u2060"  # seen by nobody; parts what would be read as one
_NAME = 80


def holes(text: str) -> list[str]:
    """The variables that a text names, in order, each once."""
    return list(dict.fromkeys(_HOLE.findall(text)))


def fill(text: str, values: Mapping[str, str], network: str) -> str:
    """The text with its holes filled. Invalid names the first variable of which nothing is known."""

    def put(match: re.Match[str]) -> str:
        name = match.group(1)
        value = values.get(name, "")
        if not value.strip():
            title = VARIABLES[name]["en"] if name in VARIABLES else f"`{name}`"
            raise Invalid(f"{title} is not known here; write it by hand.", field=name)
        if name == "customer.handle":
            return value  # it calls the customer, and nobody else could have it
        return plain_value(value, network)

    return _HOLE.sub(put, text)


def plain_value(value: str, network: str) -> str:
    """A value as words and nothing else."""
    shown = "".join(letter for letter in " ".join(value.split()) if letter.isprintable())[:_NAME]
    shown = shown.replace("@", f"@{_JOINER}").replace("://", f":{_JOINER}//").replace("www.", f"www{_JOINER}.")
    return _MARKS.sub(r"\\\1", shown) if network in _MARKUP else shown


class SavedReplies:
    def __init__(self, state: State, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance

    async def all(self, principal: Principal, team: str = "", text: str = "") -> list[SavedReply]:
        """Everybody's and, with `team`, that team's; the most used first. `text` is looked for in all of it."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await saved.all_of(tx, principal.tenant.workspace, team, text.strip().lstrip("/")[:100])

    async def create(
        self, principal: Principal, shortcut: str, title: str, text: str, *, language: str = "", team: str = ""
    ) -> SavedReply:  # fmt: skip
        access(principal, "social:write")
        made = _checked(
            SavedReply(uuid7(), shortcut, title, text, language, team, 0, 1, self._clock.now(), principal.actor)
        )
        async with self._state.begin(principal.tenant) as tx:
            if not await saved.add(tx, principal.tenant, made):
                raise conflict(
                    f"/{made.shortcut}: 이미 쓰는 단축어입니다.", f"/{made.shortcut} is taken already.", "shortcut"
                )
            more = {"team": made.team, "language": made.language, "created": True}
            await append(tx, events.saved_event(principal, events.SAVED, self._clock.now(), made, more))
        return made

    async def change(
        self, principal: Principal, id: uuid.UUID, *, version: int, shortcut: str, title: str, text: str,
        language: str = "", team: str = "",
    ) -> SavedReply:  # fmt: skip
        """Puts these in the place of what there is; one that changed since it was read is a Conflict."""
        access(principal, "social:write")
        workspace, now = principal.tenant.workspace, self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            found = await saved.one(tx, workspace, id, lock=True)
            if found is None:
                raise NotFound("There is no such saved reply.")
            if found.version != version:
                raise conflict(
                    "그 사이 다른 사람이 이 답을 바꾸었습니다.",
                    "Somebody changed this saved reply meanwhile.",
                    "version",
                )
            kept = _checked(
                replace(found, shortcut=shortcut, title=title, text=text, language=language, team=team,
                        version=version + 1, changed_at=now, changed_by=principal.actor)
            )  # fmt: skip
            if not await saved.keep(tx, workspace, kept):
                raise conflict(
                    f"/{kept.shortcut}: 이미 쓰는 단축어입니다.", f"/{kept.shortcut} is taken already.", "shortcut"
                )
            more = {"team": kept.team, "language": kept.language, "created": False}
            await append(tx, events.saved_event(principal, events.SAVED, now, kept, more))
        return kept

    async def delete(self, principal: Principal, id: uuid.UUID) -> None:
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            gone = await saved.delete(tx, principal.tenant.workspace, id)
            if gone is None:
                raise NotFound("There is no such saved reply.")
            await append(tx, events.saved_event(principal, events.UNSAVED, self._clock.now(), gone, {}))

    async def filled(self, principal: Principal, id: uuid.UUID, conversation: uuid.UUID) -> str:
        """Its text for a conversation, as this colleague would send it."""
        access(principal, "social:read")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            found = await saved.one(tx, workspace, id)
            talk = await store.conversation(tx, workspace, conversation)
            users = {one.id: one for one in await self._governance.users_in(tx, principal.tenant)}
            home = await self._governance.workspace_in(tx, workspace)
        if found is None:
            raise NotFound("There is no such saved reply.")
        if talk is None:
            raise NotFound("There is no such conversation.", field="conversation")
        me = users.get(principal.user)
        values = values_of(talk, me.display or me.name if me else "", home.name)
        return fill(found.text, values, talk.network)


def values_of(talk: Conversation, agent: str, workspace: str) -> dict[str, str]:
    handle = talk.handle if _HANDLE.fullmatch(talk.handle) else ""
    return {
        "customer.name": talk.author, "customer.handle": handle, "agent.name": agent, "workspace.name": workspace,
        "conversation.subject": talk.subject,
    }  # fmt: skip


def _checked(one: SavedReply) -> SavedReply:
    shortcut, title = one.shortcut.strip().lstrip("/"), one.title.strip()
    if not _SHORTCUT.fullmatch(shortcut):
        raise Invalid("`shortcut` has 1 to 40 letters, numbers, - or _.", field="shortcut")
    if not 1 <= len(title) <= 120:
        raise Invalid("`title` has 1 to 120 characters.", field="title")
    text = rules.check_text(one.text)
    for name in holes(text):
        if name not in VARIABLES:
            raise Invalid(f"`{{{{ {name} }}}}` is none of {', '.join(VARIABLES)}.", field="text")
    if one.language not in ("", "ko", "en"):
        raise Invalid("`language` is ko, en or empty.", field="language")
    if one.team:
        rules.check_team(one.team)
    return replace(one, shortcut=shortcut, title=title, text=text)
