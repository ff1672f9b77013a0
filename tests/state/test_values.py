"""Lists and JSON go to PostgreSQL and come back as they were."""

from __future__ import annotations

import math
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.state import State
from dure.state.values import WholeLists, loads

pytestmark = pytest.mark.anyio


async def test_lists_come_back_as_they_were(state: State) -> None:
    texts = ["", "a", "null", 'say "hi"', "back\\slash", "{x,y}", " 나라 \n", "\t", "\\\"'", "　"]
    ids = [uuid4() for _ in range(20)]
    async with state.begin_system() as tx:
        for sent, kind in ((texts, "text[]"), (ids, "uuid[]"), ([], "text[]"), ([1, 2**40], "bigint[]"),
                           ([None, "x"], "text[]"), ([["a", "b"], ["c", "d"]], "text[]"),
                           ([0.5, 2.0], "float8[]")):  # fmt: skip
            assert await tx.value(f"select %s::{kind}", (sent,)) == sent
        assert await tx.value("select %s::uuid = any(%s)", (ids[3], ids)) is True
        told = await tx.value("select jsonb_build_object('a', 1e30, 'b', 1.5, 'c', %s::text)", ("나라",))
        assert told == {"a": 10**30, "b": 1.5, "c": "나라"}


@given(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), min_size=1, max_size=5))
async def test_any_texts_read_as_the_array_of_them(texts: list[str]) -> None:
    written = bytes(WholeLists(list).dump(texts) or b"").decode()
    read, inside, quoted, escaped = [], "", False, False
    for letter in written[1:-1]:
        if escaped:
            inside, escaped = inside + letter, False
        elif quoted and letter == "\\":
            escaped = True
        elif letter == '"':
            quoted = not quoted
            if not quoted:
                read.append(inside)
                inside = ""
        elif quoted:
            inside += letter
        else:
            assert letter == ","
    assert read == texts


def test_numbers_too_large_for_a_float_are_infinite() -> None:
    assert (loads("1e400"), loads(b'{"a": [1]}')) == (math.inf, {"a": [1]})
