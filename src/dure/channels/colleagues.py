"""Everything about employees in channels in one hand: what they say of themselves, who is there, what reaches them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dure.channels.groups.across import GroupsAcross
from dure.channels.groups.api import Groups
from dure.channels.notice.api import Notices
from dure.channels.presence.api import Presence
from dure.channels.profile.api import Profiles
from dure.channels.quiet.api import QuietHours
from dure.channels.reminders.api import Reminders
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.state import State

if TYPE_CHECKING:
    from dure.channels.api import Channels


class Colleagues:
    def __init__(self, state: State, clock: Clock, governance: Governance, channels: Channels) -> None:
        self.profiles = Profiles(state, clock, governance)
        self.presence = Presence(state, clock, channels)
        self.groups = Groups(state, clock, governance, channels)
        self.across = GroupsAcross(state, clock, governance, channels)
        self.quiet = QuietHours(state, clock, governance)
        self.reminders = Reminders(state, clock, governance, channels)
        self.notices = Notices(state, clock, channels)

    async def tick(self) -> None:
        """What comes of itself: people who went, statuses that end, reminders that are due. Any process may do it."""
        await self.presence.tick()
        await self.profiles.tick()
        await self.reminders.tick()
