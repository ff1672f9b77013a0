"""What can be recommended at this moment, laid out as matrices so that thousands of people are answered at once.

Rows are tokens (what people heard), columns are candidates: items that are neither blocked nor ended. One
multiplication of people's histories with one of these matrices scores every candidate for all of them.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from dure.campaigns.recommending.model import Item, Token
from dure.campaigns.recommending.reading import HALF_LIFE

NEW = timedelta(days=14)
_KNOWN = 5  # an item that so many heard speaks for itself, one that fewer heard by its creator
_MAKER, _MAKER_OF_UNKNOWN, _MAKERS_HEAT = 0.5, 1.0, 0.1

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Shelf:
    """Candidates at a moment. `own` and `maker` say which token is which candidate, and whose; the rest scores."""

    at: datetime
    items: Sequence[Item]
    place: Mapping[str, int]
    own: Any
    maker: Any
    together: Any
    live: Any
    favourite: Any
    new: Any
    factors: Floats | None
    learned: Floats | None
    gram: Floats | None
    heat: Floats
    hits: Ints
    hits_of: Mapping[str, Ints]
    genres: Sequence[str]
    named: NDArray[np.bool_]

    @property
    def rows(self) -> int:
        return int(self.own.shape[0])


def laid_out(
    items: Collection[Item], blocked: Collection[str], tokens: Sequence[Token], tastes: Mapping[str, bytes],
    at: datetime,
) -> Shelf:  # fmt: skip
    """The shelf as it is at `at`. `blocked` are creators none of whose items is recommended."""
    able = [
        item
        for item in items
        if item.recommendable(at)
        and item.creator not in blocked
        and not (item.kind == "creator" and item.id in blocked)
    ]
    number: dict[tuple[str, str], int] = {(token.what, token.id): token.number for token in tokens}
    height = max((token.number for token in tokens), default=0) + 1
    own = np.array([number.get(("creator" if one.kind == "creator" else "item", one.id), 0) for one in able], np.int64)
    maker = np.array([number.get(("creator", one.creator), 0) if one.creator else 0 for one in able], np.int64)
    listeners, heat = np.zeros(height), np.zeros(height)
    now = at.timestamp()
    genres = [""] * height
    for token in tokens:
        listeners[token.number], genres[token.number] = token.listeners, token.genre
        heat[token.number] = token.heat * 0.5 ** (max(now - token.heat_at, 0) / HALF_LIFE)
    shape = (height, len(able))
    own_of, maker_of = _pairs(own, shape), _pairs(maker, shape)
    weight = np.where(listeners[own] >= _KNOWN, _MAKER, _MAKER_OF_UNKNOWN).astype(np.float32)
    reach = own_of + maker_of @ sparse.diags(weight)
    near = _read_near(tastes.get("together"), height)
    together = (near @ reach).tocsr() if near is not None else sparse.csr_matrix(shape, dtype=np.float32)
    learned = _read_factors(tastes.get("collaborative"), height)
    warm = (heat[own] * (own > 0) + _MAKERS_HEAT * heat[maker] * (maker > 0)).astype(np.float32)
    hits = np.lexsort((np.arange(len(able)), -warm))
    hits_of: dict[str, list[int]] = defaultdict(list)
    for candidate in hits.tolist():
        hits_of[able[candidate].genre].append(candidate)
    on_air = np.array([_on_air(one, at) for one in able], bool)
    fresh = np.array([_first(one, at) > at - NEW for one in able], bool)
    return Shelf(
        at, able, {one.id: index for index, one in enumerate(able)}, own_of, maker_of, together,
        _only(maker_of + own_of, on_air), (own_of + maker_of).tocsr(),
        _only(_likeness(items, able, genres, number, height) + 0.5 * together, fresh),
        _factors_of(learned, own, maker, listeners), learned,
        None if learned is None else learned.T @ learned, warm, hits,
        {genre: np.array(places, np.int64) for genre, places in hits_of.items()}, genres,
        np.array([bool(genre) for genre in genres], bool),
    )  # fmt: skip


def packed_near(near: Any) -> bytes:
    """Neighbours as they are kept; cosines need no more than half precision."""
    return _packed(data=near.data.astype(np.float16), indices=near.indices.astype(np.int32), indptr=near.indptr)


def packed_factors(factors: Floats) -> bytes:
    return _packed(factors=factors)


def _packed(**arrays: NDArray[Any]) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def _read_near(kept: bytes | None, height: int) -> Any:
    if kept is None:
        return None
    with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
        starts = arrays["indptr"]
        # Tokens that came after the model was made have no neighbours yet.
        grown = np.concatenate([starts, np.full(max(0, height + 1 - len(starts)), starts[-1])])[: height + 1]
        upto = int(grown[-1])
        data = arrays["data"][:upto].astype(np.float32)
        return sparse.csr_matrix((data, arrays["indices"][:upto], grown), shape=(height, height))


def _read_factors(kept: bytes | None, height: int) -> Floats | None:
    if kept is None:
        return None
    with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
        factors: Floats = arrays["factors"]
    grown: Floats = np.zeros((height, factors.shape[1]), np.float32)
    grown[: min(height, len(factors))] = factors[:height]
    return grown


def _factors_of(learned: Floats | None, own: Ints, maker: Ints, listeners: NDArray[np.float64]) -> Floats | None:
    """A candidate's own vector where enough people heard it, else its creator's."""
    if learned is None:
        return None
    by = np.where((own > 0) & ((listeners[own] >= _KNOWN) | (maker == 0)), own, maker)
    found: Floats = learned[by] * (by > 0)[:, None]
    return found


def _likeness(
    items: Collection[Item], able: Sequence[Item], genres: Sequence[str], number: Mapping[tuple[str, str], int],
    height: int,
) -> Any:  # fmt: skip
    """Tokens × candidates by what the catalogue says of both: creator, genre, language, attributes. A trait that many
    items share says less."""
    names: dict[tuple[str, str], int] = {}

    def traits(one: Item) -> list[int]:
        said = [("genre", one.genre), ("language", one.language), ("creator", one.creator)]
        said += [(key, str(value)) for key, value in one.attributes.items()]
        return [names.setdefault(each, len(names)) for each in said if each[1]]

    of_candidates = [traits(one) for one in able]
    of_tokens: dict[int, list[int]] = {}
    for one in items:
        token = number.get(("creator" if one.kind == "creator" else "item", one.id), 0)
        if token:
            of_tokens[token] = traits(one)
    for token, genre in enumerate(genres):
        if genre and token not in of_tokens:
            of_tokens[token] = [names.setdefault(("genre", genre), len(names))]
    for named, token in number.items():
        if named[0] == "creator":
            of_tokens.setdefault(token, []).append(names.setdefault(named, len(names)))
    candidates = _traits(list(enumerate(of_candidates)), len(able), len(names))
    common = np.asarray((candidates > 0).sum(axis=0)).ravel()
    rare = sparse.diags(1 / np.log2(2.0 + common)).astype(np.float32)
    return (_traits(list(of_tokens.items()), height, len(names)) @ rare @ candidates.T).tocsr()


def _traits(rows: Sequence[tuple[int, Sequence[int]]], height: int, width: int) -> Any:
    places = [(row, trait) for row, traits in rows for trait in traits]
    if not places:
        return sparse.csr_matrix((height, width), dtype=np.float32)
    at = np.array(places)
    return sparse.csr_matrix((np.ones(len(at), np.float32), (at[:, 0], at[:, 1])), shape=(height, width))


def _pairs(token: Ints, shape: tuple[int, int]) -> Any:
    there = np.flatnonzero(token)
    return sparse.csr_matrix((np.ones(len(there), np.float32), (token[there], there)), shape=shape)


def _only(matrix: Any, columns: NDArray[np.bool_]) -> Any:
    kept = (matrix @ sparse.diags(columns.astype(np.float32))).tocsr()
    kept.eliminate_zeros()
    return kept


def _on_air(item: Item, at: datetime) -> bool:
    return item.kind == "broadcast" and item.live_from is not None and item.recommendable(at)


def _first(item: Item, at: datetime) -> datetime:
    """When an item began to be there."""
    return item.live_from or item.created_at or at
