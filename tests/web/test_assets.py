"""Static files: one version of all, kept for ever, compressed, and modules that find each other."""

from __future__ import annotations

import gzip
from pathlib import Path

import httpx
import pytest
import zstandard
from fastapi import FastAPI

import dure
from dure.web import front
from dure.web.assets import Assets, gather

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def room(folder: Path, files: dict[str, str]) -> Assets:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Assets(gather(folder, vendor={}))


def client(assets: Assets) -> httpx.AsyncClient:
    app = FastAPI()
    front.install(app)
    app.router.routes.append(assets.route())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://dure.test")


async def test_a_rooms_file_is_served_under_the_version_and_kept_for_ever(tmp_path: Path) -> None:
    assets = room(tmp_path, {"deals/static/board.js": "export default 1", "deals/model.py": "x = 1"})
    async with client(assets) as http:
        answer = await http.get(assets.url("deals/board.js"))
    assert answer.text == "export default 1"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert set(assets.files) == {"deals/board.js"}


@pytest.mark.parametrize(
    ("asked", "given"), [("gzip, deflate", "gzip"), ("gzip, zstd", "zstd"), ("identity", None), ("gzip;q=0", None)]
)
async def test_files_are_compressed_as_the_browser_likes(tmp_path: Path, asked: str, given: str | None) -> None:
    text = "export const word = '두레';\n" * 100
    assets = room(tmp_path, {"deals/static/board.js": text})
    async with client(assets) as http:
        request = http.build_request("GET", assets.url("deals/board.js"), headers={"accept-encoding": asked})
        answer = await http.send(request, stream=True)
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == given
    unpack = {"gzip": gzip.decompress, "zstd": lambda b: zstandard.ZstdDecompressor().decompress(b), None: bytes}[given]
    assert unpack(raw).decode() == text


async def test_an_unchanged_file_is_not_sent_again(tmp_path: Path) -> None:
    assets = room(tmp_path, {"deals/static/board.css": "a{}"})
    async with client(assets) as http:
        etag = (await http.get(assets.url("deals/board.css"))).headers["etag"]
        again = await http.get(assets.url("deals/board.css"), headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/s/old/deals/board.js", "/s/{v}/deals/%2e%2e/model.py", "/s/{v}/nothing.js"])
async def test_another_version_and_other_files_are_not_found(tmp_path: Path, path: str) -> None:
    assets = room(tmp_path, {"deals/static/board.js": "1", "model.py": "secret"})
    async with client(assets) as http:
        answer = await http.get(path.replace("{v}", assets.version))
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_any_change_makes_a_new_version(tmp_path: Path) -> None:
    before = room(tmp_path, {"deals/static/board.js": "1"}).version
    assert room(tmp_path, {"deals/static/board.js": "2"}).version != before


def test_imports_are_followed_through_folders(tmp_path: Path) -> None:
    assets = room(
        tmp_path,
        {
            "web/static/kit.js": "export {\n  a,\n  b,\n} from './parts/a.js';",
            "web/static/parts/a.js": "export const a = 1, b = './not.js';",
            "deals/static/board.js": "import { a } from '../web/kit.js';\nconst late = () => import('./late.js');",
            "deals/static/late.js": "",
        },
    )
    assert assets.imports("deals/board.js") == ["deals/board.js", "web/kit.js", "web/parts/a.js"]


# Loaded by the pages that draw a flow, and by no other.
FLOWS = ("flow", "edit", "draft")


def test_everything_the_kit_imports_is_there_and_the_kit_names_it_all() -> None:
    assets = Assets(gather(Path(dure.__file__).parent))
    modules = assets.imports("web/app.js", "web/kit.js", "web/signin.js", *(f"web/flow/{name}.js" for name in FLOWS))
    ours = {path for path in assets.files if path.startswith("web/") and path.endswith(".js")}
    assert ours <= set(modules)
    assert "vendor/vue.js" in modules
    assert {"vendor/sortable.js", "vendor/echarts/index.js"} <= set(assets.files)


async def test_while_working_on_screens_files_are_read_anew(tmp_path: Path) -> None:
    room(tmp_path, {"deals/static/board.js": "1"})
    assets = Assets(gather(tmp_path, vendor={}), fresh=True)
    (tmp_path / "deals/static/board.js").write_text("2")
    async with client(assets) as http:
        answer = await http.get(assets.url("deals/board.js"))
    assert (answer.text, answer.headers["cache-control"]) == ("2", "no-store")
