"""What people say of where a mention went: pure rules of what becomes of it and of what is learned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from dure.kernel.errors import Invalid
from dure.social.conflicts import conflict
from dure.social.model import Mention
from dure.social.routing.model import NOBODY, VERDICTS, Decided, Settings, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """The mention as it is afterwards, and what is kept of the decision. `changed` false: nothing was new in it."""

    mention: Mention
    verdict: Verdict
    answer: str
    refused: tuple[str, ...]
    moves: int
    owned_at: datetime | None
    changed: bool = True


def judged(
    found: Mention, before: Decided | None, verdict: str, function: str, channel: str, settings: Settings,
    now: datetime,
) -> Judged:  # fmt: skip
    """Accepted, moved to a function, refused by the one that has it, or nobody's.

    To move it to where it is accepts it. Refused, it waits for a person again and is not offered to that function.
    Conflict where nobody has it yet and somebody accepts or refuses it.
    """
    if verdict not in VERDICTS:
        raise Invalid(f"`verdict` is one of {', '.join(VERDICTS)}.", field="verdict")
    refused = tuple(before.refused) if before else ()
    moves, owned = (before.moves, before.owned_at) if before else (0, None)
    if verdict in ("accepted", "refused") and not found.function:
        raise conflict(
            "이 언급은 아직 담당이 없습니다. 팀에 배정해 주세요.",
            "Nobody has this mention; hand it to a function.",
            "verdict",
        )
    if verdict == "moved" and function == found.function and (not channel or channel == found.channel):
        verdict = "accepted"
    step = found.version + 1
    if verdict == "accepted":
        again = before is not None and (before.verdict, before.answer) == ("accepted", found.function)
        kept = found if again else replace(found, version=step)
        return Judged(kept, "accepted", found.function, refused, moves, owned, changed=not again)
    moved = moves + (1 if found.function else 0)
    if verdict == "refused":
        kept = replace(found, state="new", function="", channel="", version=step)
        return Judged(kept, "refused", found.function, (*refused, found.function), moved, None)
    if verdict == "nobody":
        kept = replace(found, state="done", function="", channel="", version=step)
        return Judged(kept, "nobody", NOBODY, refused, moved, None)
    place = channel or settings.channel_of(function)
    kept = replace(found, state="routed", function=function, channel=place, version=step)
    return Judged(kept, "moved", function, tuple(one for one in refused if one != function), moved, now)
