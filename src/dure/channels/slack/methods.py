"""Every method that is answered: each file of methods brings its own table."""

from __future__ import annotations

from collections.abc import Mapping

from dure.channels.slack import (
    admin_apps,
    admin_barriers,
    admin_conversations,
    admin_roles,
    admin_sessions,
    admin_teams,
    admin_usergroups,
    admin_users,
    apps,
    blocks,
    canvases,
    chat,
    connect,
    conversations,
    emoji,
    files,
    functions,
    openid,
    people,
    pins,
    profiles,
    quiet,
    reactions,
    reminders,
    remote_files,
    retention,
    scheduled,
    search,
    sockets,
    teams,
    unfurls,
    usergroups,
    views,
)
from dure.channels.slack.call import Method
from dure.channels.slack.content import CUSTOMIZE


def _all(*tables: Mapping[str, Method]) -> Mapping[str, Method]:
    methods = {name: method for table in tables for name, method in table.items()}
    if len(methods) != sum(map(len, tables)):
        raise ValueError("A method is answered twice.")
    return methods


METHODS = _all(
    admin_apps.METHODS, admin_users.METHODS, admin_sessions.METHODS, admin_roles.METHODS,
    apps.METHODS, blocks.METHODS, chat.METHODS, conversations.METHODS, emoji.METHODS, people.METHODS, pins.METHODS,
    reactions.METHODS, scheduled.METHODS, files.METHODS, remote_files.METHODS, canvases.METHODS,
    functions.METHODS, openid.METHODS, unfurls.METHODS, views.METHODS, connect.METHODS, profiles.METHODS, quiet.METHODS,
    reminders.METHODS, search.METHODS, sockets.METHODS, teams.METHODS, usergroups.METHODS,
    admin_barriers.METHODS, admin_conversations.METHODS, admin_teams.METHODS, admin_usergroups.METHODS,
    retention.METHODS,
)  # fmt: skip

# What a token with every scope holds; an app's own token has scopes of its own.
_OF_PEOPLE = {scope for method in METHODS.values() if "app" not in method.by for scope in method.scopes}
SCOPES: tuple[str, ...] = tuple(sorted({CUSTOMIZE, *_OF_PEOPLE}))
