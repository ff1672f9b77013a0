"""Whom and which channels a hold, an export or a rule names: only what the organisation has, so that none covers
nothing by a slip of the pen."""

from __future__ import annotations

from collections.abc import Sequence

from dure.channels.store import conversations
from dure.governance.api import Governance
from dure.kernel.errors import Invalid
from dure.state import Tx


async def require_known(
    tx: Tx,
    governance: Governance,
    org: str,
    people: Sequence[str],
    channels: Sequence[str],
    who: str = "people",
) -> None:
    """Raises Invalid that names the first id the organisation does not have; people who left are still its
    people. `who` is what the caller's field of people is called."""
    if people:
        ours = {one.id for one in await governance.workspaces_in(tx) if one.org == org}
        known = {user.id for user in await governance.users_named_in(tx, people) if user.workspace in ours}
        _require(people, known, who, "nobody", "사람")
    if channels:
        _require(channels, await conversations.shared_by(tx, org, channels), "channels", "no channel", "채널")


def _require(given: Sequence[str], known: set[str], field: str, nothing: str, kind: str) -> None:
    for one in given:
        if one not in known:
            raise Invalid(
                f"The organisation has {nothing} with the id {one!r}.", field=field,
                data={"ko": f"조직에 ‘{one}’(이)라는 {kind} ID가 없습니다."},
            )  # fmt: skip
