"""Which open deals a text is about."""

from __future__ import annotations

from typing import Any

from dure.state import Tx


async def named_in(tx: Tx, workspace: str, text: str, most: int) -> list[dict[str, Any]]:
    """Open deals whose account's name stands in the text, the largest first. Names of one letter name nobody, and one
    in Latin letters has to stand as a word of its own."""
    return await tx.rows(
        r"""select o.id as deal, o.name, o.owner, o.channel, a.id as account, a.name as account_name
           from deals.opportunity o
           join deals.account a on a.workspace = o.workspace and a.id = o.account
           join deals.stage s on s.workspace = o.workspace and s.key = o.stage
           where o.workspace = %(workspace)s and o.deleted_at is null and s.outcome = '' and length(a.name) > 1
             and position(lower(a.name) in lower(%(text)s)) > 0
             and (a.name !~ '^[\x20-\x7e]+$'
                  or lower(%(text)s) ~ ('(^|[^a-z0-9])' || regexp_replace(lower(a.name), '([^a-z0-9 ])', '\\\1', 'g')
                                        || '($|[^a-z0-9])'))
           order by o.amount desc, o.id limit %(most)s""",
        {"workspace": workspace, "text": text[:4000], "most": most},
    )
