"""`dure`, which kills itself (-9) at a place of federation that `DIES=place:n` names, the nth time it passes there."""

from __future__ import annotations

import os
import signal

from dure.__main__ import main
from dure.channels.federation.api import Federation

_PLACE, _, _TIMES = os.environ.get("DIES", "").partition(":")
_left = [int(_TIMES or 0)]


def passing(place: str) -> None:
    if place == _PLACE:
        _left[0] -= 1
        if _left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Dying(Federation):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.inward.passing = self.sending.passing = passing


if __name__ == "__main__":
    if _PLACE:
        from dure.wiring import federation as composition

        composition.Federation = Dying  # type: ignore[misc,attr-defined]
    main()
