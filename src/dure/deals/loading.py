"""Bringing a past in: many accounts and deals with their stages, in one transaction and few feed batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dure.deals import events, rules
from dure.deals.accounts.api import facts as account_facts
from dure.deals.accounts.model import ACCOUNT, Account
from dure.deals.contacts.model import CONTACT, Contact, name_parts
from dure.deals.merge.key_store import first_keys
from dure.deals.merge.keys import keys_of
from dure.deals.model import (
    DEAL,
    Deal,
    HistoryEntry,
    Loaded,
    LoadedAccount,
    LoadedContact,
    LoadedDeal,
    LoadedStage,
    Stage,
    TeamMember,
)
from dure.deals.opportunities import store as deal_store
from dure.deals.pipelines import store as pipeline_store
from dure.deals.products import store as product_store
from dure.deals.products.model import LineItem
from dure.deals.record_id import LINE_ITEM, OPPORTUNITY, new_id
from dure.deals.records import store
from dure.deals.records.shape import named
from dure.deals.records.values import read
from dure.feed.api import Event, append
from dure.governance.api import Principal
from dure.governance.events import act
from dure.kernel.errors import Invalid
from dure.state import Tx

_EVENTS_A_BATCH = 2_000
_MARK = {"loaded": True}
_FIELDS = named(DEAL.fields)


async def load(
    tx: Tx, principal: Principal, now: datetime, accounts: Sequence[LoadedAccount], deals: Sequence[LoadedDeal]
) -> Loaded:
    """Adds what is not known yet by its external id; Invalid names the first deal that makes no sense."""
    workspace = principal.tenant.workspace
    written: list[Event] = []

    known_accounts = await store.externals(tx, ACCOUNT, workspace, [one.external for one in accounts])
    known_accounts |= await store.externals(tx, ACCOUNT, workspace, [one.account for one in deals if one.account])
    known_deals = await store.externals(tx, DEAL, workspace, [one.external for one in deals])
    stages = await pipeline_store.stages(tx, workspace)

    first_seen = _first_seen(deals)
    fresh_accounts: list[Account] = []
    contacts: list[Contact] = []
    for given in accounts:
        if given.external in known_accounts:
            continue
        at = first_seen.get(given.external, now)
        made = Account(
            new_id(ACCOUNT.prefix), rules.check_name(given.name), given.industry, given.country, given.size,
            given.domain, given.external, at, at,
        )  # fmt: skip
        known_accounts[given.external] = made.id
        fresh_accounts.append(made)
        contacts += [_contact(made.id, c, now) for c in given.contacts]
        event = act(
            principal, "deals", events.ACCOUNT_CREATED, "account", made.id, account_facts(made), at, account=made.id
        )
        written.append(_marked(event, now))
    await store.add(tx, ACCOUNT, workspace, fresh_accounts)
    await store.add(tx, CONTACT, workspace, contacts)
    await first_keys(
        tx, workspace, [("account", key, one.id) for one in fresh_accounts for key in keys_of("account", one)]
    )
    await first_keys(tx, workspace, [("contact", key, one.id) for one in contacts for key in keys_of("contact", one)])

    pointed = [*known_accounts.values(), *(one.account_id for one in deals if one.account_id)]
    names = await _names(tx, workspace, fresh_accounts, pointed)
    slugs = await deal_store.slugs(tx, workspace)
    fresh: list[tuple[LoadedDeal, Deal]] = []
    history: list[tuple[str, HistoryEntry]] = []
    for one in deals:
        if one.external in known_deals:
            continue
        deal = _deal(one, known_accounts, names, stages, rules.slug_of(one.name, slugs))
        slugs.add(deal.slug)
        known_deals[one.external] = deal.id
        fresh.append((one, deal))
        history += [(deal.id, entry) for entry in _history(one, stages)]
        written += _story(principal, now, one, deal, stages)
    await store.add(tx, DEAL, workspace, [deal for _, deal in fresh])
    await first_keys(tx, workspace, [("deal", key, deal.id) for _, deal in fresh for key in keys_of("deal", deal)])
    members = [(deal.id, TeamMember(user, one.team_role)) for one, deal in fresh for user in sorted(set(one.team))]
    await deal_store.add_team(tx, workspace, members, now)
    await deal_store.add_history(tx, workspace, history)
    await product_store.first_lines(tx, workspace, [_line(one.product, deal) for one, deal in fresh if one.product])

    written.sort(key=lambda event: event.time)
    for start in range(0, len(written), _EVENTS_A_BATCH):
        await append(tx, *written[start : start + _EVENTS_A_BATCH])
    return Loaded(known_accounts, known_deals, len(fresh_accounts), len(fresh))


def _first_seen(deals: Sequence[LoadedDeal]) -> dict[str, datetime]:
    """Each account is a day older than its first deal."""
    seen: dict[str, datetime] = {}
    for one in deals:
        if one.stages:
            at = one.stages[0].at - timedelta(days=1)
            seen[one.account] = min(seen.get(one.account, at), at)
    return seen


async def _names(tx: Tx, workspace: str, fresh: Sequence[Account], known: Sequence[str]) -> dict[str, str]:
    names = {account.id: account.name for account in fresh}
    there = await store.several(tx, ACCOUNT, workspace, [one for one in known if one not in names])
    return names | {account_id: found.name for account_id, found in there.items()}


def _contact(account: str, told: LoadedContact, now: datetime) -> Contact:
    first, last = name_parts(told.name)
    return Contact(
        new_id(CONTACT.prefix), account, rules.check_name(told.name), told.email, told.title, first, last,
        created_at=now, changed_at=now,
    )  # fmt: skip


def _deal(
    one: LoadedDeal, accounts: Mapping[str, str], names: Mapping[str, str], stages: Mapping[str, Stage], slug: str
) -> Deal:
    if not one.stages or list(one.stages) != sorted(one.stages, key=lambda entered: entered.at):
        raise Invalid(f"Deal {one.external!r} needs stages in order of time.", field="stages")
    if one.account and one.account not in accounts:
        raise Invalid(f"Deal {one.external!r} belongs to an account that is not known.", field="account")
    last = one.stages[-1]
    stage = rules.stage_of(stages, last.stage)
    account = one.account_id or (accounts[one.account] if one.account else "")
    return Deal(
        id=new_id(OPPORTUNITY), name=rules.check_name(one.name), slug=slug, account=account,
        account_name=names.get(account, ""), amount=_read("amount", one.amount),
        currency=_read("currency", one.currency), stage=stage.key, probability=stage.probability, owner=one.owner,
        close_date=_read("close_date", one.close_date), next_step=one.next_step, channel="", lost_reason="",
        external=one.external, entries=len(one.stages), version=len(one.stages), created_at=one.stages[0].at,
        changed_at=last.at, entered_stage_at=last.at, closed_at=last.at if stage.outcome else None,
        team=tuple(sorted(set(one.team))), pipeline=stage.pipeline, forecast=stage.forecast,
        type=one.type, lead_source=one.lead_source, description=one.description, lines=int(bool(one.product)),
    )  # fmt: skip


def _line(product: str, deal: Deal) -> LineItem:
    return LineItem(
        new_id(LINE_ITEM), deal.id, product, "", 1.0, deal.amount, deal.currency, deal.amount, "", None, None, 1,
        deal.created_at, deal.created_at,
    )  # fmt: skip


def _read(name: str, value: object) -> Any:
    return read(_FIELDS[name], value)


def _history(one: LoadedDeal, stages: Mapping[str, Stage]) -> list[HistoryEntry]:
    return [
        HistoryEntry(
            number, entered.at, entered.by, entered.stage, rules.stage_of(stages, entered.stage).probability,
            one.amount, one.currency, one.close_date,
        )
        for number, entered in enumerate(one.stages, start=1)
    ]  # fmt: skip


def _story(
    principal: Principal, now: datetime, one: LoadedDeal, deal: Deal, stages: Mapping[str, Stage]
) -> list[Event]:
    """The deal's events as they would have been written on the days themselves."""
    first = rules.first_stage(stages)
    written: list[Event] = []
    before: LoadedStage | None = None
    for number, entered in enumerate(one.stages, start=1):
        stage = stages[entered.stage]
        then = replace(deal, stage=stage.key, probability=stage.probability, entries=number, version=number)
        hand = replace(principal, user=entered.by) if entered.by else principal
        if before is None:
            written.append(events.deal_event(hand, events.DEAL_CREATED, entered.at, now, then, stage, _MARK))
        if before is not None or stage != first:
            spent = (entered.at - before.at).total_seconds() if before else 0.0
            came_from = stages[before.stage] if before else None
            written += events.stage_changed(
                hand, entered.at, now, then, came_from, stage, spent, came_from.probability if came_from else 0, _MARK
            )
        before = entered
    return written


def _marked(event: Event, now: datetime) -> Event:
    return msgspec.structs.replace(event, received_at=now, properties={**event.properties, **_MARK})
