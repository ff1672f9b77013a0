"""Every method that is answered, and the scopes it needs: any one of those named."""

from __future__ import annotations

from collections.abc import Mapping

from dure.channels.slack import chat, conversations, people
from dure.channels.slack.call import Method

_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_MANAGE = ("channels:manage", "groups:write", "im:write", "mpim:write", "channels:write")
_INVITE = ("channels:write.invites", "groups:write.invites", *_MANAGE)
_JOIN = ("channels:join", "channels:write")
_OPEN = ("im:write", "mpim:write", "channels:manage", "groups:write")

METHODS: Mapping[str, Method] = {
    "auth.test": Method(people.auth_test),
    "bots.info": Method(people.bots_info, ("users:read",)),
    "chat.delete": Method(chat.delete, ("chat:write",)),
    "chat.getPermalink": Method(chat.get_permalink),
    "chat.postMessage": Method(chat.post_message, ("chat:write",)),
    "chat.update": Method(chat.update, ("chat:write",)),
    "conversations.archive": Method(conversations.archive, _MANAGE),
    "conversations.create": Method(conversations.create, _MANAGE),
    "conversations.history": Method(conversations.history, _HISTORY),
    "conversations.info": Method(conversations.info, _READ),
    "conversations.invite": Method(conversations.invite, _INVITE),
    "conversations.join": Method(conversations.join, _JOIN),
    "conversations.kick": Method(conversations.kick, _MANAGE),
    "conversations.leave": Method(conversations.leave, _MANAGE),
    "conversations.list": Method(conversations.list_, _READ),
    "conversations.mark": Method(conversations.mark, _MANAGE),
    "conversations.members": Method(conversations.members, _READ),
    "conversations.open": Method(conversations.open_, _OPEN),
    "conversations.rename": Method(conversations.rename, _MANAGE),
    "conversations.replies": Method(conversations.replies, _HISTORY),
    "conversations.setPurpose": Method(conversations.set_purpose, ("channels:write.topic", *_MANAGE)),
    "conversations.setTopic": Method(conversations.set_topic, ("channels:write.topic", *_MANAGE)),
    "conversations.unarchive": Method(conversations.unarchive, _MANAGE),
    "reactions.add": Method(chat.add_reaction, ("reactions:write",)),
    "reactions.get": Method(chat.get_reactions, ("reactions:read",)),
    "reactions.remove": Method(chat.remove_reaction, ("reactions:write",)),
    "team.info": Method(people.team_info, ("team:read",)),
    "users.conversations": Method(people.conversations, _READ),
    "users.info": Method(people.info, ("users:read",)),
    "users.list": Method(people.list_, ("users:read",)),
    "users.lookupByEmail": Method(people.lookup_by_email, ("users:read.email",)),
}

SCOPES: tuple[str, ...] = tuple(sorted({scope for method in METHODS.values() for scope in method.scopes}))
