"""What somebody sees of a shared channel: one table of who looks × how the channel stands with their side → what.

`ROWS` is asked by the checks themselves: `rules.may_read` asks it of a conversation, Slack's and Dure's shapes of a
person. `DOORS` says for every method and route that could reveal something which of the kinds it shows; a test walks
all of it at the real doors and looks in each answer for what must be there and for what must not.

Whose rule holds, where the sides differ: each side names the channel, keeps it open or private and archives it for
itself; a message is changed and deleted by its sender's organisation and kept as long as that one's rules say, but for
those of a side that may only write, for which the home's rules hold; a side exports what is said, who said it and its
own files, not the others' files and not the list of their members.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from dure.channels.model import Conversation
from dure.governance.model import Principal, Role, User

Sight = Literal["whole", "reduced", "nothing"]
Kind = Literal["room", "person", "live", "file", "directory"]
"""room: that it is there, what is said, pinned, bookmarked and written in its page. person: somebody of another side
who is in it. live: their presence, typing, and what happens as it happens. file: one of another side, carried there.
directory: another side's people, groups and emoji beyond those who are met."""
Standing = Literal["open", "private", "archived", "pending", "gone"]
"""How the channel stands with the looker's side: connected and open, private or archived there; not connected yet;
disconnected."""
Looker = Literal[
    "member", "guest", "guest_of_one", "colleague", "administrator", "guest_outside", "app", "app_outside", "post_only",
    "post_only_outside", "post_only_app", "system", "stranger",
]  # fmt: skip
"""Who looks, of a side's own: who is in it, a guest of several channels who is, a guest of this one channel alone, who
is not in it, an owner or administrator who is not, a guest who is not, an app that is in it or not; of a side that may
only write: who is in it, anybody else, an app; the server itself; and whose organisation is no side (a third one,
another server)."""

W, R, N = "whole", "reduced", "nothing"
_KINDS: tuple[Kind, ...] = get_args(Kind)
_STANDINGS: tuple[Standing, ...] = get_args(Standing)


def _row(**sights: str) -> Mapping[Kind, Mapping[Standing, Sight]]:
    """A letter for each standing in order: w, r, n."""
    letters: Mapping[str, Sight] = {"w": W, "r": R, "n": N}  # type: ignore[dict-item]
    return {kind: dict(zip(_STANDINGS, (letters[one] for one in sights[kind]), strict=True)) for kind in _KINDS}


# Each word: open, private, archived, pending, gone. A person of another side is never whole: no e-mail, no phone, no
# fields. Where a side kept a copy, `gone` is what the copy shows: `room` of it is answered as for an archived one.
_IN = {"person": "rrrnr", "live": "wwwnn", "file": "wwwnn", "directory": "nnnnn"}
_OUT = {"person": "nnnnn", "live": "wnwnn", "file": "wnwnn", "directory": "nnnnn"}
_NOT = {"person": "nnnnn", "live": "nnnnn", "file": "nnnnn", "directory": "nnnnn"}
ROWS: Mapping[Looker, Mapping[Kind, Mapping[Standing, Sight]]] = {
    "member": _row(room="wwwnw", **_IN),
    "guest": _row(room="wwwnw", **_IN),
    "guest_of_one": _row(room="wwwnw", **_IN),
    "app": _row(room="wwwnw", **_IN),
    "post_only": _row(room="wwwnn", **{**_IN, "person": "rrrnn"}),
    "colleague": _row(room="wnwnw", **_OUT),
    "administrator": _row(room="wnwnw", **_OUT),
    "app_outside": _row(room="wnwnw", **_OUT),
    "guest_outside": _row(room="nnnnn", **_NOT),
    "post_only_outside": _row(room="nnnnn", **_NOT),
    "post_only_app": _row(room="nnnnn", **_NOT),
    "system": _row(room="wwwnw", **_IN),
    "stranger": _row(room="nnnnn", **_NOT),
}
# The home's own side: it is there before anybody is connected, and goes on after.
HOME: Mapping[Looker, Mapping[Kind, Mapping[Standing, Sight]]] = {
    **ROWS,
    "member": _row(room="wwwww", **_IN),
    "guest": _row(room="wwwww", **_IN),
    "guest_of_one": _row(room="wwwww", **_IN),
    "app": _row(room="wwwww", **_IN),
    "colleague": _row(room="wnwww", **_OUT),
    "administrator": _row(room="wnwww", **_OUT),
    "app_outside": _row(room="wnwww", **_OUT),
    "system": _row(room="wwwww", **_IN),
}

Use = Literal["own", "theirs"]
"""With whose app somebody wants to do something here (press, choose, run a command or a shortcut, answer a card): one
of their own side, or another side's."""


def _uses(own: str, theirs: str) -> Mapping[Use, Mapping[Standing, bool]]:
    """A letter for each standing in order: y, n."""
    words: Mapping[Use, str] = {"own": own, "theirs": theirs}
    return {use: dict(zip(_STANDINGS, (one == "y" for one in words[use]), strict=True)) for use in words}


