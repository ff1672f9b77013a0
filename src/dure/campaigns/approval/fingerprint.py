"""What an approval is bound to: SHA-256 over a design and all that it refers to, written in one way only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from dure.experiments.api import Experiments
from dure.governance.api import Principal
from dure.segments.api import Segments, as_json


def fingerprint(design: Mapping[str, Any], referred: Mapping[str, Any]) -> str:
    """64 hexadecimal digits. Keys in order, no spaces, UTF-8; a whole number is the same written 1 or 1.0."""
    # Designs got their guardrails later: one without any is what it was before.
    design = {name: value for name, value in design.items() if name != "guardrails" or value}
    told = json.dumps(_plain({"design": design, "refers": referred}), sort_keys=True, separators=(",", ":"),
                      ensure_ascii=False)  # fmt: skip
    return hashlib.sha256(told.encode()).hexdigest()


def segments_in(value: Any) -> set[str]:
    """The segments that a design, or a rule, names anywhere within."""
    return {str(one["segment"]) for one in _objects(value) if one.get("kind") == "in" and one.get("segment")}


async def referred(
    segments: Segments, experiments: Experiments, principal: Principal, design: Mapping[str, Any]
) -> dict[str, Any]:
    """What a design stands on: its experiment with the flags that give out its arms, the rules of the segments that
    both name, and of those that these stand on; None for what is gone."""
    found = dict[str, Any]()
    if experiment := design.get("experiment"):
        found[f"experiment {experiment}"] = await experiments.bound(principal, experiment)
    wanted = sorted(segments_in([design, found]))
    if wanted:
        every = await segments.segments(principal)
        rules = {one.id: as_json(one.rule) for one in every}
        rules |= {one.built_in: rules[one.id] for one in every if one.built_in}
        while wanted:
            name = wanted.pop()
            found[f"segment {name}"] = rules.get(name)
            wanted += sorted(one for one in segments_in(rules.get(name)) if f"segment {one}" not in found)
    return found


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for each in value.values():
            yield from _objects(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _objects(each)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
