"""What apps answer: at once, by acknowledging, or later at an address, a few times within half an hour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.interaction import store
from dure.channels.interaction.actions import Actions
from dure.channels.interaction.contact import digest
from dure.channels.interaction.model import REPLY_LASTS, REPLY_USES, ReplyAddress
from dure.channels.interaction.plugs import Whom
from dure.channels.interaction.refusals import ExpiredUrl, UsedUrl
from dure.channels.model import Draft, ts_of
from dure.channels.refusals import ChannelNotFound, NoText
from dure.channels.rules import check_draft
from dure.governance.api import Principal
from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant
from dure.state import Tx


class Replies(Actions):
    async def reply(self, workspace: str, number: str, secret: str, body: Any) -> None:
        """What an app posts to a `response_url`. Raises ExpiredUrl, UsedUrl, NoText and what posting raises."""
        if not isinstance(body, Mapping):
            raise Invalid("The answer is an object.", field="payload")
        async with self._state.begin(Tenant("", workspace)) as tx:
            found = await store.use_reply(tx, workspace, digest(f"{number}/{secret}"))
            if found is None or self._clock.now() - found.made_at > REPLY_LASTS:
                raise ExpiredUrl
            if found.used >= REPLY_USES:
                raise UsedUrl
            app = await self._installation(tx, Tenant(found.org, found.workspace), found.app)
            whom = Whom(found.team, found.channel, found.account, app.app, app.bot_user, app.workspace)
        await self._answer(self._as_app(app), whom, found, body)

    async def _answer(self, app: Principal, whom: Whom, at: ReplyAddress, body: Mapping[str, Any]) -> None:
        if body.get("delete_original") is True:
            await self._replace(app, whom, at, None)
        elif body.get("replace_original") is True and at.ts is not None:
            await self._replace(app, whom, at, draft_of(body))
        else:
            await self._say(app, whom, body, at.thread)

    async def _replace(self, app: Principal, whom: Whom, at: ReplyAddress, draft: Draft | None) -> None:
        """Another text for the message with which something was done, or none."""
        if at.ts is None:
            raise Invalid("There is no original message.", field="replace_original")
        if at.aside:
            async with self._state.begin(app.tenant) as tx:
                await self._asides.change(tx, whom, at.ts, draft)
        elif draft is None:
            await self._channels.delete(app, at.channel, at.ts)
        else:
            await self._channels.update(app, at.channel, at.ts, draft)

    async def _say(self, app: Principal, whom: Whom, body: Mapping[str, Any], thread: int | None) -> None:
        """Before everybody where the app asks for it and its bot may be there, else before the person alone."""
        everybody, named = body.get("response_type") == "in_channel", body.get("thread_ts")
        draft = draft_of(body, ts_of(named) if named else None if everybody else thread)
        if everybody:
            try:
                await self._channels.post(app, whom.channel, draft)
            except ChannelNotFound:  # a direct conversation of others: only whoever asked sees the answer
                pass
            else:
                return
        async with self._state.begin(app.tenant) as tx:
            await self._aside(tx, whom, draft)

    async def _aside(self, tx: Tx, whom: Whom, draft: Draft) -> None:
        await self._asides.say(tx, whom, check_draft(draft))


def draft_of(body: Mapping[str, Any], thread: int | None = None) -> Draft:
    """What an app says in an answer. Raises NoText where there is nothing in it."""
    text = body.get("text")
    text = text if isinstance(text, str) else ""
    blocks, attachments = (_list(body.get(name)) for name in ("blocks", "attachments"))
    if not text.strip() and not blocks and not attachments:
        raise NoText(field="text")
    metadata = body.get("metadata")
    return Draft(text, blocks, attachments, metadata if isinstance(metadata, dict) else None, thread)


def _list(value: Any) -> list[Any] | None:
    return value if isinstance(value, list) and value else None
