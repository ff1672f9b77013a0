"""Which objects a node's texts name, so that only those are fetched for it."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from liquid.exceptions import LiquidError

from dure.campaigns.design import Design, HandOver, Messaging, Node, Text, Update, Webhook
from dure.campaigns.writing.language import compiled


def names(node: Node, root: str) -> bool:
    """Whether any text of a node names `root`, such as `event`."""
    return any(root in roots(text) for text in _texts(node))


def design_names(design: Design, root: str) -> bool:
    return any(names(node, root) for node in design.nodes)


@functools.lru_cache(maxsize=1024)
def roots(text: str) -> frozenset[str]:
    """What the paths of a text begin with; nothing for a text that cannot be read."""
    if "{" not in text:
        return frozenset()
    try:
        return frozenset(compiled(text, False).analyze().globals)
    except LiquidError:
        return frozenset()


@functools.lru_cache(maxsize=1024)
def named_in(text: Text) -> frozenset[str]:
    """What the paths of all parts of a text begin with."""
    return frozenset().union(*(roots(getattr(text, part)) for part in text.__struct_fields__))


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node, Messaging):
        for text in node.texts.values():
            yield from (getattr(text, part) for part in text.__struct_fields__)
    elif isinstance(node, Webhook):
        yield from (node.url, node.body)
    elif isinstance(node, Update):
        yield from (value for value in node.traits.values() if isinstance(value, str))
    elif isinstance(node, HandOver):
        yield node.text
