"""The floor under every test: a real PostgreSQL and a real ClickHouse, a fresh database in each."""

from __future__ import annotations

import gc
import itertools
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from hypothesis import settings

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.state import State
from dure.state.embedded import EmbeddedPostgres
from dure.state.migrations import migrate
from tests.byte_code import keep
from tests.databases import copied, database_url
from tests.quick_folder import settle
from tests.web.browser import browser, chromium, close  # noqa: F401  fixtures for every folder

settle()
keep()

_numbers = itertools.count(1)
_A_WORKER = 3 * 2**30

# The same examples at every run, so that a change is judged by what it changes; `DURE_RANDOM=1` looks for new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("random")
settings.load_profile("random" if os.environ.get("DURE_RANDOM") else "same")

SORI = Tenant("E0SORIMARU0", "T0SORIMARU0")
RIVAL = Tenant("E0RIVAL0000", "T0RIVAL0000")


# What the suite begins with, and what it reads, is there to the end: the collector need not look at it again and again.
gc.disable()


def pytest_xdist_auto_num_workers() -> int:
    """Half as many workers again as processors: much of a test's time it waits, for a server that starts or was killed,
    for a timer, for a page. Each takes some three gigabytes, with its databases, browser and servers."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    room = psutil.virtual_memory().available // _A_WORKER
    return max(2, min(processors * 3 // 2, room))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take longest come first, or a worker waits at last for the other one."""
    ranks: dict[Path, int] = {}
    for item in items:
        ranks[item.path] = min(_rank(item), ranks.get(item.path, 9))
    items.sort(key=lambda item: ranks[item.path])


def _rank(item: pytest.Item) -> int:
    """The story; what starts servers and commands of its own; what shows screens; all else."""
    module, fixtures = getattr(item, "module", None), getattr(item, "fixturenames", ())
    if item.path.parent.name == "story":
        return 0
    if hasattr(module, "found") or item.get_closest_marker("crash") or item.path.name == "test_rooms.py":
        return 1
    return 2 if "chromium" in fixtures else 3


def pytest_unconfigure() -> None:
    """A worker ends its Chromium, if it had one."""
    close()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def run_folder() -> Iterator[Path]:
    """A short path: PostgreSQL's socket lies in it, and socket paths are limited to about a hundred characters."""
    with tempfile.TemporaryDirectory(prefix="dure-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres_url(run_folder: Path) -> Iterator[str]:
    """The run's PostgreSQL: `DURE_TEST_POSTGRES_URL` or an embedded one."""
    given = os.environ.get("DURE_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    server = EmbeddedPostgres(run_folder / "pg")
    url = server.start()
    with psycopg.connect(url, autocommit=True) as connection:
        # Nothing here outlives the run: making and dropping a database for each test need not wait for the disk. Tests
        # that kill a database start one of their own.
        # Its housekeeping has nothing to do in so short a time, and would hold back what is final in the feed.
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.execute(f"alter system set {setting} = off")
        connection.execute("select pg_reload_conf()")
    yield url
    server.stop()


@pytest.fixture(scope="session")
async def template(postgres_url: str, anyio_backend: str) -> str:
    """A migrated database that each test's own is copied from."""
    name = f"dure_template_{os.getpid()}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    state = State(database_url(postgres_url, name), connections=4)
    await state.open()
    await migrate(state)
    await state.close()
    return name


@pytest.fixture
def fresh_database(postgres_url: str, template: str) -> Iterator[str]:
    """The URL of a migrated, empty database of this test's own."""
    with copied(postgres_url, template) as url:
        yield url


@pytest.fixture
async def state(fresh_database: str, anyio_backend: str) -> AsyncIterator[State]:
    state = State(fresh_database, connections=12)
    await state.open()
    yield state
    await state.close()


@pytest.fixture(scope="session")
def engine(run_folder: Path) -> Iterator[None]:
    """The run's ClickHouse, kept awake: it stops with its last client, and takes longer to start than most tests."""
    awake = Log(f"chdb://{run_folder}/ch", database="awake")
    awake.open()
    yield
    awake.close()


@pytest.fixture
def log(run_folder: Path, engine: None) -> Iterator[Log]:
    """An empty log. One process has one ClickHouse; each test has a database in it."""
    log = Log(f"chdb://{run_folder}/ch", database=f"test_{next(_numbers)}")
    log.open()
    yield log
    log.drop()
    log.close()
