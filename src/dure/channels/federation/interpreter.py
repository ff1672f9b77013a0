"""Between one partner's ids and ours, within one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dure.channels.federation.model import Partner
from dure.channels.federation.refusals import BadEntry
from dure.channels.federation.store import names
from dure.channels.federation.wire import text
from dure.channels.rules import clean
from dure.governance.api import Governance, User, Workspace
from dure.state import Tx

_MOST_PEOPLE = 2000
NOBODY = "U0000000000"


class Interpreter:
    """`out` and `come` translate ids; what they may meet is looked up before, by `tell` and `learn`.

    What was looked up is kept until `forget`, which whoever takes back work in which it learnt something calls.
    """

    def __init__(self, tx: Tx, governance: Governance, partner: Partner) -> None:
        self._tx, self._governance, self.partner = tx, governance, partner
        self.forget()

    def forget(self) -> None:
        self._out: dict[str, str] = {}
        self._in: dict[str, str] = {}
        self._described: dict[str, Mapping[str, Any]] = {}  # what they are told of people who are not theirs
        self._told: dict[str, Mapping[str, Any]] = {}  # what was told of people of theirs
        self._known_spaces: dict[str, Workspace] | None = None
        self._first_team: str | None = None
        self.teams: dict[str, str] = {}  # the workspace of everybody who was looked up, by our ids
        self.own: set[str] = set()  # those of them who are of this server

    # -- to them ----------------------------------------------------------------------------------------------------

    async def tell(self, ids: Iterable[str]) -> dict[str, Any]:
        """Makes people ready to be named to the partner; what it must be told of those who are not its own."""
        wanted = list(dict.fromkeys(ids))
        new = [one for one in wanted if one not in self._out and one not in self._described]
        if new:
            theirs = await names.theirs_of(self._tx, self.partner.id, "person", new)
            self._out |= {ours: f"~{one}" for ours, one in theirs.items()}
            spaces = await self.spaces()
            for user in await self._governance.users_named_in(self._tx, [one for one in new if one not in theirs]):
                self._described[user.id] = self._description(user, spaces.get(user.workspace))
        return {one: self._described[one] for one in wanted if one in self._described}

    def out(self, id: str) -> str:
        return self._out.get(id, id)

    # -- from them --------------------------------------------------------------------------------------------------

    async def learn(self, told: Mapping[str, Any], named: Iterable[str]) -> None:
        """Makes everybody whom an entry names known here: its own people by what it tells of them, ours by their id."""
        if not isinstance(told, Mapping) or len(told) > _MOST_PEOPLE:
            raise BadEntry("`people` is an object of at most 2,000.", field="people")
        wanted = {str(one) for one in (*named, *told)} - self._in.keys()
        ours = [one[1:] for one in wanted if one.startswith("~")]
        if ours:
            spaces = await self.spaces()
            for user in await self._governance.users_named_in(self._tx, ours):
                space = spaces.get(user.workspace)
                if space is not None and not space.server and space.org == self.partner.org:
                    self._in[f"~{user.id}"] = user.id
                    self._know(user, own=True)
        theirs = [one for one in wanted if not one.startswith("~")]
        if theirs:
            known = await names.ours_of(self._tx, self.partner.id, "person", theirs)
            self._in |= known
            for user in await self._governance.users_named_in(self._tx, list(known.values())):
                self._know(user, own=False)
        for one, about in told.items():
            if not one.startswith("~") and isinstance(about, Mapping) and self._told.get(one) != about:
                await self._meet(one, about)
                self._told[one] = about

    def come(self, id: str) -> str:
        """Whom an id means here; one that was not told of is nobody."""
        return self._in.get(id, NOBODY)

    def person(self, id: str) -> str:
        """`come` for who acts: BadEntry for nobody."""
        found = self._in.get(id)
        if found is None:
            raise BadEntry(f"Nobody is known by {id}.", field="user")
        return found

    async def team(self, about: Mapping[str, Any]) -> str:
        """A workspace of theirs, made known here where it is new."""
        theirs = text(about, "id", 40)
        found = await names.ours(self._tx, self.partner.id, "team", theirs)
        if found is not None:
            return found
        name, org = str(clean(about.get("name", ""))) or theirs, self.partner.stranger
        strangers = self._governance.strangers
        if not about.get("own"):  # of a third organisation, whose word this is not
            org = await strangers.organisation_in(self._tx, f"{clean(about.get('org', ''))} · {self.partner.name}")
        domain = str(clean(about.get("domain", ""))) or "elsewhere"
        made = await strangers.workspace_in(self._tx, self.partner.id, org, name, domain)
        await names.keep(self._tx, self.partner.id, "team", theirs, made.id)
        self._known_spaces = self._first_team = None
        return made.id

    async def first_team(self) -> str:
        """The workspace of theirs under which this side's feed tells them something; "" while none is known."""
        if self._first_team is None:
            found = await names.all_of(self._tx, self.partner.id, "team")
            self._first_team = min(found.values(), default="")
        return self._first_team

    async def _meet(self, id: str, about: Mapping[str, Any]) -> None:
        name, display, title = (str(clean(about.get(part) or ""))[:80] for part in ("name", "display", "title"))
        strangers = self._governance.strangers
        known = self._in.get(id)
        if known is not None:
            await strangers.describe_in(self._tx, self.teams[known], known, name or "?", display, title)
            return
        about_team = about.get("team")
        if not isinstance(about_team, Mapping) or not 1 <= len(id) <= 40:
            raise BadEntry("A person is told with their team.", field="people")
        team = await self.team(about_team)
        made = await strangers.person_in(self._tx, team, name or "?", display, title)
        await names.keep(self._tx, self.partner.id, "person", id, made)
        self._in[id], self.teams[made] = made, team

    def _description(self, user: User, space: Workspace | None) -> Mapping[str, Any]:
        team = {"id": user.workspace, "name": "", "domain": "", "org": "", "own": False}
        if space is not None:
            team |= {"name": space.name, "domain": space.domain, "org": space.org_name}
            team["own"] = space.org == self.partner.org
        return {"name": user.name, "display": user.display, "title": user.title, "bot": user.is_bot, "team": team}

    def _know(self, user: User, *, own: bool) -> None:
        self.teams[user.id] = user.workspace
        if own:
            self.own.add(user.id)

    async def spaces(self) -> Mapping[str, Workspace]:
        """The workspaces that are known here, those of other servers too."""
        if self._known_spaces is None:
            found = await self._governance.workspaces_in(self._tx, elsewhere=True)
            self._known_spaces = {one.id: one for one in found}
        return self._known_spaces
