"""Sheets and a plan as records to be made, without writing anything: what a dry run shows and a run then does."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from dure.deals.imports import cells, vocabulary
from dure.deals.imports.findings import Findings
from dure.deals.imports.guessing import COLUMNS, bare
from dure.deals.imports.model import ORDER, FileKind, Finding, Plan
from dure.deals.imports.reading import Row, Sheet
from dure.deals.model import Stage
from dure.kernel.errors import Invalid

_UNTIL_CLOSE = timedelta(days=90)
_CURRENCY = re.compile("[A-Z]{3}")
_YEARS = (1900, 2199)
_TYPED = ("industry", "country")


@dataclass(frozen=True)
class Known:
    """What is there already: ids of accounts by their names in small letters, products (id, name, prices) by theirs,
    users by bare names and addresses, stages in order."""

    accounts: Mapping[str, str]
    products: Mapping[str, tuple[str, str, Mapping[str, int]]]
    users: Mapping[str, str]
    user_names: Sequence[str]
    stages: Mapping[str, Stage]
    today: date


@dataclass(frozen=True, slots=True)
class Item:
    """One record to be made; what it points at is said by the names in the files."""

    kind: FileKind
    file: str
    line: int
    values: dict[str, Any]


@dataclass
class Prepared:
    items: list[Item] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    stages: dict[str, dict[str, int]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)


def prepare(sheets: Sequence[Sheet], plan: Plan, known: Known) -> Prepared:
    """Every row as what it will be, and everything worth telling about it."""
    return _Preparing(sheets, plan, known).all()


class _Preparing:
    def __init__(self, sheets: Sequence[Sheet], plan: Plan, known: Known) -> None:
        self._sheets = sheets
        self._plan = plan
        self._known = known
        self._found = Findings(plan)
        self._out = Prepared()
        # What the files themselves bring, by the names that other files use for it.
        self._accounts: dict[str, str] = {}
        self._products: dict[str, tuple[str, int | None]] = {}
        self._sold = {name: prices for _, name, prices in known.products.values()}
        self._near: dict[tuple[str, str], str] = {}

    def all(self) -> Prepared:
        planned = [(sheet, self._plan.files.get(sheet.name)) for sheet in self._sheets]
        for sheet, plan in planned:
            self._out.rows[sheet.name] = len(sheet.rows)
            if plan is None or not plan.kind:
                self._found.add("file_not_used", sheet.name, 0)
                continue
            for line, why in sheet.unreadable:
                self._found.add("row_unreadable", sheet.name, line, value=why)
                self._out.left_out[plan.kind] += 1
            for column in sheet.columns:
                if column not in plan.columns:
                    self._found.add("column_not_used", sheet.name, 0, column)
        for kind in ORDER:
            for sheet, plan in planned:
                if plan is not None and plan.kind == kind:
                    self._sheet(sheet, kind, plan.columns)
        for item in self._out.items:
            parent = item.values.get("parent")
            if item.kind == "account" and parent:
                known = parent.lower() in self._known.accounts or parent.lower() in self._accounts
                if not known:
                    near = vocabulary.nearest(parent, self._accounts.values())
                    self._found.add("parent_unknown", item.file, item.line, "parent", parent, near)
        self._out.findings = self._found.all()
        return self._out

    def _sheet(self, sheet: Sheet, kind: FileKind, columns: Mapping[str, str]) -> None:
        dates = self._date_orders(sheet, columns)
        seen: dict[str, int] = {}
        for row in sheet.rows:
            told = {name: row.cells.get(column, "") for column, name in columns.items()}
            if kind == "account" and told.get("name"):
                self._accounts.setdefault(told["name"].lower(), told["name"])
            read = getattr(self, f"_{kind}")(sheet.name, row, self._fixed(sheet.name, row.line, told), dates)
            if read is None:
                continue
            same = str(read.get("external") or (read["name"].lower() if kind in ("account", "product") else ""))
            if same and same in seen:
                self._found.add("row_twice", sheet.name, row.line, value=same)
                self._out.left_out[kind] += 1
                continue
            seen[same] = row.line
            self._out.items.append(Item(kind, sheet.name, row.line, read))

    def _date_orders(self, sheet: Sheet, columns: Mapping[str, str]) -> dict[str, str]:
        orders = {}
        for column, name in columns.items():
            if name in ("started", "close_date"):
                texts = [row.cells.get(column, "") for row in sheet.rows]
                order, unsure = cells.order_of(texts, self._plan.date_order)
                orders[name] = order
                self._found.add("date_format", sheet.name, 0, column, order, "?" if unsure else "")
        return orders

    def _fixed(self, file: str, line: int, told: Mapping[str, str]) -> dict[str, str]:
        """What the plan takes values for; what was wrong with them is told all the same."""
        fixed = dict(told)
        for name, value in told.items():
            meant = self._plan.fixes.get(f"{name}:{value}")
            if meant is not None:
                fixed[name] = meant
                self._found.add(_FIXED.get(name, "likely_typo"), file, line, name, value, meant)
        return fixed

    # -- kinds of rows ----------------------------------------------------------------------------------------------

    def _team(self, *_: Any) -> None:
        """Who sells is known from the workspace's users; the file only says that these names are people."""

    def _typos(self, file: str, line: int, told: Mapping[str, str]) -> None:
        for name in _TYPED:
            meant = vocabulary.meant(told.get(name, ""), vocabulary.WORDS[name])
            if meant:
                self._found.add("likely_typo", file, line, name, told[name], meant)

    def _account(self, file: str, row: Row, told: dict[str, str], _: Mapping[str, str]) -> dict[str, Any] | None:
        if not self._require(file, row, "account", told, "name"):
            return None
        self._typos(file, row.line, told)
        read: dict[str, Any] = {name: told[name] for name in told if told[name] and name not in _NUMBERS}
        for name in ("size", "revenue"):
            if told.get(name):
                value = self._number(file, row, name, told[name])
                if value is not None:
                    read[name] = round(value) if name == "size" else cells.minor(value, self._plan.currency)
        if "revenue" in read:
            read["currency"] = self._plan.currency
        if "owner" in read:
            read["owner"] = self._user(file, row.line, told["owner"])
        return read

    def _product(self, file: str, row: Row, told: dict[str, str], _: Mapping[str, str]) -> dict[str, Any] | None:
        if not self._require(file, row, "product", told, "name"):
            return None
        read: dict[str, Any] = {name: told[name] for name in told if told[name] and name != "price"}
        price = self._number(file, row, "price", told["price"]) if told.get("price") else None
        if price is not None and price >= 0:
            read["prices"] = {self._plan.currency: cells.minor(price, self._plan.currency)}
        self._products[told["name"]] = (told["name"], read.get("prices", {}).get(self._plan.currency))
        return read

    def _contact(self, file: str, row: Row, told: dict[str, str], _: Mapping[str, str]) -> dict[str, Any] | None:
        return self._person("contact", file, row, told)

    def _lead(self, file: str, row: Row, told: dict[str, str], _: Mapping[str, str]) -> dict[str, Any] | None:
        return self._person("lead", file, row, told)

    def _person(self, kind: str, file: str, row: Row, told: dict[str, str]) -> dict[str, Any] | None:
        if not (told.get("last_name") or told.get("first_name")) and not self._require(file, row, kind, told, "name"):
            return None
        read: dict[str, Any] = {name: value for name, value in told.items() if value}
        # The same row is the same person at a second run too.
        digest = hashlib.sha256(json.dumps(sorted(row.cells.items())).encode()).hexdigest()[:24]
        read.setdefault("external", f"{kind}:{read['email'].lower()}" if "email" in read else f"row:{digest}")
        if read.get("account"):
            read["account"] = self._account_of(file, row.line, read["account"])
        return read

    def _deal(self, file: str, row: Row, told: dict[str, str], dates: Mapping[str, str]) -> dict[str, Any] | None:
        if not self._require(file, row, "deal", told, "stage"):
            return None
        stage = self._stage(file, row, told["stage"])
        if stage is None:
            return None
        currency = (told.get("currency") or self._plan.currency).upper()
        if not _CURRENCY.fullmatch(currency):
            self._found.add("value_invalid", file, row.line, "currency", currency)
            self._out.left_out["deal"] += 1
            return None
        days = {name: self._day(file, row, name, told.get(name, ""), order) for name, order in dates.items()}
        product = self._product_of(file, row.line, told.get("product", ""))
        if told.get("account") == "":
            self._found.add("account_missing", file, row.line, "account")
        account = self._account_of(file, row.line, told["account"]) if told.get("account") else ""
        amount, guessed = self._amount(file, row, told.get("amount", ""), currency, product, stage)
        started, close = days.get("started"), days.get("close_date")
        if close is None:
            self._found.add("close_date_missing", file, row.line, "close_date")
            close = (started or self._known.today) + _UNTIL_CLOSE
        elif started and close < started:
            self._found.add("closes_before_start", file, row.line, "close_date", close.isoformat())
        owner = told.get("owner", "")
        user = self._user(file, row.line, owner) if owner else ""
        told_in = self._out.stages.setdefault(told["stage"], {"count": 0, "amount": 0})
        told_in["count"] += 1
        told_in["amount"] += 0 if guessed else amount
        digest = hashlib.sha256(json.dumps(sorted(row.cells.items())).encode()).hexdigest()[:24]
        names = [one for one in (told.get("account", ""), told.get("product", "")) if one]
        return {
            "external": told.get("external") or f"row:{digest}", "name": told.get("name") or " ".join(names) or "Deal",
            "account": account, "product": product, "stage": stage.key, "amount": amount,
            "currency": currency, "started": started, "close_date": close,
            "owner": user, "owner_name": "" if user else owner, "next_step": told.get("next_step", ""),
            "type": told.get("type", ""), "lead_source": told.get("lead_source", ""),
            "description": told.get("description", ""),
        }  # fmt: skip

    # -- what cells mean --------------------------------------------------------------------------------------------

    def _require(self, file: str, row: Row, kind: str, told: Mapping[str, str], name: str) -> bool:
        if told.get(name):
            return True
        self._found.add("value_missing", file, row.line, name)
        self._out.left_out[kind] += 1
        return False

    def _number(self, file: str, row: Row, name: str, text: str) -> Any:
        value = cells.number(text)
        if value is None or abs(value) > 10**13:
            self._found.add("value_invalid", file, row.line, name, text)
            return None
        return value

    def _day(self, file: str, row: Row, name: str, text: str, order: str) -> date | None:
        found = cells.day(text, order) if text else None
        if found is not None and not _YEARS[0] <= found.year <= _YEARS[1]:
            found = None
        if text and found is None:
            self._found.add("value_invalid", file, row.line, name, text)
        return found

    def _stage(self, file: str, row: Row, value: str) -> Stage | None:
        stage = self._known.stages.get(self._plan.stages.get(value, ""))
        if stage is None:
            names = [one.key for one in self._known.stages.values()]
            self._found.add("stage_unknown", file, row.line, "stage", value, vocabulary.nearest(value, names))
            self._out.left_out["deal"] += 1
        return stage

    def _user(self, file: str, line: int, name: str) -> str:
        found = self._plan.users.get(name) or self._known.users.get(bare(name), "")
        if not found:
            near = self._nearest("owner", name, self._known.user_names)
            self._found.add("user_unknown", file, line, "owner", name, near)
        return found

    def _account_of(self, file: str, line: int, name: str) -> str:
        """The account's name as it will be known, "" where it is nowhere and the files bring accounts of their own."""
        key = name.lower()
        if key in self._known.accounts or key in self._accounts:
            return name
        if not self._accounts:
            return name  # no file of accounts: those that are named are made
        near = self._nearest("account", name, self._accounts.values())
        self._found.add("account_unknown", file, line, "account", name, near)
        return ""

    def _product_of(self, file: str, line: int, name: str) -> str:
        if not name:
            return ""
        if name in self._products or name in self._sold:
            return name
        near = self._nearest("product", name, {**self._products, **self._sold})
        self._found.add("product_unknown", file, line, "product", name, near)
        return ""

    def _amount(self, file: str, row: Row, text: str, currency: str, product: str, stage: Stage) -> tuple[int, bool]:
        """The amount in minor units, and whether it is only what the product costs."""
        if text:
            value = self._number(file, row, "amount", text)
            return (cells.minor(max(value, 0), currency), False) if value is not None else (0, False)
        if stage.outcome or not product or not self._plan.amount_from_product:
            return 0, False
        self._found.add("amount_missing", file, row.line, "amount")
        mine = self._products.get(product, ("", None))[1]
        return (mine if mine is not None else self._sold.get(product, {}).get(currency, 0)), True

    def _nearest(self, field: str, name: str, names: Iterable[str]) -> str:
        """A column says the same few names in thousands of rows; each is looked for once."""
        if (field, name) not in self._near:
            self._near[(field, name)] = vocabulary.nearest(name, names)
        return self._near[(field, name)]


