"""A part of an import is written: what is known is left alone, so that a second run adds nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from dure.deals import loading
from dure.deals.imports import store
from dure.deals.imports.analysis import Item
from dure.deals.imports.model import FileKind, Plan
from dure.deals.model import LoadedDeal, LoadedStage, Stage
from dure.deals.records import store as record_store
from dure.deals.records.records import Records
from dure.deals.rules import first_stage
from dure.deals.shapes import BY_OBJECT
from dure.governance.api import Principal
from dure.kernel.errors import Conflict, DureError
from dure.state import Tx

_BY_NAME = ("account", "product")


@dataclass
class Written:
    added: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[Item, DureError]] = field(default_factory=list)


@dataclass(frozen=True)
class Hand:
    """Who writes, with what: the nouns by kind, the stages, whose deals are that are nobody's here."""

    principal: Principal
    records: Callable[[str], Records[Any]]
    stages: Mapping[str, Stage]
    owner: str
    plan: Plan
    now: datetime


async def known_of(tx: Tx, workspace: str, items: Sequence[Item]) -> dict[str, set[str]]:
    """By kind, what of the items is there already: external ids, names in small letters, addresses."""
    found: dict[str, set[str]] = {}
    for kind in dict.fromkeys(item.kind for item in items):
        mine = [item.values for item in items if item.kind == kind]
        externals = [one["external"] for one in mine if one.get("external")]
        known = set(await record_store.externals(tx, BY_OBJECT[kind], workspace, externals))
        if kind in _BY_NAME:
            known |= set(await store.named(tx, workspace, kind, [one["name"] for one in mine]))
        if kind in ("contact", "lead"):
            known |= await store.addresses(tx, workspace, kind, [one["email"] for one in mine if one.get("email")])
        found[kind] = known
    return found


def is_known(item: Item, known: Mapping[str, set[str]]) -> bool:
    there = known.get(item.kind, set())
    told = item.values
    if told.get("external") in there:
        return True
    if item.kind in _BY_NAME:
        return str(told["name"]).lower() in there
    return bool(told.get("email")) and item.kind in ("contact", "lead") and str(told["email"]).lower() in there


async def write(tx: Tx, hand: Hand, items: Sequence[Item]) -> Written:
    """The items in their order; what an item points at was written before it."""
    done = Written()
    workspace = hand.principal.tenant.workspace
    known = await known_of(tx, workspace, items)
    fresh: list[Item] = []
    for item in items:
        if is_known(item, known):
            done.known[item.kind] += 1
        else:
            fresh.append(item)
    for kind in dict.fromkeys(item.kind for item in fresh):
        mine = [item for item in fresh if item.kind == kind]
        if kind == "deal":
            await _deals(tx, hand, mine, done)
        else:
            await _records(tx, hand, kind, mine, done)
    return done


async def _records(tx: Tx, hand: Hand, kind: FileKind, items: Sequence[Item], done: Written) -> None:
    records = hand.records(kind)
    workspace = hand.principal.tenant.workspace
    pointed = [item.values[name] for item in items for name in ("account", "parent") if item.values.get(name)]
    accounts = await store.named(tx, workspace, "account", pointed) if kind in ("account", "contact") else {}
    parents: list[tuple[str, str]] = []
    for item in items:
        given = {name: value for name, value in item.values.items() if value not in ("", None)}
        parent = given.pop("parent", "")
        if "account" in given:
            given["account"] = await _account(tx, hand, accounts, given["account"])
        try:
            made = await records.create_in(tx, hand.principal, given, loaded=True)
        except DureError as error:  # it is refused before anything of it is written
            done.refused.append((item, error))
            continue
        done.added[kind] += 1
        if parent:
            parents.append((made.id, parent))
    # A parent may stand below its child in the file.
    there = await store.named(tx, workspace, "account", [name for _, name in parents])
    for child, name in parents:
        if there.get(name.lower(), child) != child:
            await records.update_in(tx, hand.principal, child, {"parent": there[name.lower()]})


async def _account(tx: Tx, hand: Hand, known: dict[str, str], name: str) -> str:
    """The id of the account that a file names; one that is nowhere is made."""
    if name.lower() not in known:
        made = await hand.records("account").create_in(tx, hand.principal, {"name": name}, loaded=True)
        known[name.lower()] = made.id
    return known[name.lower()]


async def _deals(tx: Tx, hand: Hand, items: Sequence[Item], done: Written) -> None:
    workspace = hand.principal.tenant.workspace
    named = [item.values["account"] for item in items if item.values["account"]]
    accounts = await store.named(tx, workspace, "account", named)
    products = await store.named(tx, workspace, "product", [item.values["product"] for item in items])
    loaded = []
    for item in items:
        told = item.values
        account = await _account(tx, hand, accounts, told["account"]) if told["account"] else ""
        notes = [told["description"], f"담당 Owner: {told['owner_name']}" if told["owner_name"] else ""]
        loaded.append(
            LoadedDeal(
                told["external"], told["name"][:120], "", told["amount"], told["currency"],
                told["owner"] or hand.owner, told["close_date"], _stages(hand, told), next_step=told["next_step"][:500],
                account_id=account, type=told["type"], lead_source=told["lead_source"],
                description="\n".join(note for note in notes if note),
                product=products.get(told["product"].lower(), ""),
            )
        )  # fmt: skip
    result = await loading.load(tx, hand.principal, hand.now, [], loaded)
    if result.added_deals != len(items):
        raise Conflict("Some of these deals were made by another hand at the same moment; the import goes on.")
    done.added["deal"] += result.added_deals


def _stages(hand: Hand, told: Mapping[str, Any]) -> list[LoadedStage]:
    """The way a deal went, as far as a file tells: begun on one day, at an end on another."""
    stage, started = hand.stages[told["stage"]], told["started"]
    closes = _noon(told["close_date"])
    if not stage.outcome:
        return [LoadedStage(_noon(started) if started else hand.now, stage.key, told["owner"])]
    begun = min(_noon(started), closes) if started else closes
    first = first_stage(hand.stages, stage.pipeline)
    return [LoadedStage(begun, first.key, told["owner"]), LoadedStage(closes, stage.key, told["owner"])]


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
