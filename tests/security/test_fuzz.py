"""Requests that nobody thought of, made from the OpenAPI document with one seed: none is answered by a 5xx.

`make fuzz` has an independent checker ask as well; what once was an error of ours is asked here again.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from urllib.parse import quote

import pytest

from tests.security.description import ODD, OF_KIND
from tests.security.house import LEFT_OUT, NONE, Two

pytestmark = pytest.mark.anyio

EXAMPLES = int(os.environ.get("DURE_FUZZ_EXAMPLES", "2"))
SEED = int(os.environ.get("DURE_FUZZ_SEED", "9"))

# Method, address, body: each of these was answered by a 500 before it was mended.
ONCE = [
    ("POST", "apps", {"manifest": "2026-11-25"}), ("POST", "apps", {"manifest": "1: x"}),
    ("POST", "apps", {"manifest": "!!binary aGk="}), ("POST", "apps/validate", {"manifest": "a: 2026-11-25T00:00:00Z"}),
    ("POST", "listening/preview", {"text": "NOT " * 400 + "x"}),
    ("POST", "listening/preview", {"text": "- " * 900 + "x"}),
    ("POST", "query", {"kind": "trend", "series": [{"event": "x"}], "formula": "-" * 1500 + "A"}),
    ("POST", "query", {"kind": "trend", "series": [{"event": "x"}], "formula": "A" + "+A" * 1500}),
]  # fmt: skip


async def test_what_once_was_an_error_of_ours_is_none(two: Two) -> None:
    for method, path, body in ONCE:
        answer = await two.ask(two.cast.token, method, f"/api/v1/{path}", body)
        assert answer.status_code < 500, f"{method} {path}: {answer.status_code} {answer.text[:200]}"


async def test_no_request_made_of_the_description_is_an_error_of_ours(two: Two) -> None:
    chance, failed, answers = random.Random(SEED), {}, Counter[int]()
    governance, mina, token = two.house.governance, two.cast.mina, two.cast.token
    for ids in two.known.values():  # who asks neither puts themselves out nor becomes somebody else
        ids[:] = [one for one in ids if one != mina.user]
    for operation in two.described.operations:
        if (
            LEFT_OUT.search(operation.path)
            or "/policies" in operation.path
            or (operation.method == "DELETE" and "{" not in operation.path)
        ):
            continue
        for number in range(EXAMPLES):
            path, query = operation.path, {}
            for parameter, noun in operation.named():
                odd = str(chance.choice([one for one in OF_KIND["string"] if one and "/" not in one]))
                there = two.of(noun, parameter)
                path = path.replace(
                    "{" + parameter + "}", quote(there if number % 2 == 0 and there != NONE else odd, safe=""), 1
                )
            for one in operation.parameters:
                if one["in"] == "query" and (one.get("required") or chance.random() < 0.6):
                    value = two.described.odd(one.get("schema", {}), chance)
                    query[one["name"]] = value if isinstance(value, int | float) else str(value)[:1000]
            body = two.described.odd(operation.body, chance) if operation.body else None
            if operation.form and isinstance(body, dict):
                body = {key: str(value) for key, value in body.items()}
            elif chance.random() < 0.1:
                body = chance.choice(ODD)
            answer = await two.ask(token, operation.method, path, body, query, form=operation.form)
            if answer.status_code == 401:  # what was asked before ended it
                token = await governance.create_token(mina, "user", mina.user, ["*"])
                answer = await two.ask(token, operation.method, path, body, query, form=operation.form)
            answers[answer.status_code] += 1
            if answer.status_code >= 500 and answer.status_code != 503:
                failed[str(operation)] = f"{answer.status_code} {path} {query} {str(body)[:300]}"
    print(f"{answers.total()} requests of {len(two.described.operations)} operations: {dict(answers.most_common())}")  # noqa: T201
    assert failed == {}, "\n".join(f"{name}: {what}" for name, what in failed.items())
    assert answers.total() > 1000
    assert answers[401] < 20  # it was good nearly always
    assert answers[200] > 200
