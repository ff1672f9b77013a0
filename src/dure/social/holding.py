"""What social holds about a person: what they wrote, and what others wrote of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.kernel.whom import Whom
from dure.state import Tx
from dure.state.blank import blank

# A handle without its @ and in lower case, on whatever network: one who asks to be gone is gone from all.
_THEIRS = "workspace = %(w)s and (lower(ltrim(handle, '@')) = any(%(handles)s) or lower(handle) = any(%(handles)s))"


class SocialHolder:
    """Posts by a handle of theirs go; in posts of others their ids, addresses and handles are blanked."""

    name = "social"
    tables: Sequence[str] = ("social.mention", "social.spike", "social.listen_query")

    async def trace(self, tx: Tx, whom: Whom) -> Whom:
        rows = await tx.rows(f"select id, author from social.mention where {_THEIRS}", _of(whom))
        return whom.wider(
            objects=[str(row["id"]) for row in rows], names=[row["author"] for row in rows if row["author"]]
        )

    async def gather(self, tx: Tx, whom: Whom) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        return {"social-mention": await tx.rows(f"select * from social.mention where {_THEIRS}", _of(whom))}

    async def erase(self, tx: Tx, whom: Whom) -> int:
        gone = await tx.rows(
            f"delete from social.mention where ({_THEIRS}) or (workspace = %(w)s and id::text = any(%(objects)s))"
            " returning id, text, url", _of(whom),
        )  # fmt: skip
        for row in gone:
            # The oldest copy that somebody else made stands for the rest now.
            await tx.run(
                "with copies as (select id from social.mention where workspace = %(w)s and original = %(id)s),"
                " heir as (select min(id::text)::uuid as id from copies)"
                " update social.mention m set original = heir.id, copies = case when m.id = heir.id"
                " then (select count(*) - 1 from copies) else 0 end from heir"
                " where m.workspace = %(w)s and m.original = %(id)s", {"w": whom.tenant.workspace, "id": row["id"]},
            )  # fmt: skip
        columns = dict.fromkeys(("text", "url", "author", "handle", "voice", "title", "email"), "text")
        changed = await blank(tx, "social.mention", columns, whom)
        # A query may look for somebody by handle or name.
        queries = dict.fromkeys(("name", "text", "leaves_out"), "text")
        changed += await blank(tx, "social.listen_query", queries, whom)
        return len(gone) + changed + await self._examples(tx, whom, {row["text"] for row in gone})

    async def _examples(self, tx: Tx, whom: Whom, texts: set[str]) -> int:
        """Takes their posts out of the examples that spikes keep."""
        changed = await tx.run(
            "update social.spike s set examples = coalesce((select jsonb_agg(e) from jsonb_array_elements(s.examples) e"
            " where e ->> 'text' <> all(%(texts)s)), '[]') where workspace = %(w)s and exists (select from"
            " jsonb_array_elements(s.examples) e where e ->> 'text' = any(%(texts)s))",
            {"w": whom.tenant.workspace, "texts": list(texts)},
        )
        return changed + await blank(tx, "social.spike", {"examples": "jsonb", "why": "jsonb"}, whom)


def _of(whom: Whom) -> dict[str, Any]:
    return {"w": whom.tenant.workspace, "handles": list(whom.handles), "objects": list(whom.objects)}
