"""The commands that need no app: acts of channels, typed."""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from dure.channels.api import Channels, Draft
from dure.channels.interaction.refusals import NobodyNamed
from dure.governance.api import Principal

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as it was typed; mentions in `text` are `<@U…>`."""

    principal: Principal
    channel: str
    text: str
    thread: int | None


# What is to be opened afterwards: a conversation's id, or "".
Act = Callable[[Channels, Typed], Awaitable[str]]


async def _topic(channels: Channels, typed: Typed) -> str:
    await channels.set_topic(typed.principal, typed.channel, html.unescape(typed.text))
    return ""


async def _purpose(channels: Channels, typed: Typed) -> str:
    await channels.set_purpose(typed.principal, typed.channel, html.unescape(typed.text))
    return ""


async def _rename(channels: Channels, typed: Typed) -> str:
    await channels.rename(typed.principal, typed.channel, html.unescape(typed.text))
    return ""


async def _invite(channels: Channels, typed: Typed) -> str:
    await channels.invite(typed.principal, typed.channel, _people(typed))
    return ""


async def _remove(channels: Channels, typed: Typed) -> str:
    for user in _people(typed):
        await channels.kick(typed.principal, typed.channel, user)
    return ""


async def _archive(channels: Channels, typed: Typed) -> str:
    await channels.archive(typed.principal, typed.channel)
    return ""


async def _leave(channels: Channels, typed: Typed) -> str:
    await channels.leave(typed.principal, typed.channel)
    return ""


async def _me(channels: Channels, typed: Typed) -> str:
    said = Draft(typed.text, thread=typed.thread, subtype="me_message")
    await channels.post(typed.principal, typed.channel, said)
    return ""


async def _shrug(channels: Channels, typed: Typed) -> str:
    said = Draft(f"{typed.text} ¯\\_(ツ)_/¯".strip(), thread=typed.thread)
    await channels.post(typed.principal, typed.channel, said)
    return ""


async def _dm(channels: Channels, typed: Typed) -> str:
    people = _people(typed)
    opened, _ = await channels.open_direct(typed.principal, people)
    text = _PERSON.sub("", typed.text, len(people)).strip()
    if text:
        await channels.post(typed.principal, opened.id, Draft(text))
    return opened.id


BUILT_IN: dict[str, Act] = {
    "/archive": _archive,
    "/dm": _dm,
    "/invite": _invite,
    "/leave": _leave,
    "/me": _me,
    "/purpose": _purpose,
    "/remove": _remove,
    "/rename": _rename,
    "/shrug": _shrug,
    "/topic": _topic,
}


def _people(typed: Typed) -> list[str]:
    """Whom a command names, at its beginning or anywhere in it."""
    found = list(dict.fromkeys(_PERSON.findall(typed.text)))
    if not found:
        raise NobodyNamed(field="text")
    return found
