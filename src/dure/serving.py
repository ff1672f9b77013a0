"""A house with its doors open: the port, the HTTP server in front of it, the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

import uvicorn

from dure.folder import Folder
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Unavailable
from dure.main import House, house
from dure.settings import Settings
from dure.tls import certificate

T = TypeVar("T")


async def serve_until_stopped(
    settings: Settings, ready: Callable[[House, str], None], clock: Clock | None = None
) -> None:
    """Serves until SIGINT or SIGTERM, then lets requests finish, puts the loops' work down and returns.

    `ready` is called once the server can answer. A port in use is a Conflict before anything is opened.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with serving(settings, clock) as (made, url):
        ready(made, url)
        await stopped.wait()


@asynccontextmanager
async def serving(settings: Settings, clock: Clock | None = None) -> AsyncIterator[tuple[House, str]]:
    """A house whose doors are open on its port; yields it and its URL."""
    with Folder(settings) as folder, _listening(settings) as sock:
        bound = Settings(**{**settings.__dict__, "port": sock.getsockname()[1]})
        shown = certificate(settings.tls, settings.tls_key, settings.data, [settings.host, _host(settings.public_url)])
        async with house(bound, folder, clock) as made:
            server = _Server(
                uvicorn.Config(
                    made.front_door, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=10,
                    server_header=False, ws_max_size=1 << 20, ws="websockets-sansio", loop="none",
                    ssl_certfile=str(shown.cert) if shown else None, ssl_keyfile=str(shown.key) if shown else None,
                    ws_per_message_deflate=False,  # Slack's sockets are plain, and a live line is too short to shrink
                )
            )  # fmt: skip
            task = asyncio.create_task(server.serve(sockets=[sock]))
            try:
                await server.answering(task)
                folder.announce(bound.url, str(shown.cert.resolve()) if shown else "")
                # What was made while starting stays to the end; the collector need not look at it ever again.
                gc.collect()
                gc.freeze()
                yield made, bound.url
            finally:
                await made.deliveries.drain()
                server.should_exit = True
                await task


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs to the end on the faster event loop where it is installed."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(work)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # there is none for Windows
        return None
    return uvloop.new_event_loop


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: the house decides when it ends."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield

    async def answering(self, task: asyncio.Task[None]) -> None:
        while not self.started:
            if task.done():
                await task
                raise Unavailable("The HTTP server ended before it could answer.")
            await asyncio.sleep(0.01)


@contextlib.contextmanager
def _listening(settings: Settings):  # type: ignore[no-untyped-def]
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((settings.host, settings.port))
        except OSError as error:
            raise Conflict(
                f"Port {settings.port} on {settings.host} cannot be had ({error.strerror}); choose one with --port.",
                field="port",
            ) from error
        yield sock


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
