"""What other slices fill so that a person can be taken out of them, or given all they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from dure.kernel.whom import Whom
from dure.state import Tx


class Holder(Protocol):
    """A slice that keeps something about people. `tables` are those that `erase` may touch: they are rewritten on disk
    afterwards. All three only look at the tenant of `whom`, and may be run again at any time."""

    @property
    def name(self) -> str: ...

    @property
    def tables(self) -> Sequence[str]: ...

    async def trace(self, tx: Tx, whom: Whom) -> Whom:
        """`whom` with what this slice knows of them besides: runs about them, things that are theirs."""
        ...

    async def gather(self, tx: Tx, whom: Whom) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """What is kept about them: file name → records."""
        ...

    async def erase(self, tx: Tx, whom: Whom) -> int:
        """Deletes what is theirs and blanks them in what is not; returns how many rows it touched."""
        ...
