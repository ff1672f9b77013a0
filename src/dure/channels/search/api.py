"""Search's entrance. Whoever asks sees what they may read at that moment, and nothing is told of the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from dure.channels.api import Channels, Conversation
from dure.channels.model import ts_at
from dure.channels.retention.model import EVERYTHING
from dure.channels.rules import clean
from dure.channels.search.lit import snippet
from dure.channels.search.model import Carried, Files, FoundFile, Hit, Neighbour, Page, Sort
from dure.channels.search.names import Known, look_up
from dure.channels.search.query import LONGEST, Query, parse
from dure.channels.search.said import Said, at_mark, plain
from dure.channels.search.score import score
from dure.channels.search.slices import plan
from dure.channels.store import found as found_store
from dure.channels.store import search as store
from dure.channels.store.indexed import Place
from dure.channels.store.search import Readable, Sought
from dure.governance.api import Governance, Principal, Role, User, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotAllowed
from dure.kernel.folding import fold, fold_name
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

# So many of what fits are counted and weighed; there may be more.
COUNTED = 1_000
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)")
# Slack's scopes for searching, and what each opens.
_SCOPES = {
    "search:read.public": "public", "search:read.private": "private", "search:read.im": "im",
    "search:read.mpim": "mpim",
}  # fmt: skip
_EVERY_KIND = frozenset(_SCOPES.values())


class Search:
    def __init__(self, state: State, clock: Clock, governance: Governance, channels: Channels) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._channels = channels

    async def messages(
        self, principal: Principal, text: str, *, sort: Sort = "timestamp", oldest_first: bool = False,
        limit: int = 20, skip: int = 0, after: Place | None = None, neighbours: bool = False,
    ) -> Page:  # fmt: skip
        """Messages that fit, the newest or the best first. A page begins at `skip` or after a place."""
        kinds = _may_search(principal)
        query = await self.read(principal, text)
        if not query.asks:
            return Page(query)
        async with self._state.begin(principal.tenant) as tx:
            await store.look_steadily(tx)
            rooms = await self._readable(tx, principal, kinds)
            sought, unknown = await self._sought(tx, principal, query, rooms)
            if unknown or not sought.channels:
                return Page(query, unknown=unknown)
            most, weighed = max(COUNTED, skip + limit) + 1, sort == "score"
            show = most if weighed else skip + limit
            found, fitting = await self._find(tx, sought, rooms, after, most, show, oldest_first and not weighed)
            if weighed:
                found = self._weighed(found, sought.wants, oldest_first)
            shown = [place for place, _ in found[skip : skip + limit]]
            hits = await self._hits(tx, shown, rooms, query, sought, neighbours)
            people = await self._met(tx, principal, _named_in(hits), {channel for channel, _ in shown})
        following = shown[-1] if shown and fitting > skip + limit else None
        return Page(query, hits, min(fitting, most - 1), fitting == most, following, people=people)

    async def files(self, principal: Principal, text: str, *, sort: Sort = "timestamp", oldest_first: bool = False,
                    limit: int = 20, skip: int = 0) -> Files:  # fmt: skip
        """Files in messages that the caller may read; the filters of the query are about these messages."""
        kinds = _may_search(principal)
        query = await self.read(principal, text)
        if not query.asks:
            return Files(query)
        async with self._state.begin(principal.tenant) as tx:
            await store.look_steadily(tx)
            rooms = await self._readable(tx, principal, kinds)
            carrying = replace(query, labels=(*query.labels, ("has", "file")))
            sought, unknown = await self._sought(tx, principal, carrying, rooms)
            if unknown or not sought.channels:
                return Files(query)
            most = max(COUNTED, skip + limit) + 1
            weighed = sort == "score"
            places, fitting = await self._find(tx, sought, rooms, None, most, most, oldest_first and not weighed)
            if weighed:
                places = self._weighed(places, sought.wants, oldest_first)
            seen = await self._channels.keeping.since_in(tx, {channel for (channel, _), _ in places})
            carried = await found_store.files(tx, [place for place, _ in places])
            carried = [
                row for row in carried
                if not seen.get(row["channel"], EVERYTHING).hides(row["workspace"], row["ts"])
            ]  # fmt: skip
            found = _files(carried, query, rooms)
            shown = found[skip : skip + limit]
            places_of = {place.channel.id for one in shown for place in one.places}
            people = await self._met(tx, principal, {one.user for one in shown}, places_of)
        return Files(query, shown, len(found), fitting == most, people)

    async def people(self, principal: Principal, text: str, limit: int = 20) -> tuple[list[User], int]:
        """People whom the caller can know of, by name, handle or title, and how many; first whose name begins so."""
        _may_search(principal)
        query = await self.read(principal, text)
        if not query.wants:
            return [], 0
        ranked, apart = [], await self._channels.apart_from(principal)
        for user in await self._channels.people_of(principal):
            if user.id in apart:
                continue  # nobody to write to
            names = fold_name(f"{user.display} {user.name} {user.email.split('@')[0]}")
            if not user.deleted and _holds(names + fold_name(f"{user.title} {user.function}"), query):
                ranked.append(((not _begins(names, query), user.name, user.id), user))
        ranked.sort(key=lambda one: one[0])
        return [user for _, user in ranked[:limit]], len(ranked)

    async def rooms(self, principal: Principal, text: str, limit: int = 20) -> tuple[list[Conversation], int]:
        """Channels that the caller may see, by name, topic or purpose, and how many; first whose name begins so."""
        kinds = _may_search(principal)
        query = await self.read(principal, text)
        if not query.wants:
            return [], 0
        async with self._state.begin(principal.tenant) as tx:
            rooms = await self._readable(tx, principal, kinds & {"public", "private"})
        ranked = []
        for room in rooms.values():
            name = fold_name(room.name)
            if _holds(name + fold_name(f"{room.topic} {room.purpose}"), query):
                order = room.archived, not _begins(name, query), not room.member, -room.last_ts
                ranked.append((order, room.id))
        ranked.sort()
        return [await self._channels.info(principal, room) for _, room in ranked[:limit]], len(ranked)

    async def read(self, principal: Principal, text: str) -> Query:
        """The query that a text is to somebody of a workspace, in its zone."""
        text = str(clean(text))
        if len(text) > LONGEST:
            raise Invalid(f"A search has at most {LONGEST} characters.", field="q")
        workspace = await self._governance.workspace(principal.tenant)
        return parse(text, now=self._clock.now(), zone=ZoneInfo(workspace.timezone))

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _readable(self, tx: Tx, principal: Principal, kinds: frozenset[str]) -> dict[str, Readable]:
        author = await self._channels.author(tx, principal)
        rooms = await store.readable(
            tx, principal.tenant.workspace, author.user, everything=principal.kind == "system",
            open_too=principal.role is not Role.GUEST, program=principal.kind in ("bot", "app"),
        )  # fmt: skip
        return {room.id: room for room in rooms if _kind(room) in kinds}

    async def _sought(
        self, tx: Tx, principal: Principal, query: Query, rooms: dict[str, Readable]
    ) -> tuple[Sought, list[str]]:
        """The query with ids for names, and the names that are nobody's."""
        me = (await self._channels.author(tx, principal)).user
        people: list[User] = []
        if query.names_somebody:
            # Everybody of the caller's workspace and of those whose channels they read along.
            for home in sorted({principal.tenant.workspace, *await store.sides(tx, list(rooms))}):
                people += await self._governance.users_in(tx, Tenant("", home))
        return look_up(query, Known(me, principal.tenant.workspace, people, rooms))

    async def _met(self, tx: Tx, principal: Principal, ids: set[str], channels: set[str]) -> dict[str, User]:
        """Those of the ids who belong to a side of the conversations; a mention of anybody else tells no name."""
        sides = {principal.tenant.workspace, *await store.sides(tx, sorted(channels))}
        users = await self._governance.users_named_in(tx, sorted(ids))
        return {user.id: user for user in users if user.workspace in sides}

    async def _find(
        self, tx: Tx, sought: Sought, rooms: dict[str, Readable], after: Place | None, most: int, show: int,
        oldest_first: bool,
    ) -> tuple[list[tuple[Place, str]], int]:  # fmt: skip
        since, until = sought.since, sought.until
        if after is not None:
            since, until = (max(since, after[1]), until) if oldest_first else (since, min(until, after[1] + 1))
        homes = sorted({home for channel in sought.channels for home in rooms[channel].homes})
        counts = await store.counts(tx, homes, until)
        asked = plan(counts, since=since, until=until, oldest_first=oldest_first)
        slices = [[at_mark(home, level, slot) for home in homes] for level, slot in asked]
        seen = await self._channels.keeping.since_in(tx, sought.channels)
        return await store.find(
            tx, sought, slices, after=after, most=most, show=show, oldest_first=oldest_first, seen=seen
        )

    def _weighed(
        self, found: Sequence[tuple[Place, str]], wants: Sequence[str], worst_first: bool
    ) -> list[tuple[Place, str]]:
        now = ts_at(self._clock.now())

        def weight(one: tuple[Place, str]) -> tuple[float, int]:
            (_, ts), folded = one
            return score(folded, wants, (now - ts) / 86_400e6), ts

        return sorted(found, key=weight, reverse=not worst_first)

    async def _hits(
        self, tx: Tx, places: Sequence[Place], rooms: dict[str, Readable], query: Query, sought: Sought,
        neighbours: bool,
    ) -> list[Hit]:  # fmt: skip
        """The messages themselves. One that was changed or deleted a moment ago and fits no longer is left out."""
        rows = await found_store.messages(tx, places)
        since = await self._channels.keeping.since_in(tx, {channel for channel, _ in places})
        beside = await found_store.around(tx, places) if neighbours else {}
        hits = []
        for place in places:
            row = rows.get(place)
            seen = since.get(place[0], EVERYTHING)
            if row is None or not _fits(row["said"], sought) or seen.hides(row["team"], row["ts"]):
                continue
            text = plain(row["text"], mentions=True) or row["said"].words.strip()
            hit = Hit(
                rooms[place[0]], row["ts"], row["thread"], row["account"], row["app"], row["team"], row["username"],
                row["text"], row["blocks"], row["attachments"], snippet(text, query.wants), len(row["reactions"]),
                row["said"].files,
            )  # fmt: skip
            if neighbours:
                sides = {
                    side: [
                        Neighbour(n["ts"], n["account"], n["username"], n["text"])
                        for n in found
                        if not seen.hides(n["team"], n["ts"])
                    ]
                    for side, found in beside[place].items()
                }
                hit = replace(hit, before=sides["before"], after=sides["after"])
            hits.append(hit)
        return hits


