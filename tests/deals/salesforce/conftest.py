"""One house for a module; each of its tests makes records of its own."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator

import psycopg
import pytest
from simple_salesforce import Salesforce

from tests.conftest import database_url
from tests.deals.salesforce.house import House

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def module_database(postgres_url: str, template: str) -> Iterator[str]:
    name = f"dure_salesforce_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"create database {name} template {template}")
    yield database_url(postgres_url, name)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="module")
def house(module_database: str) -> Iterator[House]:
    with House(module_database).served() as house:
        yield house


@pytest.fixture
def sf(house: House) -> Salesforce:
    return house.client()


@pytest.fixture(scope="module")
def own_database(module_database: str) -> str:
    return module_database
