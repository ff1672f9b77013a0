"""An independent checker of SCIM 2.0 (`scim2-tester`) walks the door: what it describes, and what it then does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.governance.pace import Pace
from dure.governance.scim import door as scim_door
from dure.governance.scim import store
from dure.state import State
from dure.web.routing import include
from tests.people_of import found_sori
from tests.wire.server import serving

pytestmark = pytest.mark.anyio

# Where Slack's way is another than the checker's: a deleted person has no access any more, and can still be read;
# a group says what its members are called, whether that was said or not; and everybody is active or not.
SLACKS_WAY = ("object_deletion", "unexpected value for 'members'", "did not remove attribute 'active'")
# The checker fills its times with words, so what has one is tested beside (test_slack_proof.py).
LEFT_OUT = "urn:ietf:params:scim:schemas:extension:slack:guest:2.0:User"


@pytest.fixture
async def base(state: State) -> AsyncIterator[tuple[str, str]]:
    cast, app = await found_sori(state), FastAPI()
    app.state.governance = cast.governance
    async with state.begin(cast.tenant) as tx:
        await store.set_guest(tx, cast.tenant.workspace, cast.users["gil"].id, "", None)
    include(app, scim_door.router(cast.governance, Pace()))
    async with serving(app) as url:
        yield url, cast.token


def relay(http: httpx.Client) -> Callable[..., Iterable[bytes]]:
    """The checker speaks WSGI or a library that is not here; this passes its requests on as they are."""

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        headers = {
            key[5:].replace("_", "-").lower(): value
            for key, value in environ.items()
            if key.startswith("HTTP_") and key not in ("HTTP_HOST", "HTTP_AUTHORIZATION")
        }
        if environ.get("CONTENT_TYPE"):
            headers["content-type"] = environ["CONTENT_TYPE"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path = f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else environ["PATH_INFO"]
        answer = http.request(environ["REQUEST_METHOD"], path, content=body, headers=headers)
        told = [(name, value) for name, value in answer.headers.items() if name in ("content-type", "location", "etag")]
        content = answer.content
        if path.endswith("/ResourceTypes") and answer.status_code == 200:
            said = answer.json()
            for one in said["Resources"]:
                one["schemaExtensions"] = [more for more in one["schemaExtensions"] if more["schema"] != LEFT_OUT]
            content = json.dumps(said).encode()
        start(f"{answer.status_code} {answer.reason_phrase or 'OK'}", told)
        return [content]

    return application


async def test_the_checker_finds_nothing_but_what_is_slacks_way(base: tuple[str, str]) -> None:
    # It takes seconds to read, which no worker but the one that runs this has to wait for.
    from scim2_client.engines.wsgi import WSGISCIMClient
    from scim2_tester import Status, check_server

    url, token = base
    with httpx.Client(base_url=url, headers={"authorization": f"Bearer {token}"}) as http:
        results = await asyncio.to_thread(check_server, WSGISCIMClient(relay(http), base_url=f"{url}/slack/scim/v2"))
    found = [one for one in results if one.status in (Status.ERROR, Status.CRITICAL)]
    assert len(results) > 50
    said = [f"{one.title}: {one.reason}" for one in found]
    wrong = [one for one in said if not any(way in one for way in SLACKS_WAY)]
    assert not wrong, "\n".join(wrong)
