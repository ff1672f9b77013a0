"""Slash commands: which there are, and what becomes of one that was typed."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dure.channels.apps.model import Command, Installation
from dure.channels.apps.store import installations
from dure.channels.interaction import payloads
from dure.channels.interaction.builtins import BUILT_IN, Typed
from dure.channels.interaction.contact import acting
from dure.channels.interaction.refusals import AppSilent, CommandNotFound
from dure.channels.interaction.replies import Replies
from dure.channels.model import Conversation
from dure.channels.slack import shapes
from dure.governance.api import Principal, User
from dure.kernel.errors import Invalid

_NAME = re.compile(r"/[^\s/]{1,31}")
_LONGEST = 12_000
_MENTION = re.compile(r"<([@#])([A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True, slots=True)
class Offered:
    """A command that somebody may use; `app` is empty for those that need none."""

    command: str
    description: str = ""
    usage_hint: str = ""
    app: str = ""
    app_name: str = ""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did: `go` is a conversation to be opened, "" for none."""

    command: str
    app: str = ""
    go: str = ""


class Commands(Replies):
    async def commands(self, principal: Principal) -> list[Offered]:
        """The commands of the caller's workspace, by name."""
        acting(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            apps = await installations(tx, self._governance, principal.tenant)
        found = [Offered(name) for name in BUILT_IN]
        found += [
            Offered(one.command, one.description, one.usage_hint, app.app, app.name)
            for app in apps for one in app.commands if one.command not in BUILT_IN
        ]  # fmt: skip
        return sorted(found, key=lambda one: (one.command, one.app_name))

    async def command(
        self, principal: Principal, name: str, text: str, channel: str, *, thread: int | None = None, app: str = "",
        screen: str = "", base: str = "",
    ) -> Ran:  # fmt: skip
        """Does what a command says, or has its app do it. `app` names one of several apps that have the command.

        A command that no app has goes to an app without a manifest, which cannot have said what it answers to; the
        first that is connected gets it. Raises CommandNotFound where there is none.
        """
        acting(principal)
        name, text = name.strip().lower(), text.strip()
        if not _NAME.fullmatch(name):
            raise Invalid("A command is a word with a slash before it.", field="command")
        if len(text) > _LONGEST:
            raise Invalid(f"A command's text has at most {_LONGEST:,} characters.", field="text")
        if name in BUILT_IN and not app:
            found = await self._channels.info(principal, channel)
            return Ran(name, go=await BUILT_IN[name](self._channels, Typed(principal, found.id, text, thread)))
        async with self._state.begin(principal.tenant) as tx:
            apps = await installations(tx, self._governance, principal.tenant)
        known = [
            (one, it) for one in apps if app in ("", one.app) for it in one.commands if it.command.lower() == name
        ]  # fmt: skip
        if known:
            return await self._run(principal, *known[0], text, channel, thread, screen, base)
        return await self._try(principal, apps, name, text, channel, thread, screen, base)

    async def _try(
        self, principal: Principal, apps: list[Installation], name: str, text: str, channel: str, thread: int | None,
        screen: str, base: str,
    ) -> Ran:  # fmt: skip
        for one in apps:
            if not without_manifest(one):
                continue
            try:
                return await self._run(principal, one, Command(name), text, channel, thread, screen, base)
            except AppSilent as silent:
                if silent.data.get("why") != "no_connection":
                    raise
        raise CommandNotFound(f"There is no command {name}.", field="command")

    async def _run(
        self, principal: Principal, app: Installation, command: Command, text: str, channel: str, thread: int | None,
        screen: str, base: str,
    ) -> Ran:  # fmt: skip
        if not command.should_escape:
            text = await self._spoken(principal, text)
        async with self._state.begin(principal.tenant) as tx:
            scene = await self._scene(tx, principal, app.app)
            found = await self._channels.see(tx, principal, channel)
            self._may_use(principal, found)
            trigger = await self._trigger(tx, scene, screen)
            at = await self._answer_at(tx, scene, base, found.id, thread=thread, kind="commands")
        payload = payloads.command(scene, found, command.command, text, trigger=trigger, answer_at=at)
        answer = await self._ask(app, "slash_commands", dict(payload))
        await self._acknowledged(principal, app, found, answer.body, thread)
        return Ran(command.command, app.app)

    async def _acknowledged(
        self, principal: Principal, app: Installation, found: Conversation, said: Any, thread: int | None
    ) -> None:
        """Shows what came with the acknowledgement; most apps answer later, and send nothing."""
        body = {"text": said} if isinstance(said, str) else said
        if isinstance(body, Mapping) and any(body.get(key) for key in ("text", "blocks", "attachments")):
            await self._say(self._as_app(app), self._whom(principal, found.id, app), body, thread)

    async def _spoken(self, principal: Principal, text: str) -> str:
        """The text as it was typed, for apps that do not ask for ids: `@mina`, `#deals`."""
        users: dict[str, User] = {}
        if "<@" in text:
            users = {user.id: user for user in await self._governance.users(principal.tenant)}
        names: dict[str, str] = {}
        if "<#" in text:
            seen = await self._channels.listed(principal, archived=True)
            names = {one.id: one.name for one in seen}

        def written(found: re.Match[str]) -> str:
            mark, named = found.groups()
            if mark == "@" and named in users:
                return "@" + str(shapes.user(users[named], principal)["name"])
            return f"#{names[named]}" if mark == "#" and named in names else found[0]

        return html.unescape(_MENTION.sub(written, text))


def without_manifest(app: Installation) -> bool:
    """Whether an app was made by the command line, and so never said what it offers."""
    return not app.signing_secret and not app.commands
