"""A query with ids in place of the names that people write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dure.channels.search.query import Query
from dure.channels.search.words import label, wanted_marks
from dure.channels.store.search import Readable, Sought
from dure.governance.api import User
from dure.kernel.folding import fold, fold_name, wanted

# The index is asked by conversation where somebody may look into no more than these.
_FEW = 8
_FOREVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Known:
    """Who asks, whom they can name and which conversations they may read."""

    me: str
    home: str
    people: Sequence[User]
    rooms: Mapping[str, Readable]

    def users(self, name: str) -> set[str]:
        if name == "me":
            return {self.me}
        return {user.id for user in self.people if _is(user, name, self.home)}

    def places(self, name: str) -> set[str]:
        """Channels of this name, or the direct conversation with whoever has it."""
        folded = fold(name)
        found = {one.id for one in self.rooms.values() if name in (one.id, one.name)}
        found |= {one.id for one in self.rooms.values() if fold_name(one.name) == folded != " "}
        if name.startswith("@") or not found:
            for user in self.users(name.lstrip("@")):
                found |= {one.id for one in self.rooms.values() if set(one.people) == {self.me, user}}
        return found


def look_up(query: Query, known: Known) -> tuple[Sought, list[str]]:
    """What the index is asked, and the names that nobody and no conversation has."""
    unknown: list[str] = []

    def users(names: Sequence[str], sign: str) -> list[str]:
        found: set[str] = set()
        for name in names:
            these = known.users(name)
            unknown.extend([] if these else [sign + name])
            found |= these
        return sorted(found)

    def places(names: Sequence[str], sign: str) -> set[str]:
        found: set[str] = set()
        for name in names:
            these = known.places(name)
            unknown.extend([] if these else [sign + name])
            found |= these
        return found

    by, not_by, to = users(query.by, "from:"), users(query.not_by, "-from:"), users(query.to, "to:")
    allowed = places(query.places, "in:") if query.places else set(known.rooms)
    allowed -= places(query.not_places, "-in:")
    groups = [[label("from", user) for user in by], [label("to", user) for user in to]]
    if len(allowed) <= _FEW:
        groups.append([label("in", room) for room in sorted(allowed)])
    marks = {mark for want in query.wants for mark in wanted_marks(want)}
    marks |= {label(*one) for one in query.labels} | {group[0] for group in groups if len(group) == 1}
    until = _FOREVER if query.until is None else query.until
    return Sought(
        sorted(allowed), query.wants, query.shuns, sorted(marks), [group for group in groups if len(group) > 1],
        [label(*one) for one in query.not_labels], by, not_by, query.since, until,
    ), unknown  # fmt: skip


def _is(user: User, name: str, home: str) -> bool:
    """Whether a name or an id means this person, or for people of one's own workspace a handle."""
    if name == user.id:
        return True
    names = [user.name, user.display, user.name.replace(" ", ""), user.name.replace(" ", ".")]
    if user.workspace == home:
        names.append(user.email.split("@")[0])
    asked = wanted(name, whole=True).strip()
    return bool(asked) and asked in {fold_name(one).strip() for one in names if one}
