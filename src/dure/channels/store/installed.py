"""What was installed in a workspace and taken away again."""

from __future__ import annotations

from typing import Any

from dure.state import Tx


async def changes(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    """The newest first: app, its name, `added` or `removed`, when in seconds since 1970, by whom, with which scopes."""
    return await tx.rows(
        "select i.app, a.manifest->'display_information'->>'name' as name, x.change, i.installed_by as account,"
        " i.scopes, extract(epoch from x.at)::bigint as at"
        " from channels.installation i join channels.app a on a.id = i.app cross join lateral"
        " (values ('added', i.installed_at), ('removed', i.removed_at)) as x(change, at)"
        " where i.workspace = %s and x.at is not null order by x.at desc, i.app",
        (workspace,),
    )
