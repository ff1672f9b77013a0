"""The kinds of recommendations, for many people at once. Pure: a shelf, histories, and lots go in, choices come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from dure.campaigns.recommending.factors import folded_in, folded_in_exactly
from dure.campaigns.recommending.histories import BLOCKED, FOLLOWS, Heard
from dure.campaigns.recommending.model import Kind, Why
from dure.campaigns.recommending.shelf import Shelf

BASIS = 40
"""Of a person's entries, the newest: what they liked a year ago says little of tonight."""
LONG_AGO = 28 * 86_400
_FADES = 30 * 86_400.0
_BIG = np.float32(1e9)
_DENSE = 2_000  # people whose scores for everything are held at once
_EXPLORES = 0.3
_FEW = 20

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pick:
    """A candidate's place on the shelf, and why."""

    place: int
    why: Why
    score: float


@dataclass(frozen=True, slots=True)
class Leaning:
    """What is known of somebody who heard nothing yet."""

    genre: str = ""
    language: str = ""


def choose(
    shelf: Shelf, heard: Heard, kind: Kind, count: int, now: int, *, order: Sequence[Sequence[Kind]] = (),
    leaning: Mapping[int, Leaning] | None = None,
) -> list[list[Pick]]:  # fmt: skip
    """Up to `count` picks for each person, best first, none that they heard or blocked.

    `order` gives each person's order of kinds for the blend. `together`, `collaborative`, `popular` and the blend are
    filled up with what is popular in the person's genre and then at all; `live`, `resurrect` and `new` say nothing
    rather than something else.
    """
    crowd = Crowd.of(shelf, heard, now)
    people = len(heard.people)
    found: list[list[Pick]] = [[] for _ in range(people)]
    if kind == "blend":
        for turn in range(max((len(each) for each in order), default=0)):
            groups: dict[Kind, list[int]] = {}
            for person in range(people):
                if not found[person] and turn < len(order[person]):
                    groups.setdefault(order[person][turn], []).append(person)
            for each, members in groups.items():
                some = np.array(members)
                for person, picks in zip(members, _scored(shelf, crowd.only(some), each, count), strict=True):
                    found[person] = picks
    else:
        found = _scored(shelf, crowd, kind, count)
    if kind in ("blend", "together", "collaborative", "popular"):
        hits = Hits(shelf, crowd, leaning or {})
        for person in range(people):
            if len(found[person]) < count:
                hits.fill(person, found[person], count)
    return found


@dataclass(frozen=True)
class Crowd:
    """Histories as matrices of people × tokens: what weighs, what was heard, what is blocked."""

    basis: Any
    seen: Any
    blocked: Any
    creators: Any
    long_ago: Any
    lately: Any
    genre: Sequence[str]
    lots: NDArray[np.uint64]

    @classmethod
    def of(cls, shelf: Shelf, heard: Heard, now: int) -> Crowd:
        entries, owner = heard.entries, heard.owner
        there = entries["token"] < shelf.rows
        entries, owner = entries[there], owner[there]
        shape = (len(heard.people), shelf.rows)
        token = entries["token"].astype(np.int64)
        age = np.maximum(now - entries["last"].astype(np.int64), 0)
        plays = entries["plays"].astype(np.float32)
        played = entries["plays"] > 0
        follows = (entries["flags"] & FOLLOWS) > 0
        worth = (np.log1p(plays) * 0.5 ** (age / _FADES)).astype(np.float32)
        newest = np.lexsort((age, owner))
        rank = np.empty(len(owner), np.int64)
        starts = np.searchsorted(owner[newest], np.arange(shape[0]))
        rank[newest] = np.arange(len(owner)) - starts[owner[newest]]

        def matrix(values: NDArray[np.float32], which: NDArray[np.bool_]) -> Any:
            # Entries lie by person already, so rows need no sorting.
            sizes = np.bincount(owner[which], minlength=shape[0])
            bounds = np.concatenate([[0], np.cumsum(sizes)])
            return sparse.csr_matrix((values[which], token[which], bounds), shape=shape)

        ones = np.ones(len(token), np.float32)
        told = newest[(shelf.named[token] & played)[newest]]
        newest_of = np.zeros(shape[0], np.int64)
        some, first = np.unique(owner[told], return_index=True)
        newest_of[some] = token[told[first]]
        return cls(
            matrix(worth, played & (rank < BASIS)), matrix(ones, played),
            matrix(ones, (entries["flags"] & BLOCKED) > 0),
            matrix(worth + 2 * follows.astype(np.float32), played | follows),
            matrix(np.log1p(plays), (age > LONG_AGO) & (plays >= 2)), matrix(ones, played & (age <= LONG_AGO)),
            [shelf.genres[one] for one in newest_of.tolist()],
            np.array([person.int & 0xFFFF_FFFF_FFFF_FFFF for person in heard.people], np.uint64),
        )  # fmt: skip

    def only(self, some: Ints) -> Crowd:
        """These people of it, in this order."""
        return Crowd(
            self.basis[some], self.seen[some], self.blocked[some], self.creators[some], self.long_ago[some],
            self.lately[some], [self.genre[one] for one in some.tolist()], self.lots[some],
        )  # fmt: skip


