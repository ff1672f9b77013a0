"""Notices with the names and words that a push or a letter shows, as the person themself may see them."""

from __future__ import annotations

from collections.abc import Sequence

from dure.channels.notice.model import Notice
from dure.channels.notice.wording import Line, spoken
from dure.channels.rules import plain
from dure.channels.store import conversations, messages
from dure.governance.api import Governance, User
from dure.kernel.tenant import Tenant
from dure.state import Tx


async def lines_of(tx: Tx, governance: Governance, notices: Sequence[Notice]) -> list[Line]:
    """The notices that still stand: whoever left the conversation, or whose message is gone, is told nothing."""
    made, names = [], await _names(tx, governance, notices)
    for one in notices:
        found = await conversations.find(tx, one.workspace, one.account, one.channel)
        message = await messages.find(tx, one.channel, one.ts)
        if found is None or not found.is_member or message is None or message.deleted:
            continue
        author = message.username or names.get(one.author, one.author)
        channel = found.name if found.kind == "channel" else ""
        made.append(Line(one, author, channel, spoken(plain(message.text, message.blocks), names)))
    return made


async def people_of(tx: Tx, governance: Governance, workspace: str) -> dict[str, User]:
    return {user.id: user for user in await governance.users_in(tx, Tenant("", workspace))}


async def _names(tx: Tx, governance: Governance, notices: Sequence[Notice]) -> dict[str, str]:
    """Everybody's name in the workspaces that the notices' conversations belong to."""
    spaces = {one.workspace for one in notices}
    for channel in {one.channel for one in notices}:
        home = await conversations.find_home(tx, channel)
        spaces |= {share.workspace for share in home.shares}
    return {
        user.id: user.display or user.name
        for space in sorted(spaces) for user in (await people_of(tx, governance, space)).values()
    }  # fmt: skip