_FIXED = {
    "product": "product_unknown", "account": "account_unknown", "parent": "parent_unknown", "stage": "stage_unknown",
}  # fmt: skip
_NUMBERS = frozenset({"size", "revenue"})


def check_plan(
    plan: Plan, sheets: Mapping[str, Sequence[str]], stages: Mapping[str, Stage], users: Collection[str]
) -> None:
    """Invalid names what a plan says of files, columns, stages or users that are not there."""
    for name, file in plan.files.items():
        if name not in sheets:
            raise Invalid(f"There is no file {name!r} in this import.", field="plan.files")
        for column, target in file.columns.items():
            if column not in sheets[name]:
                raise Invalid(f"{name} has no column {column!r}.", field="plan.files")
            if not file.kind or target not in COLUMNS[file.kind]:
                raise Invalid(f"A {file.kind or 'file'} has no {target!r} to be filled.", field="plan.files")
    for value, key in plan.stages.items():
        if key and key not in stages:
            raise Invalid(f"There is no stage {key!r} for {value!r}.", field="plan.stages")
    for place, named in (("plan.owner", [plan.owner]), ("plan.users", plan.users.values())):
        for user in named:
            if user and user not in users:
                raise Invalid(f"There is no user {user!r}.", field=place)
    if plan.date_order not in ("", *cells.ORDERS):
        raise Invalid(f"`date_order` is one of {', '.join(cells.ORDERS)}.", field="plan.date_order")
