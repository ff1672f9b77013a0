"""How often Slack lets an app call each method, and which methods Slack has put away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tier:
    """Calls a minute, and how many may come at once.

    `by` is an argument of which each value is counted alone; `most` is how many times Slack's numbers are allowed,
    however generous a server is.
    """

    a_minute: int
    at_once: int
    by: str = ""
    most: float = float("inf")


# A tier-1 call may come a few times at once: one of Slack's own socket clients opens twice to connect.
T1, T2, T3, T4 = Tier(1, 6), Tier(20, 20), Tier(50, 50), Tier(100, 100)
OFTEN = Tier(600, 600)
# Everybody, again and again: what a program does that has run away.
EVERYBODY = Tier(20, 20, most=30)
# One message a second in a channel, with a little more at once.
POSTING = Tier(60, 5, by="channel")

_SECOND = """
conversations.create conversations.list conversations.archive conversations.unarchive conversations.rename
conversations.close conversations.setTopic conversations.setPurpose conversations.inviteShared
conversations.externalInvitePermissions.set pins.add pins.list pins.remove reactions.list reactions.remove
search.all search.files search.messages usergroups.create usergroups.disable usergroups.enable usergroups.list
usergroups.update usergroups.users.list usergroups.users.update users.conversations users.setPresence
emoji.list bookmarks.add bookmarks.edit bookmarks.remove reminders.add reminders.complete reminders.delete
reminders.info reminders.list dnd.endDnd dnd.endSnooze dnd.setSnooze dnd.teamInfo team.accessLogs team.integrationLogs
files.remote.add files.remote.info files.remote.list files.remote.remove files.remote.share files.remote.update
auth.teams.list team.externalTeams.list
"""
_FIRST = """
apps.connections.open conversations.acceptSharedInvite conversations.approveSharedInvite
conversations.declineSharedInvite conversations.listConnectInvites team.externalTeams.disconnect
apps.manifest.create apps.manifest.delete apps.manifest.export apps.manifest.update
"""
_FOURTH = """
conversations.members users.info users.profile.get files.info files.getUploadURLExternal files.completeUploadExternal
views.open views.push views.update views.publish chat.postEphemeral oauth.v2.access api.test users.identity
functions.completeSuccess functions.completeError apps.event.authorizations.list
"""
TIERS: Mapping[str, Tier] = {
    **dict.fromkeys(_FIRST.split(), T1),
    **dict.fromkeys(_SECOND.split(), T2),
    **dict.fromkeys(_FOURTH.split(), T4),
    "auth.test": OFTEN,
    "chat.getPermalink": OFTEN,
    "chat.postMessage": POSTING,
    "users.list": EVERYBODY,
}


def tier_of(method: str) -> Tier:
    """A method's tier; administrators' methods are of the second, what is not named of the third."""
    return TIERS.get(method) or (T2 if method.startswith("admin.") else T3)


# What Slack once had: whole families, and single methods.
_GONE_FAMILIES = ("channels.", "groups.", "im.", "mpim.", "rtm.", "stars.", "files.comments.")
_GONE = frozenset(
    {
        "dialog.open", "files.upload", "oauth.access", "oauth.token", "users.setActive", "users.admin.invite",
        "workflows.stepCompleted", "workflows.stepFailed", "workflows.updateStep",
    }
)  # fmt: skip


def is_deprecated(method: str) -> bool:
    return method in _GONE or method.startswith(_GONE_FAMILIES)
