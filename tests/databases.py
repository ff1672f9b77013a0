"""Databases for tests: one for each, or one for all of a file."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator

import psycopg

_numbers = itertools.count(1)


@contextlib.contextmanager
def copied(postgres_url: str, template: str) -> Iterator[str]:
    """The URL of a migrated, empty database, which is dropped at the end."""
    name = f"dure_test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"create database {name} template {template} strategy file_copy")
    try:
        yield database_url(postgres_url, name)
    finally:
        with psycopg.connect(postgres_url, autocommit=True) as server:
            server.execute(f"drop database {name} with (force)")


def database_url(url: str, name: str) -> str:
    """The same server, another database."""
    return psycopg.conninfo.make_conninfo(url, dbname=name)


def named(url: str) -> str:
    """The name of a URL's database, by which a log that belongs to it can go too."""
    return str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])
