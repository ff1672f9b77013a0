"""The end of a partnership, from whichever side it comes."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from dure.channels import events as channel_events
from dure.channels.api import Channels
from dure.channels.connect import store as invites
from dure.channels.federation import events
from dure.channels.federation.model import Partner
from dure.channels.federation.store import names, partners, requests
from dure.channels.store import conversations
from dure.feed.api import append
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.state import Tx


async def ended(
    tx: Tx, clock: Clock, channels: Channels, governance: Governance, partner: Partner, by: Literal["we", "they"],
    actor: str = "",
) -> None:  # fmt: skip
    """Every channel that was shared is so no more, what waits is refused, and nothing is sent or taken any more."""
    now = clock.now()
    for channel in dict.fromkeys(one for one, _, _ in await names.shared_with(tx, partner.id)):
        await conversations.lock(tx, channel)
        found = await conversations.find_home(tx, channel)
        for invite in await invites.open_of(tx, channel):
            if found.elsewhere or any(
                one.server == partner.id and one.workspace in invite.targets for one in found.shares
            ):
                await invites.put(tx, replace(invite, state="revoked", changed_at=now))
        # Where the home is there, our side ends; where it is here, theirs does.
        leaving = [one for one in found.shares if (not one.server if found.elsewhere else one.server == partner.id)]
        for share in leaving:
            if share.state == "connected":
                who = governance.system(found.home.tenant if not found.elsewhere else share.tenant, "federation")
                told = {"workspace_left": share.workspace}
                await channels.tell(tx, who, found, channel_events.UNSHARED, told)
                await conversations.remove_members_of(tx, channel, share.workspace)
            if share.state in ("connected", "invited"):
                await conversations.add_share(tx, replace(share, state="disconnected"), now)
    why = "The partnership was ended."
    await requests.give_up(tx, partner.id, why, now)
    await partners.end(tx, partner.id, now)
    await append(tx, events.partner_event(clock, partner, events.ENDED, actor, {"by": by}))
