"""What others fill: a storage that takes whole objects."""

from __future__ import annotations

from typing import Protocol

from dure.exports.model import Place
from dure.kernel.tenant import Tenant


class Storage(Protocol):
    """Takes an object under a name and has it durably when it returns; the same name again replaces it whole.

    Raises `dure.kernel.errors.DureError` or OSError with a message that may be shown; never with the secret in it.
    """

    async def put(self, tenant: Tenant, place: Place, secret: str, name: str, content: bytes) -> None: ...
