"""What routing offers automations: the cards of mentions in sets, a person's verdict, a function's digest."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from dure.automation.plugs import EventKind, Lookup, StepCall, StepKind
from dure.governance.api import Governance, Role, access
from dure.kernel.errors import Invalid, NotAllowed
from dure.people.api import People
from dure.social import store as mentions
from dure.social.model import Mention
from dure.social.routing import cards, events, store
from dure.social.routing.api import Routing
from dure.social.routing.model import TEAMS
from dure.state import Tx

_MOST = 1_000

EVENTS: list[EventKind] = [
    EventKind(
        events.ROUTED_TOGETHER, {"ko": "언급들이 팀에 배정됨", "en": "Mentions were routed to a team"}, "social",
        {"function": "the team", "channel": "its channel", "mentions": "list of ids", "count": "number",
         "told": "true where the team is only told of what another team looks after"},
    ),
    EventKind(
        events.CARDS_OUTDATED, {"ko": "언급 카드가 낡음", "en": "Mentions' cards are outdated"}, "social",
        {"function": "the team whose cards they are", "channel": "its channel; empty for wherever they stand",
         "mentions": "list of ids", "count": "number"},
    ),
    EventKind(
        events.MODEL_CHANGED, {"ko": "배정 모델이 바뀜", "en": "The routing model changed"}, "social",
        {"version": "the one that decides from now on", "examples": "answers it learned of",
         "accuracy": "0 to 1", "coverage": "0 to 1", "precision": "0 to 1"},
    ),
]  # fmt: skip


class CardsOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`mentions` are ids, at most a thousand; `function` is whose channel the cards are for. `traits` are the names of
    what may be shown of a person, parted by commas. `told`: they are only told, and answer nothing. Of more than `most`
    those that reach furthest have cards of their own, and one card has the rest."""

    mentions: list[str]
    function: str
    told: bool = False
    traits: str = "plan"
    site: str = ""
    most: int = 25


class Card(msgspec.Struct, frozen=True):
    """As channels.cards takes it."""

    card: str
    text: str
    blocks: list[Any]