def _may_search(principal: Principal) -> frozenset[str]:
    """The kinds of conversations a token may look through. Apps may not: what they may know they are told."""
    access(principal, "channels:read")
    if principal.kind in ("bot", "app"):
        raise NotAllowed("Only people can search; an app's token cannot.")
    if principal.scopes & {"*", "search:read", "channels:read"}:
        return _EVERY_KIND
    kinds = frozenset(kind for scope, kind in _SCOPES.items() if scope in principal.scopes)
    if not kinds:
        raise NotAllowed("The token does not carry the scope for this.", data={"right": "search:read"})
    return kinds


def _kind(room: Readable) -> str:
    return room.kind if room.kind != "channel" else "private" if room.private else "public"


def _fits(said: Said, sought: Sought) -> bool:
    folded = said.words
    return all(want in folded for want in sought.wants) and not any(shun in folded for shun in sought.shuns)


def _holds(folded: str, query: Query) -> bool:
    return all(want in folded for want in query.wants) and not any(shun in folded for shun in query.shuns)


def _begins(folded: str, query: Query) -> bool:
    return any(folded.startswith(f" {want.strip()}") for want in query.wants)


def _named_in(hits: Sequence[Hit]) -> set[str]:
    """Everybody whose name is needed to show what was found."""
    found: set[str] = set()
    for hit in hits:
        found |= {hit.user, *hit.channel.people, *_MENTION.findall(hit.text)}
        found |= {one.user for one in (*hit.before, *hit.after)}
    return found


def _files(rows: Sequence[Mapping[str, Any]], query: Query, rooms: Mapping[str, Readable]) -> list[FoundFile]:
    """Those whose own words fit, each once, with all its places among these."""
    found: dict[str, FoundFile] = {}
    for row in rows:
        known = found.get(row["id"])
        place = Carried(rooms[row["channel"]], row["ts"], row["thread"])
        if known is not None:
            found[row["id"]] = replace(known, places=(*known.places, place))
        elif _holds(fold(" ".join((row["title"], row["name"], row["alt"], row["preview"], row["said"] or ""))), query):
            found[row["id"]] = FoundFile(
                row["id"], row["name"], row["title"], row["mimetype"], row["filetype"], row["mode"], row["size"],
                row["account"], row["workspace"], row["created_at"], row["external_url"], (place,),
            )  # fmt: skip
    return list(found.values())
