"""The lab: each test has a workspace of its own, and those of a module share the databases."""

from __future__ import annotations

import itertools
import random
import string
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from dure.log.api import Log
from dure.state import State
from tests.databases import copied
from tests.experiments.lab import Lab, open_lab

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
async def shared_state(postgres_url: str, template: str, anyio_backend: str) -> AsyncIterator[State]:
    with copied(postgres_url, template) as url:
        state = State(url, connections=12)
        await state.open()
        yield state
        await state.close()


@pytest.fixture(scope="module")
def shared_log(run_folder: Path) -> Iterator[Log]:
    log = Log(f"chdb://{run_folder}/ch", database=f"lab_{next(_numbers)}")
    log.open()
    yield log
    log.drop()
    log.close()


@pytest.fixture
async def lab(
    shared_state: State, shared_log: Log, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Lab:
    """Arms hang on the ids of people, workspace and experiment: those are the same at every run of a test."""
    rng = random.Random(request.node.nodeid)
    for made in ("founding", "members", "tokens", "app_accounts"):
        monkeypatch.setattr(
            f"dure.governance.{made}.slack_id",
            lambda prefix: prefix + "0" + "".join(rng.choices(string.ascii_uppercase, k=9)),
        )
    monkeypatch.setattr("dure.experiments.api.uuid7", lambda: UUID(int=rng.getrandbits(128)))
    return await open_lab(shared_state, shared_log)
