"""Linking's entrance: at arrival, by hand, taken back; and who it might be, with reasons."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from dure.automation.plugs import Lookup
from dure.feed.api import Event, append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.people.api import People
from dure.social import events
from dure.social import store as mentions
from dure.social.conflicts import conflict
from dure.social.linking import store
from dure.social.linking.rules import domain_of, only, other_traits, own_traits, plain_handle
from dure.social.model import Mention
from dure.state import State, Tx

__all__ = ["Candidate", "Linking", "Whose"]

LINKED = "Mention Linked"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody it might be. `reasons` are codes: `handle` (the very one), `handle_elsewhere` (the same name in another
    trait), `email`, `domain`, `name`, each with what it is about; the stronger come first."""

    person: uuid.UUID | None
    account: str
    name: str
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose a mention is, how it came to be theirs, and else who it might be. `deals` are those open with them."""

    person: uuid.UUID | None
    account: str
    name: str = ""
    account_name: str = ""
    how: str = ""
    why: str = ""
    by: str = ""
    deals: Any = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()


class Linking:
    """Fills `plugs.Linker`. `open_deals` is asked by account, domain or e-mail address."""

    def __init__(self, state: State, clock: Clock, people: People, open_deals: Lookup) -> None:
        self._state = state
        self._clock = clock
        self._people = people
        self._open_deals = open_deals

    async def link(
        self, tx: Tx, principal: Principal, mentions_: Sequence[Mention], now: datetime, *, loaded: bool
    ) -> tuple[list[Mention], list[Event]]:  # fmt: skip
        """Links what arrives where a person said before whose handle it is, or where exactly one person has the handle
        or the address it came from. Everything less is left to people."""
        tenant = principal.tenant
        known = await store.by_hand(tx, tenant.workspace, _handles(mentions_))
        asked = {trait for one in mentions_ for trait in own_traits(one.network, one.handle)}
        emails = {one.email for one in mentions_ if one.email}
        found = await self._people.having(tx, tenant, asked, emails) if asked or emails else {}
        made: list[Mention] = []
        links: list[tuple[Mention, str, str]] = []
        for one in mentions_:
            said = known.get((one.network, plain_handle(one.handle)))
            if said is not None:
                theirs = replace(one, person=said["person"], account=said["account"])
                how, why = "handle", f"by hand before: {one.handle}"
            else:
                theirs, how, why = _by_name(one, found)
            made.append(theirs)
            if theirs.person or theirs.account:
                links.append((theirs, how, why))
        if not links:
            return made, []
        persons = await self._people.known(tx, tenant, {one.person for one, _, _ in links if one.person})
        whole = {
            one.id: replace(one, account=one.account or (persons[one.person].account if one.person in persons else ""))
            for one, _, _ in links
        }
        made = [whole.get(one.id, one) for one in made]
        links = [(whole[one.id], how, why) for one, how, why in links]
        await store.keep(tx, tenant.workspace, links, now, "")
        written = [_linked(principal, one.posted_at if loaded else now, now, one, how, why) for one, how, why in links]
        return made, written

    async def whose(self, principal: Principal, mention: uuid.UUID) -> Whose:
        """Whose it is; else who it might be and why, with nothing decided."""
        access(principal, "social:read")
        tenant = principal.tenant
        async with self._state.begin(tenant) as tx:
            one = await _mention(tx, tenant.workspace, mention)
            link = await store.link(tx, tenant.workspace, mention) or {}
            who = await self._people.known(tx, tenant, {one.person}) if one.person else {}
            names = await self._people.accounts(tx, tenant, {one.account}) if one.account else {}
            keys = [key for key in (one.account, one.email, domain_of(one.email)) if key]
            deals = await self._open_deals(tx, tenant, keys) if keys else {}
            about = next((deals[key] for key in keys if key in deals), {})
            linked = bool(one.person or one.account)
            candidates = () if linked else await self._candidates(tx, principal, one)
        person = who.get(one.person) if one.person else None
        return Whose(
            one.person, one.account, str(person.traits.get("name") or "") if person else "",
            str(about.get("account_name") or names.get(one.account, {}).get("name") or one.account),
            str(link.get("how", "")), str(link.get("why", "")), str(link.get("actor", "")),
            about if linked else {}, candidates,
        )  # fmt: skip

    async def set(
        self, principal: Principal, mention: uuid.UUID, *, person: str = "", account: str = "",
        version: int | None = None,
    ) -> Mention:  # fmt: skip
        """Links by hand, to a person (by id or any distinct id), an account, or both; with neither the link is taken
        back. Later posts of the handle follow what was said by hand."""
        access(principal, "social:write")
        tenant, now = principal.tenant, self._clock.now()
        who = await self._people.person(principal, person) if person else None
        async with self._state.begin(tenant) as tx:
            one = await _mention(tx, tenant.workspace, mention, lock=True)
            if version is not None and version != one.version:
                raise conflict(
                    "그 사이 다른 사람이 이 언급을 바꾸었습니다.", "Somebody changed this mention meanwhile.", "version"
                )
            if account and not await self._is_account(tx, principal, account):
                raise Invalid("There is no such account.", field="account")
            kept = replace(
                one, person=who.id if who else None, account=account or (who.account if who else ""),
                version=one.version + 1,
            )  # fmt: skip
            if (kept.person, kept.account) == (one.person, one.account):
                return one
            await mentions.keep(tx, tenant.workspace, kept)
            await store.keep(tx, tenant.workspace, [(kept, "hand", "")], now, principal.actor)
            # Taken back, it is told on whose page it stood.
            about = kept if kept.person else replace(kept, person=one.person)
            was = {"before_person": str(one.person or ""), "before_account": one.account}
            await append(
                tx, _linked(principal, now, now, about, "hand" if kept.person or kept.account else "", "", was)
            )
        return kept

    async def mentions_of(self, principal: Principal, person: str, limit: int = 50) -> list[Mention]:
        """A person's mentions, under all their ids, the newest first."""
        access(principal, "social:read")
        who = await self._people.person(principal, person)
        async with self._state.begin(principal.tenant) as tx:
            ids = await store.of_person(tx, principal.tenant.workspace, [who.id], min(max(limit, 1), 200))
            return await mentions.several(tx, principal.tenant.workspace, ids)

    async def _is_account(self, tx: Tx, principal: Principal, account: str) -> bool:
        known = await self._people.accounts(tx, principal.tenant, [account])
        return bool(known) or account in await self._open_deals(tx, principal.tenant, [account])

    async def _candidates(self, tx: Tx, principal: Principal, one: Mention) -> tuple[Candidate, ...]:
        """People by the same handle anywhere, the address or the full name; accounts by the address's domain."""
        tenant = principal.tenant
        own, others = own_traits(one.network, one.handle), other_traits(one.network, one.handle)
        named = [("name", one.author.strip())] if len(one.author.strip()) > 1 else []
        found = await self._people.having(tx, tenant, [*own, *others, *named], [one.email.lower()] if one.email else [])
        reasons: dict[uuid.UUID, list[tuple[str, str]]] = {}
        for kind, asked in (("handle", own), ("email", [("email", one.email.lower())]), ("handle_elsewhere", others),
                            ("name", named)):  # fmt: skip
            for trait in asked:
                for person in found.get(trait, ()):
                    told = (kind, f"{trait[0]}: {trait[1]}")
                    if told not in reasons.setdefault(person, []):
                        reasons[person].append(told)
        people = await self._people.known(tx, tenant, reasons)
        made = [
            Candidate(who, people[who].account, str(people[who].traits.get("name") or ""), tuple(why))
            for who, why in list(reasons.items())[:5]
            if who in people
        ]
        if domain := domain_of(one.email):
            deals = await self._open_deals(tx, tenant, [domain])
            accounts = [str(deals[domain]["account"])] if domain in deals else []
            accounts += await self._people.account_by_domain(tx, tenant, domain)
            made += [
                Candidate(None, account, str(deals.get(domain, {}).get("account_name") or account),
                          (("domain", domain),))
                for account in dict.fromkeys(accounts)
            ]  # fmt: skip
        return tuple(made)


def _by_name(one: Mention, found: dict[tuple[str, str], list[uuid.UUID]]) -> tuple[Mention, str, str]:
    for trait in own_traits(one.network, one.handle):
        if only(found.get(trait, ())):
            return replace(one, person=found[trait][0]), "handle", f"{trait[0]}: {trait[1]}"
    if one.email and only(found.get(("email", one.email), ())):
        return replace(one, person=found["email", one.email][0]), "email", one.email
    return one, "", ""


def _handles(mentions_: Sequence[Mention]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((one.network, plain_handle(one.handle)) for one in mentions_ if one.handle.strip("@ ")))


def _linked(
    principal: Principal, at: datetime, now: datetime, one: Mention, how: str, why: str, more: Any = None
) -> Event:  # fmt: skip
    return events.mention_event(principal, LINKED, at, now, one, {"how": how, "why": why, **(more or {})})


async def _mention(tx: Tx, workspace: str, mention: uuid.UUID, *, lock: bool = False) -> Mention:
    found = await mentions.mention(tx, workspace, mention, lock=lock)
    if found is None:
        raise NotFound("There is no such mention.")
    return found
