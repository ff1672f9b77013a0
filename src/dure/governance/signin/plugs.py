"""What signing in asks of the outside, filled in `connectors`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from dure.kernel.tenant import Tenant

# `sent`: the mail server has it. `again`: it certainly has not. `lost`: it never will, or nobody can tell.
Fate = Literal["sent", "again", "lost"]


@dataclass(frozen=True, slots=True)
class Fetched:
    status: int
    body: bytes


class Postman(Protocol):
    async def send(self, to: str, subject: str, text: str, html: str, headers: Mapping[str, str], key: str) -> Fate:
        """Hands one e-mail over. `key` is the letter's own, the same at every try."""


class Fetching(Protocol):
    async def ask(
        self, tenant: Tenant, method: str, url: str, headers: Mapping[str, str], body: bytes, most: int
    ) -> Fetched:
        """Asks a provider through the guarded way out: NotAllowed for an address that is refused, OSError where
        nothing answers."""


class NoPostman:
    """Where nobody carries letters."""

    async def send(self, to: str, subject: str, text: str, html: str, headers: Mapping[str, str], key: str) -> Fate:  # noqa: ARG002
        return "lost"


class NoFetching:
    """Where nothing leaves the house."""

    async def ask(
        self, tenant: Tenant, method: str, url: str, headers: Mapping[str, str], body: bytes, most: int  # noqa: ARG002
    ) -> Fetched:  # fmt: skip
        raise OSError("there is no way out")
