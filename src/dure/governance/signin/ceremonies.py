"""What a browser is in the middle of: begun with a secret that it alone holds, ended by one look, in ten minutes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from dure.governance.signin import store
from dure.governance.signin.sessions import digest
from dure.kernel.clock import Clock
from dure.kernel.errors import NotSignedIn
from dure.state import State, Tx

_LASTS = timedelta(minutes=10)


class Ceremonies:
    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    async def begin_in(self, tx: Tx, kind: str, said: Mapping[str, object]) -> str:
        """The secret for the browser's cookie."""
        secret, now = secrets.token_urlsafe(32), self._clock.now()
        await store.begin_ceremony(tx, digest(secret), kind, said, now, now + _LASTS)
        return secret

    async def end(self, kind: str, secret: str) -> dict[str, Any]:
        """What was said when it began; NotSignedIn for one that is over, too old, or another's.

        In a transaction of its own: what fails after it does not bring it back.
        """
        said = None
        if secret:
            async with self._state.begin_system() as tx:
                said = await store.end_ceremony(tx, digest(secret), kind, self._clock.now())
        if said is None:
            raise NotSignedIn("This took too long, or was begun in another window; begin anew.")
        return said
