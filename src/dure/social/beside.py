"""What is kept beside mentions and goes with them: decisions, links, what they became, wishes in their words."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from dure.state import Tx


async def forget(tx: Tx, workspace: str, mentions: Sequence[uuid.UUID]) -> None:
    """For mentions that their network took back. That somebody asked for an idea still counts; their words, and who
    they were, are gone."""
    for table in ("decision", "link", "became"):
        await tx.run(
            f"delete from social.{table} where workspace = %s and mention = any(%s)", (workspace, list(mentions))
        )
    await tx.run(
        "update social.asking set said = '', person = null, account = '' where workspace = %s and source = 'mention'"
        " and ref = any(%s)",
        (workspace, [str(one) for one in mentions]),
    )
