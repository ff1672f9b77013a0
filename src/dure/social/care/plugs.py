"""Who measures how long customers wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dure.kernel.tenant import Tenant
from dure.social.care.model import Conversation, Why
from dure.state import Tx


@dataclass(frozen=True, slots=True)
class Move:
    """A change of a conversation, from what it was to what it is, why, and when that was."""

    before: Conversation | None
    after: Conversation
    why: Why
    at: datetime


class Clocks(Protocol):
    """Is told of every change of a conversation that a clock may depend on, within the transaction that makes it; of
    all that a transaction makes at once, those of a conversation in their order.

    `before` is None where the conversation was just opened (by a message of the customer: `in`). `in` is a message of
    the customer, posted at `at`; `out` an answer of a person that stands where the customer can read it since `at`,
    never one of an automation or a bot, nor one whose outcome nobody knows. `state` names any change of state, also a
    reopening by a message, which is told after its `in`. `assigned`, `team` and `priority` are changes of these.
    When a clock that runs is due next is kept with the conversation by `care.store.set_due`, in the same transaction.
    """

    async def moved(self, tx: Tx, tenant: Tenant, moves: Sequence[Move]) -> None: ...
