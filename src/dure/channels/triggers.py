"""What in channels may start an automation: a few settings instead of an event and its filters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from dure.automation.plugs import TriggerKind
from dure.channels import events
from dure.channels.forms import events as form_events
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter

_ID = re.compile(r"[CGD][A-Z0-9]{6,}")
_COMMAND = re.compile(r"/[^\s/]{1,31}")
_EMOJI = re.compile(r"[\w+\-]{1,100}(::skin-tone-[2-6])?")


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`channel` is an id or a name, empty for all. What is said in private channels is not on the feed: there
    `contains` finds nothing. `outsiders` means only people of another organisation."""

    channel: str = ""
    contains: str = ""
    by: Literal["people", "bots", "anyone"] = "people"
    where: Literal["anywhere", "top", "threads"] = "anywhere"
    outsiders: bool = False


class Mention(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`of` is a user's id; empty means the workspace's own app."""

    of: str = ""
    channel: str = ""
    by: Literal["people", "bots", "anyone"] = "people"


class Reaction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`emoji` is a name such as eyes, empty for any; `author` whose message it is. `once` a message, or each time."""

    emoji: str = ""
    channel: str = ""
    author: str = ""
    once: bool = True


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`command` is a word with a slash before it; `about` and `usage` are shown where somebody types it."""

    command: str
    about: str = ""
    usage: str = ""
    channel: str = ""


class Shortcut(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`name` is what stands in a message's menu."""

    name: str
    about: str = ""


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form's name, as its address has it."""

    form: str
    channel: str = ""


class Joined(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    channel: str = ""
    user: str = ""


class Archived(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    channel: str = ""


def at(channel: str) -> list[Filter]:
    """The filter for a channel by its id or name; none for every channel."""
    channel = channel.strip().lstrip("#")
    if not channel:
        return []
    return [Filter("event.object" if _ID.fullmatch(channel) else "channel_name", "=", channel)]


def command_name(command: str) -> str:
    """A command as it is typed and kept; Invalid where it is not one word with a slash before it."""
    name = command.strip().lower()
    if not _COMMAND.fullmatch(name):
        raise Invalid("A command is a word with a slash before it, such as /pitch.", field="command")
    return name


def _by(by: str) -> list[Filter]:
    return {"people": [Filter("by", "=", "user")], "bots": [Filter("by", "=", "bot")]}.get(by, [])


def _message(given: Message) -> list[Filter]:
    place = {"top": [Filter("thread_ts", "=", "")], "threads": [Filter("thread_ts", "!=", "")]}.get(given.where, [])
    words = [Filter("text", "contains", given.contains)] if given.contains else []
    outside = [Filter("external", "=", True)] if given.outsiders else []
    return [*at(given.channel), *_by(given.by), *place, *words, *outside]


def _mention(given: Mention) -> list[Filter]:
    named = Filter("mentions", "contains", given.of) if given.of else Filter("mentions_app", "=", True)
    return [named, *at(given.channel), *_by(given.by)]


def _reaction(given: Reaction) -> list[Filter]:
    emoji = given.emoji.strip().strip(":")
    if emoji and not _EMOJI.fullmatch(emoji):
        raise Invalid("`emoji` is the name of one, such as eyes.", field="emoji")
    named = [Filter("reaction", "=", emoji)] if emoji else []
    whose = [Filter("item_user", "=", given.author)] if given.author else []
    return [*named, *at(given.channel), *whose]


def _command(given: Command) -> list[Filter]:
    return [Filter("command", "=", command_name(given.command)), *at(given.channel)]


def _shortcut(given: Shortcut) -> list[Filter]:
    if not 1 <= len(given.name.strip()) <= 24:
        raise Invalid("`name` has 1 to 24 characters.", field="name")
    return [Filter("shortcut", "=", given.name.strip())]


def _form(given: Form) -> list[Filter]:
    return [Filter("form", "=", given.form), *at(given.channel)]


def _joined(given: Joined) -> list[Filter]:
    who = [Filter("user", "=", given.user)] if given.user else []
    return [Filter("kind", "=", "channel"), *at(given.channel), *who]


def _kind(
    name: str, ko: str, en: str, event: str, inputs: type[msgspec.Struct], where: Any, about_ko: str, about_en: str,
    **more: Any,
) -> TriggerKind:  # fmt: skip
    about = {"ko": about_ko, "en": about_en}
    return TriggerKind(f"channels.{name}", {"ko": ko, "en": en}, event, inputs, where, about, **more)


TRIGGERS: Sequence[TriggerKind] = [
    _kind(
        "message", "메시지가 올라오면", "A message is posted", events.POSTED, Message, _message,
        "채널, 들어 있는 말, 쓴 사람이 사람인지 봇인지로 고릅니다.",
        "Chosen by channel, by a word in it, and by whether a person or a bot wrote it.",
    ),
    _kind(
        "mention", "누가 언급되면", "Somebody is mentioned", events.POSTED, Mention, _mention,
        "어떤 사람이나 두레 앱이 메시지에서 @로 불리면 시작합니다.",
        "Somebody, or Dure's own app, is named with @ in a message.",
    ),
    _kind(
        "reaction", "반응이 달리면", "A reaction is added", events.REACTED, Reaction, _reaction,
        "메시지에 이모지가 달리면 시작합니다. 한 메시지에 한 번 또는 달릴 때마다.",
        "An emoji is put on a message: once for each message, or each time.",
        key=lambda given: "{{ event.object }}:{{ event.properties.ts }}" if given.once else "event",
    ),
    _kind(
        "command", "명령을 치면", "A slash command is typed", form_events.COMMAND, Command, _command,
        "/pitch 같은 명령을 만듭니다. 켜져 있는 동안 입력창의 완성 목록에 나오고, 친 글이 실행에 넘어갑니다.",
        "Makes a command such as /pitch. While it is on, the composer offers it, and what is typed after it goes to"
        " the run.",
    ),
    _kind(
        "shortcut", "메시지 메뉴에서 고르면", "Chosen from a message's menu", form_events.SHORTCUT, Shortcut,
        _shortcut, "메시지의 메뉴에 이 이름이 나오고, 고르면 그 메시지로 시작합니다.",
        "This name stands in the menu of every message; choosing it starts with that message.",
    ),
    _kind(
        "form", "양식에 답하면", "A form is answered", form_events.ANSWERED, Form, _form,
        "양식의 주소나 카드에서 누가 답을 보내면 시작합니다.", "Somebody sends a form, from its page or from a card.",
    ),
    _kind(
        "joined", "멤버가 들어오면", "Somebody joins a channel", events.JOINED, Joined, _joined,
        "채널에 사람이 들어오거나 초대되면 시작합니다.", "Somebody enters a channel or is brought in.",
    ),
    _kind(
        "archived", "채널이 보관되면", "A channel is archived", events.ARCHIVED, Archived,
        lambda given: at(given.channel),
        "채널이 보관되면 시작합니다.", "A channel is closed.",
    ),
]  # fmt: skip
