"""Writing: the entries of a transaction, chained as the last that it does."""

from __future__ import annotations

from dure.feed.api import Event
from dure.governance.audit.model import action_of, entry_of
from dure.governance.plugs import Audited, AuditTable
from dure.kernel.origin import origin
from dure.state import Tx

_CHAIN = "select governance.chain(%s::text[], %s::text[])"


class Chain:
    """Witnesses transactions: what they told and the tables name becomes entries in the same commit."""

    def __init__(self) -> None:
        self.rows: dict[str, Audited] = {}

    def bring(self, table: AuditTable) -> None:
        """Takes on a slice's events."""
        self.rows |= {name: row for name, row in table.items() if isinstance(row, Audited)}

    async def witness(self, tx: Tx) -> None:
        told = [
            (event, row)
            for event in tx.told
            if isinstance(event, Event) and (row := self.rows.get(event.event)) and action_of(event, row)
        ]
        if told:
            here = origin()
            entries = [entry_of(event, row, here) for event, row in told]
            await tx.run(_CHAIN, ([event.org for event, _ in told], entries))
