"""The SQL of contacts' parts in deals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dure.deals.contacts.model import ContactRole
from dure.state import Tx

_ROLE = """
select o.*, c.name, c.email, c.title from deals.contact_role o
join deals.contact c on c.workspace = o.workspace and c.id = o.contact
where o.workspace = %s and o.opportunity = %s and c.deleted_at is null
order by o.is_primary desc, o.created_at, o.id
"""


async def of(tx: Tx, workspace: str, deal: str) -> list[ContactRole]:
    names: tuple[str, ...] = ContactRole.__slots__
    return [ContactRole(**{name: row[name] for name in names}) for row in await tx.rows(_ROLE, (workspace, deal))]


async def add(tx: Tx, workspace: str, roles: Iterable[ContactRole]) -> None:
    """New ones, and what those that are there are from now on."""
    await tx.many(
        "insert into deals.contact_role (workspace, id, opportunity, contact, role, is_primary, created_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)"
        " on conflict (workspace, opportunity, contact) do update set role = excluded.role,"
        " is_primary = excluded.is_primary",
        [(workspace, one.id, one.opportunity, one.contact, one.role, one.is_primary, one.created_at) for one in roles],
    )


async def drop(tx: Tx, workspace: str, ids: Sequence[str]) -> None:
    await tx.run("delete from deals.contact_role where workspace = %s and id = any(%s)", (workspace, list(ids)))
