"""A channel offered by a link: made here or sent by letter, opened by somebody of the partner on their own server.

The link leads to the partner's server, where one signs in as always; who it is that opens it, and whether they may
accept, is that server's to say. The secret in it is known to nobody but whom the inviter gave it to: the servers tell
each other its hash.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape

import structlog

from dure.channels.api import Channels
from dure.channels.connect import store as invites
from dure.channels.connect.inviting import no_guest
from dure.channels.federation import sharing
from dure.channels.federation.refusals import LinkNotKnown, PartnershipEnded
from dure.channels.federation.store import links, names, partners
from dure.channels.model import Share
from dure.channels.notice.plugs import Postman
from dure.channels.store import conversations
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.state import State

log = structlog.get_logger("dure.channels.federation")

PATH = "/invited/"
_TRIES = 10
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Offered:
    """What was offered; `link` leads to the partner's server, `state` is `requested` where an administrator of here has
    to let it go first."""

    invite: str
    state: str
    expires_at: datetime
    link: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """An invitation as who opened its link sees it before accepting."""

    channel: str
    name: str
    purpose: str
    org: str
    inviter: str
    email: str
    limited: bool
    state: str
    expires_at: datetime


class Links:
    """`Links(state, clock, governance, channels)`; `postman` and `site` are given where letters can be sent."""

    def __init__(self, state: State, clock: Clock, governance: Governance, channels: Channels) -> None:
        self._state, self._clock, self._governance, self._channels = state, clock, governance, channels
        self.postman: Postman | None = None

    async def offer(
        self, principal: Principal, channel: str, partner: str, email: str, *, limited: bool = False, link: bool = False
    ) -> Offered:
        """Offers a channel to somebody of a partner, by their e-mail there; without one, and without a link, to all
        their workspaces. With `link` whoever has it may open it there; with an e-mail too it goes there by letter."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = sharing.own(await partners.find(tx, partner), principal)
            if found.state != "active":
                raise PartnershipEnded
            spaces = {one.id: one for one in await self._governance.workspaces_in(tx, elsewhere=True)}
            teams = (await names.all_of(tx, partner, "team")).values()
            targets = [spaces[one] for one in teams if one in spaces and spaces[one].org == found.stranger]
            made = await self._channels._invite(
                tx, principal, channel, targets, email=email.strip(), limited=limited, approved=True
            )
            address = ""
            if link:
                by_letter = bool(made.to_email) and self.postman is not None
                secret = await links.make(tx, partner, made.id, self._clock.now(), by_letter=by_letter)
                address = f"{found.address}{PATH}{secret}"
        return Offered(made.id, made.state, made.expires_at, address)

    async def open(self, principal: Principal, secret: str) -> Opened:
        """Opens a link on this side: from now on the caller's workspace has the offer. Raises LinkNotKnown."""
        access(principal, "channels:write")
        no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            known = await links.opened(tx, principal.tenant.org, secret)
            seen = await invites.find(tx, known) if known else None
            if seen is None:
                raise LinkNotKnown
            await conversations.lock(tx, seen.workspace, seen.channel)
            invite = await invites.find(tx, seen.id)
            if invite is None or invite.org == principal.tenant.org:
                raise LinkNotKnown
            found = await conversations.find_home(tx, invite.channel)
            now, mine = self._clock.now(), principal.tenant.workspace
            # Read before: asked again, it shows what became of it, to those who were asked.
            if mine not in invite.targets:
                if invite.at(now) != "sent":
                    raise LinkNotKnown
                invite = replace(invite, targets=(*invite.targets, mine), changed_at=now)
                await invites.put(tx, invite)
                if not any(one.workspace == mine and one.state == "connected" for one in found.shares):
                    share = Share(invite.channel, mine, principal.tenant.org, False, "", found.home.private, False,
                                  "invited", invite.inviter)  # fmt: skip
                    await conversations.add_share(tx, share, now)
                await sharing.offered(tx, self._clock, invite, [mine])
            space = await self._governance.workspace_in(tx, invite.workspace)
            people = await self._governance.users_named_in(tx, [invite.inviter])
        return Opened(
            invite.channel, found.home.name, found.purpose, space.org_name, people[0].name if people else "",
            invite.to_email, invite.limited, invite.at(now), invite.expires_at,
        )  # fmt: skip

    async def tick(self) -> None:
        """Sends the letters that wait, of invitations that nobody has to let go any more."""
        async with self._state.begin_system() as tx:
            await links.forget(tx, self._clock.now() - _KEPT)
        if self.postman is None:
            return
        while await self._letter(self.postman):
            pass

    async def _letter(self, postman: Postman) -> bool:
        """One letter; whether another may be sent now."""
        async with self._state.begin_system() as tx:
            waits = await links.letter(tx)
            if waits is None:
                return False
            invite, partner = await invites.find(tx, waits["invite"]), await partners.find(tx, waits["partner"])
            assert invite is not None  # noqa: S101
            assert partner is not None  # noqa: S101
            found = await conversations.find_home(tx, invite.channel)
            space = await self._governance.workspace_in(tx, invite.workspace)
            link = f"{partner.address}{PATH}{waits['secret']}"
            subject, text, html = letter(found.home.name, space.org_name, link)
            fate = await postman.send(
                invite.to_email, subject, text, html, {"Auto-Submitted": "auto-generated"}, f"link-{waits['hash']}"
            )
            await links.tried(tx, waits["hash"], over=fate != "again" or waits["tries"] + 1 >= _TRIES)
        log.info("federation.letter", invite=invite.id, fate=fate)
        return fate != "again"


def letter(channel: str, org: str, link: str) -> tuple[str, str, str]:
    """The subject, the text and the page of a letter, in Korean and English: which of them is read is not known."""
    subject = f"{org}: #{channel}"
    lines = [
        f"{org}에서 #{channel} 채널을 함께 쓰자고 초대했습니다. 회사의 Dure에서 열어 수락하세요.",
        f"{org} invites you to share the channel #{channel}. Open it on your company's Dure and accept there.",
    ]
    text = "\n\n".join([*lines, link])
    shown = "".join(f"<p>{escape(one)}</p>" for one in lines)
    return subject, text, f'{shown}<p><a href="{escape(link)}">{escape(link)}</a></p>'
