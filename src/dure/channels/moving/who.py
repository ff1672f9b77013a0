"""Who the people of an export are here: found by their e-mail, by an import before, by somebody's word, or made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dure.channels.moving import store
from dure.channels.moving.model import Choices, Person
from dure.governance.api import Arrival, Governance, Principal, User
from dure.state import Tx

APP = "Slack"
_NOBODY = ""  # under this name the bot is kept that speaks for all bots of Slack
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Author:
    """An account, and whose bot it is. `called` is what a bot without an account of its own was called."""

    user: str
    app: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True)
class Authors:
    """By their ids in Slack. `bot` speaks for whoever is nobody here."""

    known: Mapping[str, Author]
    bot: Author

    def of(self, theirs: str, username: str) -> tuple[Author, str]:
        """Who it is, and under which name a bot speaks."""
        found = self.known.get(theirs)
        if found is None:
            return self.bot, username or theirs
        return found, (username or found.called) if found.app else ""

    @property
    def people(self) -> dict[str, str]:
        """Those who can be named: a bot of Slack that has no account here cannot."""
        return {theirs: one.user for theirs, one in self.known.items() if one.user != self.bot.user}


async def matched(tx: Tx, governance: Governance, principal: Principal, people: Sequence[Person]) -> list[Person]:
    """The same people with who they are here, where that is known."""
    users = await governance.users_in(tx, principal.tenant)
    before = await store.names(tx, principal.tenant.workspace, "person")
    there = {user.id for user in users}
    by_email = {user.email.lower(): user.id for user in users if user.email}
    bots = {user.name.lower(): user.id for user in users if user.is_bot and user.name != APP}
    ours = before.get(_NOBODY, "")

    def of(one: Person) -> Person:
        if (known := before.get(one.id, "")) in there and known != ours:
            return replace(one, match=known, how="known")
        if one.kind == "bot":
            bot = bots.get(one.name.lower(), "")
            return replace(one, match=bot, how="bot" if bot else "")
        user = by_email.get(one.email, "") if one.email else ""
        return replace(one, match=user, how="email" if user else "")

    return [of(one) for one in people]


async def settled(
    tx: Tx, governance: Governance, principal: Principal, people: Sequence[Person], choices: Choices
) -> Authors:
    """Everybody of an export as an account. Whoever has none gets one; what was settled before stays."""
    workspace = principal.tenant.workspace
    people = [
        replace(one, match=choices.match.get(one.id, one.match))
        for one in await matched(tx, governance, principal, people)
    ]  # fmt: skip
    bot = await _bot(tx, governance, principal)
    found = {one.id: one.match for one in people if one.match}
    new = [one for one in people if not one.match and one.kind != "bot"]
    for start in range(0, len(new), _AT_ONCE):
        part = new[start : start + _AT_ONCE]
        for active in (True, False):
            some = [one for one in part if _active(one, choices) is active]
            arrivals = [Arrival(one.name, one.email, one.display, one.title, one.kind != "person") for one in some]
            made = await governance.arrivals.add_in(tx, principal, arrivals, active=active) if some else []
            found |= {one.id: user for one, user in zip(some, made, strict=True)}
    await store.keep_names(tx, workspace, "person", found)
    users = {user.id: user for user in await governance.users_in(tx, principal.tenant)}
    known = {theirs: _author(users[ours]) for theirs, ours in found.items() if ours in users}
    known |= {one.id: replace(bot, called=one.name) for one in people if one.kind == "bot" and one.id not in known}
    return Authors(known, bot)


def _active(one: Person, choices: Choices) -> bool:
    return choices.people == "active" and bool(one.email) and not one.gone and one.kind in ("person", "guest")


def _author(user: User) -> Author:
    return Author(user.id, user.app)


async def _bot(tx: Tx, governance: Governance, principal: Principal) -> Author:
    users = {user.id: user for user in await governance.users_in(tx, principal.tenant)}
    known = (await store.names(tx, principal.tenant.workspace, "person")).get(_NOBODY)
    if known is None or known not in users:
        app = await governance.register_app_in(tx, principal, APP)
        known = await governance.seat_bot_in(tx, principal.tenant, app, APP)
        await store.keep_names(tx, principal.tenant.workspace, "person", {_NOBODY: known})
        return Author(known, app)
    return _author(users[known])
