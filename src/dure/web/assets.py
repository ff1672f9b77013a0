"""Static files of every room, and the third-party ones out of an installed wheel, under one version of all of them.

Everything lies under `/s/<version>/<room>/…`, so relative imports between modules stay inside one version and the
browser may keep each file for ever. The version is a hash of all contents.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import zstandard
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dure.kernel.errors import NotFound, Unavailable

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
_TEXT = {".js", ".mjs", ".css", ".svg", ".json"}
_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^'"();]*?['"](\.{1,2}/[^'"]+)['"]""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes and its type."""

    path: Path
    body: bytes
    etag: str

    @property
    def suffix(self) -> str:
        return self.path.suffix

    def encoded(self, encoding: str) -> bytes:
        """The body under a content encoding, computed once somebody has asked for it."""
        return _encoded(self.body, encoding)


@functools.lru_cache(maxsize=4096)
def _encoded(body: bytes, encoding: str) -> bytes:
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=15).compress(body)
    return gzip.compress(body, 9, mtime=0)


class Assets:
    """All static files by their path below `/s/<version>/`, such as `deals/board.js`."""

    def __init__(self, files: Mapping[str, Path], *, fresh: bool = False) -> None:
        """`fresh` reads a file again at every request, for working on screens; nothing is then kept by browsers."""
        self.fresh = fresh
        self.files = {url: _read(path) for url, path in sorted(files.items())}
        whole = hashlib.sha256()
        for url, asset in self.files.items():
            whole.update(f"{url}\0{asset.etag}\0".encode())
        self.version = whole.hexdigest()[:12]

    def url(self, path: str) -> str:
        """The address of a file, such as `/s/1f2e…/web/app.js`."""
        return f"/s/{self.version}/{path}"

    def named(self, suffix: str) -> list[str]:
        """Paths of all files with a suffix; the kit's own first."""
        found = [path for path in self.files if path.endswith(suffix) and not path.startswith("vendor/")]
        return sorted(found, key=lambda path: (not path.startswith("web/"), path != "web/tokens.css", path))

    def imports(self, *modules: str) -> list[str]:
        """Modules and everything they import statically, so that a browser can be told of all of them at once."""
        seen: dict[str, None] = {}
        queue = list(modules)
        while queue:
            module = queue.pop(0)
            if module in seen or module not in self.files:
                continue
            seen[module] = None
            if not module.startswith("vendor/"):
                text = self.files[module].body.decode()
                here = posixpath.dirname(module)
                queue += [posixpath.normpath(posixpath.join(here, name)) for name in _IMPORT.findall(text)]
        return list(seen)

    def route(self) -> Route:
        """The door `/s/<version>/<path>`."""
        return Route("/s/{version}/{path:path}", self.serve, methods=["GET", "HEAD"], name="static")

    async def serve(self, request: Request) -> Response:
        """A file, compressed as the browser likes it. Another version is not found: its tab should be reloaded."""
        path = request.path_params["path"]
        asset = self.files.get(path)
        if asset is None or (request.path_params["version"] != self.version and not self.fresh):
            raise NotFound("This file belongs to another version; reload the page.")
        if self.fresh:
            asset = _read(asset.path)
        kept = "no-store" if self.fresh else "public, max-age=31536000, immutable"
        headers = {"cache-control": kept, "etag": f'"{asset.etag}"', "vary": "accept-encoding"}
        if f'"{asset.etag}"' in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        body = asset.body
        encoding = _encoding(request.headers.get("accept-encoding", "")) if asset.suffix in _TEXT else None
        if encoding and not self.fresh and len(body) > 200:
            body = await to_thread.run_sync(asset.encoded, encoding)
            headers["content-encoding"] = encoding
        return Response(body, headers={**headers, "content-type": TYPES[asset.suffix]})


def gather(package: Path, vendor: Mapping[str, Path] | None = None) -> dict[str, Path]:
    """`<room>/…` for every file in a `static` folder of a package's rooms, and `vendor/…`; path → file."""
    files = {f"vendor/{name}": path for name, path in (vendor_files() if vendor is None else vendor).items()}
    for static in sorted(package.glob("*/static")):
        for path in _files(static):
            files[f"{static.parent.name}/{path.relative_to(static).as_posix()}"] = path
    return files


def vendor_files() -> dict[str, Path]:
    """Vue's runtime, ECharts and Sortable inside the wheel that bears them; the wheel itself is never imported."""
    spec = find_spec("nicegui")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable("The package `nicegui`, which carries the browser's libraries, is not installed.")
    wheel = Path(next(iter(spec.submodule_search_locations)))
    files = {
        "vue.js": wheel / "static/vue.esm-browser.prod.js",
        "sortable.js": wheel / "elements/sortable/dist/index.js",
    }
    for path in (wheel / "elements/echart/dist").glob("*.js"):
        files[f"echarts/{path.name}"] = path
    if missing := [name for name, path in files.items() if not path.is_file()]:
        raise Unavailable(f"The installed `nicegui` lacks {', '.join(missing)}.")
    return files


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in TYPES)


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    return Asset(path, body, hashlib.sha256(body).hexdigest()[:16])


def _encoding(accepted: str) -> str | None:
    offered = {
        name.strip().lower()
        for name, _, quality in (part.partition(";") for part in accepted.split(","))
        if quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    }
    return next((encoding for encoding in ("zstd", "gzip") if encoding in offered), None)