# Who may only write uses no apps at all, and in what was kept of a channel nothing answers any more. An app's side that
# is gone hears nothing. Programs press nothing.
USES: Mapping[Looker, Mapping[Use, Mapping[Standing, bool]]] = {
    **dict.fromkeys(get_args(Looker), _uses("nnnnn", "nnnnn")),
    **dict.fromkeys(("member", "guest", "guest_of_one"), _uses("yyynn", "yyynn")),
    **dict.fromkeys(("colleague", "administrator"), _uses("ynynn", "ynynn")),
}
HOME_USES: Mapping[Looker, Mapping[Use, Mapping[Standing, bool]]] = {
    **USES,
    **dict.fromkeys(("member", "guest", "guest_of_one"), _uses("yyyyy", "yyynn")),
    **dict.fromkeys(("colleague", "administrator"), _uses("ynyyy", "ynynn")),
}

# What of a person another side has; a test holds that the shapes agree.
REDUCED_PERSON = frozenset({"email", "phone", "fields", "is_admin", "is_owner", "is_primary_owner", "is_restricted",
                            "is_ultra_restricted"})  # fmt: skip
"""What is left out of a person of another side; `is_stranger` says so."""

DOORS: Mapping[str, tuple[Kind, ...]] = {
    # Slack's methods
    "conversations.info": ("room",),
    "conversations.list": ("room",),
    "conversations.history": ("room", "file"),
    "conversations.replies": ("room",),
    "conversations.members": ("room",),
    "users.conversations": ("room",),
    "users.info": ("person",),
    "users.profile.get": ("person",),
    "users.getPresence": ("live",),
    "dnd.info": ("live",),
    "users.list": ("directory",),
    "users.lookupByEmail": ("directory",),
    "usergroups.list": ("directory",),
    "emoji.list": ("directory",),
    "search.messages": ("room",),
    "search.files": ("file",),
    "search.all": ("room", "file"),
    "files.info": ("file",),
    "files.list": ("file",),
    "reactions.get": ("room",),
    "reactions.list": ("room",),
    "pins.list": ("room",),
    "bookmarks.list": ("room",),
    "chat.getPermalink": ("room",),
    "canvases.sections.lookup": ("room",),
    # Files' own addresses
    "file bytes": ("file",),
    "file download": ("file",),
    "file thumbnail": ("file",),
    # Dure's own routes
    "GET /channels": ("room",),
    "GET /channels/{channel}": ("room",),
    "GET /channels/{channel}/messages": ("room", "file"),
    "GET /channels/{channel}/messages/{ts}": ("room",),
    "GET /channels/{channel}/threads/{ts}": ("room",),
    "GET /channels/{channel}/members": ("room",),
    "GET /channels/{channel}/pins": ("room",),
    "GET /channels/{channel}/bookmarks": ("room",),
    "GET /channels/{channel}/files": ("file",),
    "GET /channels/{channel}/page": ("room",),
    "GET /channels/{channel}/page/versions": ("room",),
    "GET /channels/{channel}/responses": ("room",),
    "GET /threads": ("room",),
    "GET /channels/profiles": ("live",),
    "GET /channels/people": ("directory",),
    "GET /search": ("room",),
    "GET /search of people": ("directory",),
    "GET /search of channels": ("room",),
    "GET /search of files": ("file",),
    "dnd.teamInfo": ("live",),
    "GET /usergroups": ("directory",),
    "GET /emoji": ("directory",),
    # Who invites to what, and under which name, is seen by who is invited
    "conversations.listConnectInvites": ("directory",),
    "GET /channels/offers": ("directory",),
    "GET /channels/connections": ("directory",),
    # What comes by itself
    "socket": ("live",),
    "presence socket": ("live",),
    "events api": ("live",),
    "notices": ("live",),
}


def looker(principal: Principal, conversation: Conversation) -> Looker:
    """Who somebody is to a conversation that their side is connected to."""
    limited, inside = conversation.side.limited, conversation.is_member
    if conversation.kind != "channel" and not inside:
        return "guest_outside"
    if principal.kind == "system":
        return "system"
    if principal.kind != "user":
        return "post_only_app" if limited else "app" if inside else "app_outside"
    if inside:
        guest: Looker = "guest_of_one" if principal.guest == "single" else "guest"
        return "post_only" if limited else guest if principal.role is Role.GUEST else "member"
    if limited:
        return "post_only_outside"
    if principal.role is Role.GUEST:
        return "guest_outside"
    return "administrator" if principal.role in (Role.OWNER, Role.ADMIN) else "colleague"


def standing(conversation: Conversation) -> Standing:
    """How a conversation that one's side is connected to stands with it; a private one stays private when archived."""
    if conversation.private:
        return "private"
    return "archived" if conversation.side.archived else "open"


def sees(principal: Principal, conversation: Conversation, kind: Kind = "room") -> Sight:
    """What somebody sees of a conversation that their side is connected to."""
    row = HOME if conversation.side.home else ROWS
    return row[looker(principal, conversation)][kind][standing(conversation)]


def may_use(principal: Principal, conversation: Conversation, team: str) -> bool:
    """Whether somebody may do something with an app of the workspace `team` in a conversation that they see."""
    own = conversation.org_of(team) == conversation.side.org
    there = any(side.workspace == team for side in conversation.connected)
    row = (HOME_USES if conversation.side.home and not conversation.copy_of else USES)[looker(principal, conversation)]
    over = bool(conversation.copy_of) or not (own or there)
    return row["own" if own else "theirs"]["gone" if over else standing(conversation)]


def of_person(principal: Principal, found: User) -> Sight:
    """How much is shown of somebody whom the looker may know: all within a workspace, what everybody may see beyond."""
    return W if found.workspace == principal.tenant.workspace else R  # type: ignore[return-value]
