"""Publishing's decisions without I/O."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dure.governance.api import Principal
from dure.kernel.errors import Invalid
from dure.social.conflicts import conflict
from dure.social.publishing.model import EDITABLE, UTM, Content, Fate, Plan, Rules, State, Variant

TITLE, TEXT, WORDS, SOURCES = 140, 60_000, 4_000, 20


def check(content: Content) -> Content:
    """The content as it is kept; Invalid names the field."""
    title = " ".join(content.title.split())
    if not 1 <= len(title) <= TITLE:
        raise Invalid(f"`title` has 1 to {TITLE} characters.", field="title")
    if len(content.text) > TEXT:
        raise Invalid(f"`text` has at most {TEXT:,} characters.", field="text")
    if len(content.campaign) > 100 or len(content.language) > 10:
        long = "campaign" if len(content.campaign) > 100 else "language"
        raise Invalid(f"`{long}` is too long.", field=long)
    if len(content.wordings) > SOURCES:
        raise Invalid(f"At most {SOURCES} sources.", field="wordings")
    seen = set()
    for number, one in enumerate(content.wordings):
        field = f"wordings[{number}]"
        if one.source in seen:
            raise Invalid("Each source once.", field=f"{field}.source")
        seen.add(one.source)
        if len(one.text or "") > TEXT:
            raise Invalid(f"`text` has at most {TEXT:,} characters.", field=f"{field}.text")
        if len(one.title) > 300 or len(one.place) > 200:
            raise Invalid("That is too long.", field=f"{field}.{'title' if len(one.title) > 300 else 'place'}")
        check_utm(one.utm, f"{field}.utm")
    return replace(content, title=title, campaign=content.campaign.strip(), wordings=tuple(content.wordings))


def check_utm(utm: Mapping[str, str], field: str = "utm") -> None:
    for name, value in utm.items():
        if name not in UTM:
            raise Invalid(f"`{name}` is none of {', '.join(UTM)}.", field=field)
        if len(value) > 200:
            raise Invalid(f"`{name}` has at most 200 characters.", field=f"{field}.{name}")


def edited(plan: Plan, content: Content) -> Sequence[Variant]:
    """The variants of a new content. What stands there already, or may, is neither changed nor left out."""
    if plan.state not in EDITABLE:
        raise conflict(
            "게시 중이거나 이미 게시했습니다. 복사해서 고쳐 주세요.",
            "It is on its way or was published: make a copy of it.",
            "state",
        )
    before = {one.wording.source: one for one in plan.variants}
    made = []
    for wording in content.wordings:
        known = before.pop(wording.source, None)
        if known is None:
            made.append(Variant(wording))
        elif known.fate in ("said", "unknown"):
            made.append(known)
        else:
            made.append(replace(known, wording=wording, fate="waiting", tries=0, sent="", outcome={}))
    for one in before.values():
        if one.fate in ("said", "unknown"):
            raise conflict(
                "이미 게시한 곳은 뺄 수 없습니다.", "What was published there stays in the plan.", "wordings"
            )
    return tuple(made)


def ended(fates: Iterable[Fate]) -> State:
    """What a plan is once nothing of it waits any more."""
    found = set(fates)
    if "unknown" in found:
        return "unknown"
    if found == {"said"}:
        return "published"
    return "partly" if "said" in found else "failed"


def why_not(rules: Rules, who: Principal, authors: Collection[str]) -> str:
    """Why somebody may not approve: a code, "" where they may. Only people do, in their own name."""
    if who.kind != "user" or not who.user:
        return "not_a_person"
    if rules.approvers and who.user not in rules.approvers:
        return "not_an_approver"
    return "own" if who.user in authors and not rules.own else ""


def words(text: str, field: str, *, needed: bool = False) -> str:
    text = text.strip()
    if len(text) > WORDS:
        raise Invalid(f"At most {WORDS:,} characters.", field=field)
    if needed and not text:
        raise Invalid("Say something.", field=field)
    return text


def ahead(at: datetime, now: datetime) -> datetime:
    """A time to publish at; Invalid for one that has passed or has no zone."""
    if at.tzinfo is None:
        raise Invalid("`due_at` needs an offset, such as +09:00.", field="due_at")
    if at < now:
        raise Invalid("That time has passed.", field="due_at")
    return at


def told(plan: Plan) -> dict[str, Any]:
    """A plan's networks' own words, for an event."""
    return {
        "fates": {str(one.wording.source): one.fate for one in plan.variants},
        "urls": [one.url for one in plan.variants if one.url],
    }
