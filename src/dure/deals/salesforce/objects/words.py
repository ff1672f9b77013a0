"""The words that objects are written in: a text, a reference, money, a moment, who made it and when."""

from __future__ import annotations

from collections.abc import Sequence

from dure.deals.record_id import full_id
from dure.deals.rules import NO_DECIMALS
from dure.deals.salesforce.catalogue import Field

_WHOLE = ", ".join(f"'{one}'" for one in sorted(NO_DECIMALS))


# The newest rate of a currency into the workspace's own.
RATE = (
    "coalesce((select case when {t}.currency = %(currency)s then 1 else (select r.rate from deals.rate r where"
    " r.workspace = %(workspace)s and r.currency = {t}.currency and r.day <= %(today)s order by r.day desc limit 1)"
    " end), 1)"
)


def amount_of(column: str, currency: str = "{t}.currency") -> str:
    return major(f"{{t}}.{column}", currency)


def major(sql: str, currency: str) -> str:
    """Minor units as Salesforce says money: decimals of the major one."""
    return f"(({sql})::numeric / case when {currency} in ({_WHOLE}) then 1 else 100 end)"


def case(column: str, words: dict[str, str]) -> str:
    return f"case {{t}}.{column} " + " ".join(f"when '{ours}' then '{said}'" for ours, said in words.items()) + " end"


def derived(prefix: str, of: str) -> str:
    """An id for what has none: always the same for the same thing."""
    # Hexadecimal digits have no capitals, so the check at the end is the prefix's alone.
    return f"('{prefix}' || substr(md5({of}), 1, 12) || '{full_id(prefix.ljust(15, '0'))[15:]}')"


def text(
    name: str, label: str, column: str, *, type: str = "string", length: int = 255, writes: str | None = None,
    required: bool = False, options: Sequence[str] = (), external: bool = False,
) -> Field:  # fmt: skip
    """A text of a column where nothing is an empty text."""
    return Field(
        name, label, type, f"nullif({{t}}.{column}, '')", column if writes is None else writes, length,
        required=required, nillable=not required, options=tuple(options), external=external, unique=external,
    )  # fmt: skip


def reference(
    name: str, label: str, column: str, to: str | tuple[str, ...], relationship: str, *, writes: str = "",
    create_only: bool = False, required: bool = False,
) -> Field:  # fmt: skip
    refers = (to,) if isinstance(to, str) else to
    return Field(
        name, label, "reference", f"nullif({{t}}.{column}, '')", writes, 18, create_only, required, not required,
        refers, relationship,
    )  # fmt: skip


def money(name: str, label: str, column: str, *, writes: str = "", nillable: bool = True) -> Field:
    return Field(name, label, "currency", amount_of(column), writes, 18, nillable=nillable, currency=RATE)


def ident(sql: str = "{t}.id") -> Field:
    return Field("Id", "Record ID", "id", sql, "", 18, nillable=False)


def plain(name: str, label: str, type: str, sql: str, writes: str = "", **more: object) -> Field:
    return Field(name, label, type, sql, writes, **more)  # type: ignore[arg-type]


def stamp(name: str, label: str, column: str) -> Field:
    """When something happened, to the millisecond as it is told: what is read here finds itself when asked for."""
    return plain(name, label, "datetime", f"date_trunc('milliseconds', {{t}}.{column})", nillable=False)


OWNER = reference("OwnerId", "Owner ID", "owner", "User", "Owner", writes="owner")


CURRENCY = plain("CurrencyIsoCode", "Currency ISO Code", "picklist", "nullif({t}.currency, '')", "currency", length=3)


EXTERNAL = text("External_Id__c", "External ID", "external", external=True)


DELETED = plain("IsDeleted", "Deleted", "boolean", "({t}.deleted_at is not null)", nillable=False)


NEVER_DELETED = plain("IsDeleted", "Deleted", "boolean", "false::boolean", nillable=False)


MADE = stamp("CreatedDate", "Created Date", "created_at")


# A record's history says who changed it; who made it is kept where it was made.
_MAKER = (
    "(select nullif(m.actor, '') from deals.salesforce_maker m where m.workspace = %(workspace)s and m.record = {t}.id)"
)


_LAST_HAND = (
    "coalesce((select nullif(c.actor, '') from deals.change c where c.workspace = %(workspace)s and c.record = {t}.id"
    f" order by c.id desc limit 1), {_MAKER})"
)


def trail() -> list[Field]:
    """Who made a record and who touched it last, by its history."""
    return [
        MADE,
        Field("CreatedById", "Created By ID", "reference", _MAKER, "", 18, refers=("User",),
              relationship="CreatedBy"),
        stamp("LastModifiedDate", "Last Modified Date", "changed_at"),
        Field("LastModifiedById", "Last Modified By ID", "reference", _LAST_HAND, "", 18, refers=("User",),
              relationship="LastModifiedBy"),
        stamp("SystemModstamp", "System Modstamp", "changed_at"),
        DELETED,
    ]  # fmt: skip


def rows(table: str) -> str:
    return f"select * from deals.{table} where workspace = %(workspace)s"


def last_activity(about: str) -> str:
    return (
        "(select max(a.due) from deals.task a where a.workspace = %(workspace)s and a.deleted_at is null"
        f" and a.{about} = {{t}}.id and a.done_at is not null)"
    )