def _scored(shelf: Shelf, crowd: Crowd, kind: Kind, count: int) -> list[list[Pick]]:
    if kind == "popular" or not len(shelf.items):
        return [[] for _ in crowd.genre]
    if kind == "collaborative":
        return _collaborative(shelf, crowd, count)
    why = cast("Why", kind)
    weights, reach, seen = {
        "together": (crowd.basis, shelf.together, crowd.seen),
        "live": (crowd.creators, shelf.live, crowd.seen),
        "resurrect": (crowd.long_ago, shelf.favourite, crowd.lately),
        "new": (crowd.basis, shelf.new, crowd.seen),
    }[kind]
    scores = (weights @ reach + _barred(shelf, crowd, seen)).tocsr()
    if kind == "new":
        # Likely ones are tried in another order for each person, so that all of them get to be known.
        row = np.repeat(np.arange(scores.shape[0]), np.diff(scores.indptr))
        scores.data *= 1 + _EXPLORES * _lot(crowd.lots[row], scores.indices)
    return _best(scores, why, count)


def _barred(shelf: Shelf, crowd: Crowd, seen: Any) -> Any:
    """So far below zero that nothing brings it back: what was heard, and what is blocked itself or by its creator."""
    return -_BIG * (seen @ shelf.own + crowd.blocked @ shelf.favourite)


def _best(scores: Any, why: Why, count: int) -> list[list[Pick]]:
    """The largest above zero of each row; of equals the one that stands first."""
    found: list[list[Pick]] = []
    starts, indices, data = scores.indptr.tolist(), scores.indices, scores.data
    for begin, end in pairwise(starts):
        values = data[begin:end]
        if end - begin > 4 * count + 16:
            some = np.argpartition(values, len(values) - count)[len(values) - count :]
            pairs = zip(values[some].tolist(), indices[begin:end][some].tolist(), strict=True)
        else:
            pairs = zip(values.tolist(), indices[begin:end].tolist(), strict=True)
        best = sorted((-score, place) for score, place in pairs if score > 0)[:count]
        found.append([Pick(place, why, -score) for score, place in best])
    return found


def _collaborative(shelf: Shelf, crowd: Crowd, count: int) -> list[list[Pick]]:
    if shelf.factors is None or shelf.learned is None:
        return [[] for _ in crowd.genre]
    found: list[list[Pick]] = []
    keep = min(count, len(shelf.items))
    for start in range(0, crowd.seen.shape[0], _DENSE):
        some = slice(start, start + _DENSE)
        heard = crowd.seen[some]
        people = (
            folded_in_exactly(shelf.learned, shelf.gram, heard)
            if shelf.gram is not None and heard.shape[0] <= _FEW
            else folded_in(shelf.learned, heard)
        )
        scores = people @ shelf.factors.T
        barred = _barred(shelf, crowd.only(np.arange(start, start + heard.shape[0])), heard).tocoo()
        scores[barred.row, barred.col] = -np.inf
        top = np.argpartition(scores, scores.shape[1] - keep, axis=1)[:, scores.shape[1] - keep :]
        value = np.take_along_axis(scores, top, axis=1)
        order = np.lexsort((top, -value), axis=1)
        top, value = np.take_along_axis(top, order, axis=1), np.take_along_axis(value, order, axis=1)
        for places, each in zip(top.tolist(), value.tolist(), strict=True):
            found.append(
                [Pick(place, "collaborative", score) for place, score in zip(places, each, strict=True) if score > 0]
            )
    return found


class Hits:
    """What is popular now, for one person after the other."""

    def __init__(self, shelf: Shelf, crowd: Crowd, leaning: Mapping[int, Leaning]) -> None:
        self._shelf, self._crowd, self._leaning = shelf, crowd, leaning
        barred = _barred(shelf, crowd, crowd.seen).tocsr()
        self._starts, self._barred = barred.indptr.tolist(), barred.indices

    def fill(self, person: int, picks: list[Pick], count: int) -> None:
        """Adds hits of the person's genre, then hits of any; of somebody new those first that are in their language."""
        shelf, leaning = self._shelf, self._leaning.get(person, Leaning())
        barred = set(self._barred[self._starts[person] : self._starts[person + 1]].tolist())
        taken = barred | {pick.place for pick in picks}
        genre = self._crowd.genre[person] or leaning.genre
        rounds: list[tuple[Why, Ints, bool]] = [("popular", shelf.hits, False)]
        if genre in shelf.hits_of and genre:
            rounds.insert(0, ("genre", shelf.hits_of[genre], False))
        if leaning.language:
            rounds = [(why, hits, spoken) for why, hits, _ in rounds for spoken in (True, False)]
            rounds.sort(key=lambda each: not each[2])
        for why, hits, spoken in rounds:
            for place in hits:
                if len(picks) >= count:
                    return
                at = int(place)
                if at in taken or (spoken and shelf.items[at].language not in ("", leaning.language)):
                    continue
                picks.append(Pick(at, why, float(shelf.heat[at])))
                taken.add(at)


def _lot(people: NDArray[np.uint64], places: NDArray[Any]) -> NDArray[np.float32]:
    """A number from 0 to 1 that is always the same for a person and a candidate (splitmix64)."""
    with np.errstate(over="ignore"):
        x = people + (places.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x ^= x >> np.uint64(31)
    lots: NDArray[np.float32] = (x >> np.uint64(40)).astype(np.float32) / np.float32(1 << 24)
    return lots
