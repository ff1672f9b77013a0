"""What is asked and not answered yet."""

from __future__ import annotations

import msgspec

from dure.channels.forms.model import Asked, Field
from dure.state import Tx


async def open_for(tx: Tx, workspace: str, user: str, most: int) -> list[Asked]:
    """What is open and meant for somebody: for them by name, or for everybody."""
    rows = await tx.rows(
        """select * from channels.asked where workspace = %(workspace)s and ended_at is null
             and (jsonb_array_length(audience) = 0 or audience ? %(user)s) order by asked_at desc, id limit %(most)s""",
        {"workspace": workspace, "user": user, "most": most},
    )
    return [
        Asked(
            row["id"], row["workspace"], row["org"], row["channel"], row["ts"], row["what"], row["form"], row["title"],
            row["card"], msgspec.convert(row["fields"], list[Field]), row["audience"], row["note"], row["once"],
            row["run"], row["asked_at"], row["answers"],
        )
        for row in rows
    ]  # fmt: skip
