"""What others may put in social's place: a stronger reader of texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dure.social.model import Reading


class Reader(Protocol):
    """Says what short public texts are about. `reading.builtin.BuiltInReader` is the one in the box.

    Called off the event loop with up to a thousand texts; one reading a text, in the same order. The values are those
    of `model.INTENTS` and `model.TOPICS`. A reader that asks a service answers slowly at worst, it does not raise for
    one bad text.
    """

    def read(self, texts: Sequence[str]) -> list[Reading]: ...
