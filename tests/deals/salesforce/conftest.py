"""One house for a module; each of its tests makes records of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from simple_salesforce import Salesforce

from tests.databases import copied
from tests.deals.salesforce.house import House


@pytest.fixture(scope="module")
def module_database(postgres_url: str, template: str) -> Iterator[str]:
    with copied(postgres_url, template) as url:
        yield url


@pytest.fixture(scope="module")
def house(module_database: str) -> Iterator[House]:
    with House(module_database).served() as house:
        yield house


@pytest.fixture
def sf(house: House) -> Salesforce:
    return house.client()
