"""What campaigns hold about a person: their messages, claims and consent; and that they are not written to again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.campaigns import store
from dure.campaigns.numbers import number
from dure.kernel.clock import Clock
from dure.kernel.seal import Seal
from dure.kernel.whom import Whom
from dure.state import Tx

_MESSAGES = "workspace = %(w)s and (person = any(%(people)s) or distinct_id = any(%(ids)s))"
_RESPONSES = f"workspace = %(w)s and message in (select id from campaigns.message where {_MESSAGES})"
_BEGAN = f"workspace = %(w)s and way in (select id from campaigns.way where {_MESSAGES})"
_BY_PERSON = "workspace = %(w)s and person = any(%(people)s)"
_TRIED = "workspace = %(w)s and (person = any(%(people)s) or lower(address) = any(%(addresses)s))"
_SUPPRESSED = "workspace = %(w)s and address = any(%(addresses)s)"


class CampaignHolder:
    """Addresses stay suppressed under the erasure key, so that whoever was erased gets no letter when they are
    imported once more."""

    name = "campaigns"
    tables: Sequence[str] = (
        "campaigns.message", "campaigns.way", "campaigns.snapshot", "campaigns.consent",
        "campaigns.way_out", "campaigns.suppression", "campaigns.response", "campaigns.card", "campaigns.device",
        "campaigns.began", "campaigns.trial", "campaigns.recorded", "campaigns.history", "campaigns.demand_answer",
    )  # fmt: skip

    def __init__(self, clock: Clock, seal: Seal) -> None:
        self._clock = clock
        self._seal = seal

    async def trace(self, tx: Tx, whom: Whom) -> Whom:
        """The addresses and numbers that were written to; what other channels call an address is no word for them."""
        rows = await tx.rows(
            "select distinct channel, lower(address) as a from campaigns.message"
            f" where {_MESSAGES} and channel in ('email', 'sms') and address <> ''", _of(whom),
        )  # fmt: skip
        return whom.wider(
            addresses=[row["a"] for row in rows if row["channel"] == "email"],
            phones=[row["a"] for row in rows if row["channel"] == "sms"],
        )

    async def gather(self, tx: Tx, whom: Whom) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        return {
            "campaigns-message": await tx.rows(f"select * from campaigns.message where {_MESSAGES}", _of(whom)),
            "campaigns-way": await tx.rows(f"select * from campaigns.way where {_MESSAGES}", _of(whom)),
            "campaigns-response": await tx.rows(f"select * from campaigns.response where {_RESPONSES}", _of(whom)),
            "campaigns-began": await tx.rows(f"select * from campaigns.began where {_BEGAN}", _of(whom)),
            "campaigns-card": await tx.rows(f"select * from campaigns.card where {_MESSAGES}", _of(whom)),
            "campaigns-device": await tx.rows(
                f"select id, kind, label, distinct_id, added_at, seen_at from campaigns.device where {_MESSAGES}",
                _of(whom),
            ),
            "campaigns-consent": await tx.rows(f"select * from campaigns.consent where {_BY_PERSON}", _of(whom)),
            "campaigns-trial": await tx.rows(f"select * from campaigns.trial where {_TRIED}", _of(whom)),
            "campaigns-recorded": await tx.rows(f"select * from campaigns.recorded where {_TRIED}", _of(whom)),
            "campaigns-history": await tx.rows(
                f"select person, length(entries) / 12 as entries from campaigns.history where {_BY_PERSON}", _of(whom)
            ),
            "campaigns-demand": await tx.rows(f"select * from campaigns.demand_answer where {_BY_PERSON}", _of(whom)),
            "campaigns-suppression": await tx.rows(
                f"select * from campaigns.suppression where {_SUPPRESSED}",
                _of(whom),
            ),
        }

    async def erase(self, tx: Tx, whom: Whom) -> int:
        bound = _of(whom)
        # Whoever reads the log into histories at this moment keeps none of it, and whoever notes a response to one of
        # these messages is waited for.
        await tx.run("update campaigns.recommending set erased = erased + 1 where workspace = %(w)s", bound)
        await tx.rows(f"select id from campaigns.message where {_MESSAGES} order by id for update", bound)
        gone = await tx.run(
            "delete from campaigns.way_out where workspace = %(w)s"
            f" and message in (select id from campaigns.message where {_MESSAGES})", bound,
        )  # fmt: skip
        # Messages in hand are named by their ids alone; an audience that is being taken in, by its people.
        gone += await tx.run(
            "update campaigns.snapshot set people = (select array_agg(p) from unnest(people) as p"
            " where p <> all(%(people)s)) where workspace = %(w)s and people && %(people)s", bound,
        )  # fmt: skip
        for table, where in (
            ("response", _RESPONSES), ("card", _MESSAGES), ("device", _MESSAGES), ("message", _MESSAGES),
            ("began", _BEGAN), ("way", _MESSAGES), ("consent", _BY_PERSON), ("trial", _TRIED), ("recorded", _TRIED),
            ("history", _BY_PERSON), ("demand_answer", _BY_PERSON),
        ):  # fmt: skip
            gone += await tx.run(f"delete from campaigns.{table} where {where}", bound)
        gone += await tx.run(f"delete from campaigns.suppression where {_SUPPRESSED}", bound)
        for address in (*whom.addresses, *filter(None, map(number, whom.phones))):
            sealed = store.sealed(self._seal, whom.tenant.workspace, address)
            await store.suppress(tx, whom.tenant.workspace, sealed, "erased", self._clock.now())
        return gone


def _of(whom: Whom) -> dict[str, Any]:
    return {"w": whom.tenant.workspace, "people": list(whom.people), "ids": list(whom.ids),
            "addresses": list(whom.addresses)}  # fmt: skip
