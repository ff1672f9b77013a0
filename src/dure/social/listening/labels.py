"""Saved queries as labels: all of them over a batch of mentions at once, when it arrives or is set right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from dure.social.listening import store
from dure.social.listening.matching import Matcher, doc_of
from dure.social.listening.model import SavedQuery
from dure.social.listening.parse import parse
from dure.social.listening.query import Node, without
from dure.social.model import Mention
from dure.state import Tx


async def labelled(tx: Tx, workspace: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions with the ids of the saved queries that they fit as their `themes`. What the company wrote itself
    is nothing that was heard."""
    saved = await store.queries(tx, workspace)
    if not saved:
        return [replace(one, themes=()) if one.themes else one for one in mentions]
    matcher = _matcher(tuple(saved))
    fitting = matcher.fitting([doc_of(one) for one in mentions])
    labels = [() if one.own else themes for one, themes in zip(mentions, fitting, strict=True)]
    return [
        replace(one, themes=themes) if themes != one.themes else one
        for one, themes in zip(mentions, labels, strict=True)
    ]


def nodes_of(saved: Sequence[SavedQuery]) -> dict[str, Node]:
    """Every saved query by its id, less what it leaves out."""
    return {str(one.id): node_of(one.text, one.leaves_out, saved) for one in saved}


def node_of(text: str, leaves_out: str, saved: Sequence[SavedQuery], inside: tuple[str, ...] = ()) -> Node:
    """A query in which `theme:` stands for what a saved theme says. One that would contain itself is no theme."""

    def theme(name: str) -> Node | None:
        wanted = name.casefold()
        for one in saved:
            if wanted in (str(one.id), one.name.casefold()) and str(one.id) not in inside and len(inside) < _DEEPEST:
                return node_of(one.text, one.leaves_out, saved, (*inside, str(one.id)))
        return None

    left_out = parse(leaves_out, theme, field="leaves_out") if leaves_out.strip() else None
    return without(parse(text, theme), left_out)


_DEEPEST = 5


# A query's row says by its version what it finds.
@lru_cache(maxsize=64)
def _matcher(saved: tuple[SavedQuery, ...]) -> Matcher[str]:
    return Matcher(nodes_of(saved).items())
