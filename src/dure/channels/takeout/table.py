"""What an export of one side contains of a shared channel: kind × whose export × how the channel stands → what.

A side takes along what it could read: all that is said, with the names of those who said it, whoever they are of. Of
the others it takes neither files nor addresses nor the list of who is in it. What is past the time of its sender's side
is in no export, but where a hold of one's own keeps one's own words: then in that for compliance, to prove it. Who is
disconnected takes what was kept of the channel: with full rights a copy, without them nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from dure.channels.takeout.model import Kind

Taker = Literal["home", "away", "post_only", "stranger"]
"""The side whose home the channel is, another one, another one that may only write, and who is no side."""
Stage = Literal["connected", "private", "archived", "pending", "gone", "elsewhere"]
"""How it stands with the taker's side: connected and open, private or archived there; not connected yet; disconnected;
connected with another server, on each of the two."""
Part = Literal[
    "room", "own words", "their words", "their names", "own files", "own bytes", "their files", "their bytes",
    "their list", "their addresses", "own past", "own held", "their past", "their held",
]  # fmt: skip
"""That there is a channel; what one's own people and the others said; the names of the others who did; files, by name
and by what is in them; who else is in it; how they are reached; and of what is past its sender's time, what nobody
holds and what a hold of the sender's side keeps."""

_STAGES: tuple[Stage, ...] = get_args(Stage)
_NEVER = "nnnnnn"


def _row(**more: str) -> Mapping[Part, Mapping[Stage, bool]]:
    """A letter for each stage in order: y, n; what is not named is never in it."""
    words = {name.replace("_", " "): letters for name, letters in more.items()}
    parts: tuple[Part, ...] = get_args(Part)
    return {part: dict(zip(_STAGES, (one == "y" for one in words.get(part, _NEVER)), strict=True)) for part in parts}


_HOME = {"room": "yyyyyy", "own_words": "yyyyyy", "their_words": "yyynyy", "their_names": "yyynyy",
         "own_files": "yyyyyy"}  # fmt: skip
_AWAY = {"room": "yyynyy", "own_words": "yyynyy", "their_words": "yyynyy", "their_names": "yyynyy",
         "own_files": "yyynyy"}  # fmt: skip
_POST = {"room": "yyynny", "own_words": "yyynny", "their_words": "yyynny", "their_names": "yyynny",
         "own_files": "yyynny"}  # fmt: skip
# Files belong to who brought them, and go along with who leaves wherever they were shown.
TABLE: Mapping[Kind, Mapping[Taker, Mapping[Part, Mapping[Stage, bool]]]] = {
    "compliance": {
        "home": _row(**_HOME, own_held="yyyyyy"), "away": _row(**_AWAY, own_held="yyynyy"),
        "post_only": _row(**_POST, own_held="yyynny"), "stranger": _row(),
    },
    "leaving": {
        "home": _row(**_HOME, own_bytes="yyyyyy"), "away": _row(**_AWAY, own_bytes="yyynyy"),
        "post_only": _row(**{**_POST, "own_files": "yyynyy"}, own_bytes="yyynyy"), "stranger": _row(),
    },
}  # fmt: skip


def takes_past(kind: Kind, *, own: bool, held: bool) -> bool:
    """Whether an export contains a message that is past its sender's time."""
    return own and held and TABLE[kind]["home"]["own held"]["connected"]
