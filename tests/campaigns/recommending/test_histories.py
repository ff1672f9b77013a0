"""What is kept of what people heard: read twice, late, in any order, it is the same."""

from __future__ import annotations

from uuid import UUID

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dure.campaigns.recommending.histories import BLOCKED, ENTRY, FOLLOWS, MOST, SAYS, Heard, merged

NOW = 1_800_000_000
MINA, YUNA = UUID(int=1), UUID(int=2)


def entries(*rows: tuple[int, int, int]) -> np.ndarray:
    """(token, seconds ago, plays)"""
    made = np.zeros(len(rows), ENTRY)
    for place, (token, ago, plays) in enumerate(rows):
        made[place] = (token, NOW - ago, plays, 0)
    return made


def word(token: int, flag: int, said: bool) -> np.ndarray:
    made = entries((token, 0, 0))
    made["flags"] = (flag if said else 0) | (flag << SAYS)
    return made


def fold(before: Heard, owner: list[int], news: np.ndarray) -> Heard:
    return merged(before, np.array(owner, np.int64), news, NOW)[0]


def as_dict(heard: Heard) -> list[dict[int, tuple[int, int, int]]]:
    return [
        {int(e["token"]): (int(e["plays"]), NOW - int(e["last"]), int(e["flags"])) for e in np.frombuffer(row, ENTRY)}
        for row in heard.rows()
    ]


def test_what_is_read_twice_counts_once_and_new_listeners_once() -> None:
    nobody = Heard.of([MINA, YUNA], [b"", b""])
    news = entries((7, 50, 2), (9, 40, 1), (7, 30, 1))
    once, fresh = merged(nobody, np.array([0, 0, 1]), news, NOW)
    assert as_dict(once) == [{7: (2, 50, 0), 9: (1, 40, 0)}, {7: (1, 30, 0)}]
    assert (fresh.tokens.tolist(), fresh.plays.tolist(), fresh.listeners.tolist()) == ([7, 9], [3, 1], [2, 1])
    twice, again = merged(once, np.array([0, 0, 1]), news, NOW)
    assert as_dict(twice) == as_dict(once)
    assert not len(again.tokens)
    later = fold(twice, [1], entries((7, 10, 4)))
    assert as_dict(later)[1] == {7: (5, 10, 0)}


def test_the_last_word_about_each_holds_and_is_no_listen() -> None:
    heard = fold(Heard.of([MINA], [b""]), [0, 0], np.concatenate([word(3, FOLLOWS, True), word(3, BLOCKED, True)]))
    assert as_dict(heard) == [{3: (0, 0, FOLLOWS | BLOCKED)}]
    heard = fold(heard, [0], word(3, BLOCKED, False))
    heard = fold(heard, [0], entries((3, 20, 1)))
    assert as_dict(heard) == [{3: (1, 0, FOLLOWS)}]


def test_a_long_history_keeps_the_newest_the_favourites_and_every_word() -> None:
    rows = [(n, n * 3_600, 1) for n in range(1, 300)]
    news = np.concatenate([entries(*rows, (900, 80 * 86_400, 60)), word(901, BLOCKED, True)])
    kept = as_dict(fold(Heard.of([MINA], [b""]), [0] * len(news), news))[0]
    assert len(kept) == MOST
    assert {1, 2, 3, 900, 901} <= set(kept)
    assert 299 not in kept


batches = st.lists(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 50)), max_size=6), max_size=5)


@given(batches)
def test_arriving_in_order_in_any_parts_gives_what_all_at_once_gives(parts: list[list[tuple[int, int]]]) -> None:
    """Each play a second later than the one before; batches may repeat the one before."""
    at, heard, plays, before = 10_000, Heard.of([MINA], [b""]), {}, np.zeros(0, ENTRY)
    for part in parts:
        new = {}
        for token, _ in part:
            at -= 1
            plays[token] = (plays.get(token, (0, 0, 0))[0] + 1, at, 0)
            new[token] = (new.get(token, (0, 0))[0] + 1, at)
        news = entries(*((token, ago, count) for token, (count, ago) in new.items()))
        for each in (before, news):
            heard = fold(heard, [0] * len(each), each)
        before = news
    assert as_dict(heard)[0] == plays
