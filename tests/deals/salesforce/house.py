"""A house with deals only and Salesforce's door open, served in a thread of its own: the client is a blocking one."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

import requests
import uvicorn
from fastapi import FastAPI
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce

from dure.deals import routes as deal_routes
from dure.deals.api import Deals
from dure.deals.salesforce import routes as salesforce_routes
from dure.deals.salesforce.apps import Apps
from dure.deals.salesforce.door import SalesforceDoor
from dure.governance.api import Governance, Principal
from dure.kernel.clock import ShiftedClock
from dure.state import State
from dure.tls import Certificate
from dure.web import front
from dure.web.routing import include
from tests.people_of import Cast, found_sori

T = TypeVar("T")


class House:
    """Founded with the people of tests; `url` is where it answers. `run` does something in its event loop."""

    def __init__(
        self, database: str, *, daily_calls: int = 1_000_000, certificate: Certificate | None = None,
        founded: Cast | None = None,
    ) -> None:  # fmt: skip
        self._state = State(database, connections=8)
        self.clock = ShiftedClock()
        self.governance = Governance(self._state, self.clock)
        self.deals = Deals(self._state, self.clock, self.governance)
        self.apps = Apps(self._state, self.clock, self.governance)
        self.door = SalesforceDoor(self.deals, self.apps, daily_calls=daily_calls)
        self.certificate = certificate
        self.app = FastAPI(lifespan=self._lifespan)
        self.app.state.governance = self.governance
        front.install(self.app, larger={"/services/": 150 << 20})
        self.app.router.routes += [self.door.route(), self.door.identity_route()]
        include(self.app, deal_routes.router(self.deals))
        include(self.app, salesforce_routes.router(self.apps))
        self._founded = founded
        self.cast: Cast
        self.url = ""
        self._loop: asyncio.AbstractEventLoop

    @property
    def state(self) -> State:
        return self._state

    @property
    def mina(self) -> Principal:
        return self.cast.mina

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        await self._state.open()
        self.cast = self._founded or await found_sori(self._state, self.clock)
        work = asyncio.create_task(self._work())
        yield
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await self._state.close()

    async def _work(self) -> None:
        while True:
            await self.door.tick()
            await asyncio.sleep(0.02)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result(30)

    @contextlib.contextmanager
    def served(self) -> Iterator[House]:
        config = uvicorn.Config(
            self.app, port=0, log_level="warning", ws="none", timeout_graceful_shutdown=2,
            ssl_certfile=str(self.certificate.cert) if self.certificate else None,
            ssl_keyfile=str(self.certificate.key) if self.certificate else None,
        )  # fmt: skip
        server = uvicorn.Server(config)
        ready = threading.Event()

        def serve() -> None:
            async def main() -> None:
                self._loop = asyncio.get_running_loop()
                task = asyncio.create_task(server.serve())
                while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event for it
                    await asyncio.sleep(0.01)
                ready.set()
                await task

            asyncio.run(main())

        thread = threading.Thread(target=serve)
        thread.start()
        assert ready.wait(30)
        assert server.started
        port = server.servers[0].sockets[0].getsockname()[1]
        self.url = f"{'https' if self.certificate else 'http'}://localhost:{port}"
        try:
            yield self
        finally:
            server.should_exit = True
            thread.join()

    def session(self) -> requests.Session:
        """One that takes every https address for this house, as research for unmodified clients suggests."""
        made = requests.Session()
        made.trust_env = False
        made.mount("https://", _Here(self.url))
        return made

    def client(self, token: str = "", **options: Any) -> Salesforce:
        """Salesforce's client with a session id, unmodified."""
        return Salesforce(
            session_id=token or self.cast.token, instance_url="https://dure.example", session=self.session(), **options
        )


class _Here(HTTPAdapter):
    """Sends what is meant for anywhere to one house."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        assert request.url is not None
        rest = request.url.split("/", 3)[3]
        request.url = f"{self._url}/{rest}"
        return super().send(request, *args, **kwargs)
