"""The scopes that methods ask for, in Slack's words; any one of a tuple is enough."""

from __future__ import annotations

READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
MANAGE = ("channels:manage", "groups:write", "im:write", "mpim:write", "channels:write")
INVITE = ("channels:write.invites", "groups:write.invites", *MANAGE)
TOPIC = ("channels:write.topic", *MANAGE)
JOIN = ("channels:join", "channels:write")
OPEN = ("im:write", "mpim:write", "channels:manage", "groups:write")
