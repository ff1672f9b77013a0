"""What a call says: text, blocks, attachments, metadata, and as whom; read for every method that says something."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from dure.channels.api import Draft
from dure.channels.slack.arguments import MissingScope, Refused
from dure.channels.slack.call import Call

CUSTOMIZE = "chat:write.customize"
_MARKDOWN = 12_000
_NAMED = re.compile(r"(?<![\w<&@#])([@#])([\w.\-]+)")


def draft(call: Call, **more: Any) -> Draft:
    """What is to be said. Refused by Slack's names for what contradicts itself."""
    arguments = call.arguments
    text, blocks = arguments.text("text"), arguments.structure("blocks", list)
    if markdown := arguments.text("markdown_text"):
        if text or blocks:
            raise Refused("markdown_text_conflict")
        if len(markdown) > _MARKDOWN:
            raise Refused("msg_too_long")
        text, blocks = markdown, [{"type": "markdown", "text": markdown}]
    return Draft(
        text, blocks, arguments.structure("attachments", list), arguments.structure("metadata", dict, empty=True),
        **more,
    )  # fmt: skip


def guise(call: Call) -> dict[str, Any]:
    """The name and picture that this one message is to have; for that a scope of its own is needed."""
    username, emoji, url = (call.arguments.text(name).strip() for name in ("username", "icon_emoji", "icon_url"))
    if not (username or emoji or url) or call.arguments.flag("as_user"):
        return {}
    if not {"*", CUSTOMIZE} & call.principal.scopes:
        raise MissingScope(CUSTOMIZE, ",".join(sorted(call.principal.scopes)))
    icons = {"emoji": emoji[:100]} if emoji else {"image_48": url[:3000]} if url.startswith("https://") else None
    return {"username": username, "icons": icons}


async def target(call: Call) -> str:
    """The id of the conversation that `channel` names by id or name, or of that with a person, opened if need be.

    What looks like a channel's id is not looked up: whoever uses it finds out whether there is one.
    """
    named = call.arguments.needed("channel", "channel_not_found")
    if len(named) > 8 and named.isalnum() and named.isupper():
        if named[0] in "UW":
            return (await call.channels.open_direct(call.principal, [named]))[0].id
        if named[0] in "CDG":
            return named
    return (await call.channels.info(call.principal, named)).id


async def linked(call: Call, text: str) -> str:
    """`link_names`: `@joon` and `#launch` become mentions where there is such a person or channel."""
    wanted = call.arguments.flag("link_names") or call.arguments.text("parse") == "full"
    found = set(_NAMED.findall(text)) if wanted else set()
    if not found:
        return text
    known: dict[tuple[str, str], str] = {}
    if any(sign == "@" for sign, _ in found):
        for user in await call.channels.people_of(call.principal):
            for name in (user.email.partition("@")[0], user.name.lower().replace(" ", "."), user.display):
                if name and not user.deleted:
                    known.setdefault(("@", name.lower()), f"<@{user.id}>")
        known |= {("@", name): f"<!{name}>" for name in ("here", "channel", "everyone")}
    if any(sign == "#" for sign, _ in found):
        for room in await call.channels.listed(call.principal, kinds=("public_channel",)):
            known[("#", room.name)] = f"<#{room.id}|{room.name}>"
    return _NAMED.sub(lambda m: known.get((m[1], m[2].lower()), m[0]), text)


def warnings(said: Draft, given: Collection[str] = ()) -> dict[str, Any]:
    """Slack warns of blocks without a text, which notifications and screen readers need."""
    told = [*given, *(["missing_text_in_message"] if said.blocks and not said.text.strip() else [])]
    return {"warning": ",".join(told), "response_metadata": {"warnings": told}} if told else {}