class Made(msgspec.Struct, frozen=True):
    cards: list[Card]


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a *Card Pressed* says: `block`, `action` and `value`, and who pressed (`user`)."""

    block: str
    action: str
    user: str
    value: str = ""
    traits: str = "plan"
    site: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """The card as it is afterwards, in a list for channels.cards, and where the mention is now. `stale`: it was
    somewhere else already, and nothing was changed."""

    cards: list[Card]
    mention: str
    function: str
    channel: str
    stale: bool


class DigestOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    function: str
    days: int = 7


class DigestText(msgspec.Struct, frozen=True):
    """Numbers, and the whole of it as a message in both languages."""

    came: int
    done: int
    open: int
    text_ko: str
    text_en: str


def steps(api: Routing, governance: Governance, people: People, open_deals: Lookup) -> list[StepKind]:
    """social.cards, social.decide, social.digest. `open_deals` is asked by account or e-mail address."""

    async def card_many(
        tx: Tx, call: StepCall, found: Sequence[Mention], function: str, traits: str, told: bool, site: str
    ) -> list[Card]:  # fmt: skip
        decided = await store.decisions(tx, call.tenant.workspace, [one.id for one in found])
        known = await _known(tx, call, people, open_deals, found, traits)
        made = []
        for one in found:
            about = known.get(one.id, cards.Known())
            text, blocks = cards.card(one, about, decided.get(one.id), function, told=told, site=site)
            made.append(Card(cards.name_of(str(one.id)), text, blocks))
        return made

    async def make(tx: Tx, call: StepCall, inputs: CardsOf) -> Made:
        if len(inputs.mentions) > _MOST:
            raise Invalid(f"At most {_MOST} mentions at once.", field="mentions")
        if not 1 <= inputs.most <= _MOST:
            raise Invalid(f"`most` is 1 to {_MOST}.", field="most")
        if inputs.function not in TEAMS:
            raise Invalid(f"`function` is one of {', '.join(TEAMS)}.", field="function")
        access(call.principal, "social:read")
        ids = [_id(one) for one in inputs.mentions]
        found, rest = await mentions.several(tx, call.tenant.workspace, ids), list[Mention]()
        if len(found) > inputs.most:
            furthest = sorted(found, key=lambda one: (-one.reach, str(one.id)))
            found, rest = furthest[: inputs.most], furthest[inputs.most :]
        made = await card_many(tx, call, found, inputs.function, inputs.traits, inputs.told, inputs.site)
        if rest:
            text, blocks = cards.rest(rest, inputs.function, site=inputs.site)
            made.append(Card(f"mentions:{rest[0].id}", text, blocks))
        return Made(made)

    async def decide(tx: Tx, call: StepCall, inputs: Said) -> Outcome:
        named = cards.read_block(inputs.block)
        verdict = cards.VERDICTS.get(inputs.action)
        if named is None or verdict is None:
            raise Invalid("This is not a card of a mention.", field="block")
        users = {user.id: user for user in await governance.users_in(tx, call.tenant)}
        presser = users.get(inputs.user)
        if presser is None or presser.deleted or presser.role is Role.GUEST:
            raise NotAllowed("Members decide where a mention belongs.", field="user")
        mention, function = _id(named[0]), named[1]
        (found,) = await mentions.several(tx, call.tenant.workspace, [mention]) or (None,)
        if found is None:
            raise Invalid("There is no such mention.", field="block")
        stale = found.function != function or found.state == "done"
        if not stale:
            found = await api.decide_in(
                tx, call.principal, mention, verdict, function=inputs.value if verdict == "moved" else "",
                by=inputs.user,
            )  # fmt: skip
        made = await card_many(tx, call, [found], function, inputs.traits, False, inputs.site)
        return Outcome(made, str(mention), found.function, found.channel, stale)

    async def digest(tx: Tx, call: StepCall, inputs: DigestOf) -> DigestText:
        if not 1 <= inputs.days <= 92:
            raise Invalid("`days` is 1 to 92.", field="days")
        found = await api.digest_in(tx, call.principal, inputs.function, inputs.days)
        return DigestText(found.came, found.done, found.open, found.text("ko"), found.text("en"))

    return [
        StepKind(
            "social.cards", {"ko": "언급 카드 만들기", "en": "Make cards of mentions"}, CardsOf, Made, make,
            about={"ko": "언급들을 본문, 작성자, 알려진 사람과 거래, 단추가 있는 카드로 만듭니다.",
                   "en": "Makes cards of mentions: text, author, who they are to us, their open deals, buttons."},
        ),
        StepKind(
            "social.decide", {"ko": "언급에 대한 답 반영", "en": "Take a verdict on a mention"}, Said, Outcome, decide,
            about={"ko": "카드에서 누른 맡기, 다른 팀으로, 우리 일 아님을 반영하고 배정 모델의 학습 자료로 남깁니다.",
                   "en": "Takes what was pressed on a card: accept, re-route, not for us; the router learns of it."},
        ),
        StepKind(
            "social.digest", {"ko": "팀의 소셜 요약", "en": "A team's social digest"}, DigestOf, DigestText, digest,
            about={"ko": "들어온 것, 처리한 것, 열린 것, 주제, 인용할 문장을 두 언어로 씁니다.",
                   "en": "What came, what was done, what is open, themes and a quote, in both languages."},
        ),
    ]  # fmt: skip


async def _known(
    tx: Tx, call: StepCall, people: People, open_deals: Lookup, found: Sequence[Mention], traits: str
) -> Mapping[uuid.UUID, cards.Known]:  # fmt: skip
    """Who wrote them, asked in sets; nothing is asked where nobody is known."""
    persons = {one.person for one in found if one.person}
    who = await people.known(tx, call.tenant, persons) if persons else {}
    seen = await people.last_seen(call.tenant, who) if who else {}
    account_of = {
        one.id: one.account or (who[one.person].account if one.person and one.person in who else "") for one in found
    }
    accounts = {account for account in account_of.values() if account}
    named = await people.accounts(tx, call.tenant, accounts) if accounts else {}
    keys = {key for one in found for key in (account_of[one.id], one.email) if key}
    deals = await open_deals(tx, call.tenant, sorted(keys)) if keys else {}
    shown = [name.strip() for name in traits.split(",") if name.strip()]
    known = {}
    for one in found:
        person, account = who.get(one.person) if one.person else None, account_of[one.id]
        if person is None and not account and one.email not in deals:
            continue
        about = deals.get(account) or deals.get(one.email) or {}
        known[one.id] = cards.Known(
            name=str(person.traits.get("name") or "") if person else "",
            traits={name: person.traits[name] for name in shown if name in person.traits} if person else {},
            last_seen=seen.get(one.person) if one.person else None, account=account,
            account_name=str(about.get("account_name") or named.get(account, {}).get("name") or ""), deals=about,
        )  # fmt: skip
    return known


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Invalid("`mention` is a mention's id.", field="mention") from error
