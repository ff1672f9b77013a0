"""What every answer carries and never carries: headers, addresses, lines of the log."""

from __future__ import annotations

import ast
import json
import re
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import feedparser
import httpx
import pytest
import structlog
import yaml
from fastapi import FastAPI

from dure.channels.apps import manifest
from dure.governance.http import COOKIE
from dure.kernel.clock import StillClock
from dure.log.api import Log
from dure.logs import logging_to
from dure.main import compose
from dure.segments.handover.files import as_csv
from dure.settings import Settings
from dure.social.ideas.rules import in_sheet
from dure.state import State
from dure.web import front
from tests.people_of import MONDAY_NOON
from tests.security.house import LEFT_OUT, Two

pytestmark = pytest.mark.anyio

SOURCE = Path(__file__).resolve().parents[2] / "src" / "dure"
EVIL = "https://evil.example"
# Doors of programs on other sites, which take events or answer for a visitor who has no cookie here.
FOR_OTHER_SITES = ("/flags", "/decide", "/api/feature_flag", "/reach/")


async def test_every_answer_is_kept_by_nobody_framed_by_nobody_and_read_by_no_other_site(two: Two) -> None:
    wrong, seen = [], 0
    for operation in two.described.operations:
        if operation.method != "GET" or "{" in operation.path or LEFT_OUT.search(operation.path):
            continue
        for headers in ({"authorization": f"Bearer {two.cast.token}"}, {}):
            answer = await two.http.get(operation.path, headers={**headers, "origin": EVIL})
            told = answer.headers
            seen += 1
            if operation.path.startswith(FOR_OTHER_SITES):
                continue
            if not {"no-store", "private"} & {part.strip() for part in told.get("cache-control", "").split(",")}:
                wrong.append(f"{operation}: cache-control {told.get('cache-control')!r}")
            if [name for name in told if name.startswith("access-control-")]:
                wrong.append(f"{operation}: another site may read it")
            if (told["x-content-type-options"], told["x-frame-options"]) != ("nosniff", "DENY"):
                wrong.append(f"{operation}: it may be sniffed or framed")
            if "frame-ancestors 'none'" not in told["content-security-policy"]:
                wrong.append(f"{operation}: its policy lets it be framed")
    assert wrong == [], "\n".join(wrong)
    assert seen > 200


async def test_no_other_site_is_let_ask_with_the_visitors_cookie(two: Two) -> None:
    """The question that a browser asks before it sends a header that only Dure's own pages send."""
    for path in ("/api/v1/deals", "/api/v1/session", "/slack/api/chat.postMessage", "/services/data/v60.0/query"):
        asked = {
            "origin": EVIL,
            "access-control-request-method": "POST",
            "access-control-request-headers": "x-dure-client",
        }
        answer = await two.http.options(path, headers=asked)
        assert not [name for name in answer.headers if name.startswith("access-control-allow")], path


@pytest.fixture(scope="module")
async def sited(state: State, two: Two, run_folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The same databases behind a server that knows its own address."""
    log = Log(f"chdb://{run_folder}/ch", database="two")
    log.open()
    house = compose(
        Settings(data=run_folder / "two", public_url="https://dure.example/"), StillClock(MONDAY_NOON), state, log
    )
    door = httpx.ASGITransport(house.front_door, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=door, base_url="https://evil.example") as http:
        yield http
    log.close()


async def test_links_lead_to_the_servers_own_address_whatever_host_is_asked(two: Two, sited: httpx.AsyncClient) -> None:
    """Who forges the host of a request, or has a proxy pass it on, gets no letter and no link that leads to them."""
    mine, joon = {"authorization": f"Bearer {two.cast.token}"}, two.cast.joon.user
    link = await sited.post(f"/api/v1/users/{joon}/sign-in-link", headers=mine)
    assert link.json()["url"].startswith("https://dure.example/sign-in/"), link.text
    invited = await sited.post("/api/v1/invitations", headers=mine, json={"email": "host@partner.example"})
    assert invited.status_code == 201, invited.text
    assert "https://dure.example/invitation/" in invited.text
    for path in ("/api/v1/session", "/api/v1/signin", "/api/v1/me", "/api/v1/invitations", "/api/v1/signin/providers"):
        answer = await sited.get(path, headers=mine)
        assert "evil.example" not in answer.text, path
    team = await sited.post("/slack/api/auth.test", headers=mine)
    assert team.json()["url"].startswith("https://dure.example/"), team.text


async def test_a_session_that_somebody_planted_is_never_the_one_that_signing_in_gives(two: Two) -> None:
    planted, web = "planted-by-somebody-else", {"x-dure-client": "web"}
    inside = {"email": "joon@sorimaru.example", "password": "correct horse"}
    answer = await two.http.post(
        "/api/v1/session", json=inside, headers={**web, "cookie": f"{COOKIE}={planted}"}
    )  # fmt: skip
    assert answer.status_code == 204, answer.text
    said = answer.headers["set-cookie"]
    mine = answer.cookies[COOKIE]
    two.http.cookies.clear()
    assert mine != planted
    assert {"HttpOnly", "SameSite=lax"} <= {part.strip() for part in said.split(";")}
    assert (await two.http.get("/api/v1/me", headers={"cookie": f"{COOKIE}={planted}"})).status_code == 401
    assert (await two.http.get("/api/v1/me", headers={"cookie": f"{COOKIE}={mine}"})).status_code == 200
    # Signing in once more gives another one, and whoever is out is out.
    again = await two.http.post("/api/v1/session", json=inside, headers={**web, "cookie": f"{COOKIE}={mine}"})
    assert again.cookies[COOKIE] != mine
    two.http.cookies.clear()


NAMES = (
    "a\r\nset-cookie: dure_session=x.txt", "a\nx: y.html", 'a"; filename="b.html', "a\\..\\b.svg", "../../etc/passwd",
    "두레\u2028.pdf", "a\x7f.png", "'\"><img src=x>.svg",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
async def test_no_name_of_a_file_becomes_a_header_or_a_page(two: Two, name: str) -> None:
    mine = {"authorization": f"Bearer {two.cast.token}"}
    body = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(2)</script></svg>"
    made = await two.http.put("/api/v1/files/upload", params={"name": name}, content=body, headers=mine)
    if made.status_code == 422:
        return
    assert made.status_code == 201, made.text
    file = made.json()["file"]
    for address in (file["url"], file["download"]):
        answer = await two.http.get(address, headers=mine)
        assert answer.status_code == 200, address
        assert "set-cookie" not in answer.headers
        assert "x" not in answer.headers
        shown = answer.headers["content-disposition"]
        assert not {"\r", "\n"} & set(shown)
        # What is no picture and calls itself one stays a picture to the browser, which reads nothing else into it.
        kind = answer.headers["content-type"].split(";")[0]
        assert kind in ("application/octet-stream", "text/plain", "image/png")
        assert shown.startswith("attachment") or kind != "application/octet-stream"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"https://evil.example\")")  # fmt: skip


async def test_no_cell_of_a_sheet_is_a_formula(two: Two) -> None:
    for text in FORMULAS:
        made = await two.ask(two.cast.token, "POST", "/api/v1/ideas", {"title": text + " idea"})
        assert made.is_success, made.text
        assert in_sheet(text)[0] == "'"
        assert as_csv(["a", "b"], [{"a": text, "b": [text, "x"]}]).decode().splitlines()[1].startswith(("'", "\"'"))
        assert f"'{text}" in as_csv(["b"], [{"b": [text, "x"]}]).decode().replace('""', '"')
    for path in ("ideas/csv", "response-report/csv"):
        sheet = (await two.ask(two.cast.token, "GET", f"/api/v1/{path}")).text
        cells = [cell.strip('"') for line in sheet.splitlines()[1:] for cell in line.split(",")]
        assert not [cell for cell in cells if cell[:1] in "=+@" and cell], path


@pytest.fixture
def logged() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def _shop() -> httpx.AsyncClient:
    app = FastAPI()

    @app.get("/broken/{what}")
    async def broken(what: str, token: str = "") -> None:
        secret = f"local-{token}"
        raise RuntimeError(f"line one\nline two of {what[:1]}" + secret[:0])

    front.install(app)
    door = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=door, base_url="http://dure")


@pytest.mark.parametrize("form", ["json", "text"])
async def test_a_log_has_no_secrets_and_no_lines_that_somebody_else_wrote(
    form: str, capsys: pytest.CaptureFixture[str], logged: None
) -> None:
    logging_to(Settings(log_format=form))  # type: ignore[arg-type]
    forged = '{"event": "forged", "level": "info"}'
    async with _shop() as http:
        answer = await http.get(
            "/broken/x%0A" + forged.replace("/", ""), params={"token": "hunter2secret"},
            headers={"authorization": "Bearer xoxp-hunter2secret", "cookie": f"{COOKIE}=hunter2secret",
                     "user-agent": f"x {forged}", "x-request-id": f"y {forged}"},
        )  # fmt: skip
    assert answer.status_code == 500
    assert "line one" not in answer.text
    said = capsys.readouterr().err
    assert "unexpected error" in said
    assert "RuntimeError" in said
    assert "hunter2secret" not in said
    assert "forged" not in said
    if form == "json":
        for line in said.splitlines():
            assert json.loads(line)["level"]


# Unpack archives by the names in them, make objects out of bytes, run texts, read XML with what it points to.
DANGEROUS = {
    "extractall", "unpack_archive", "eval", "exec", "pickle.load", "pickle.loads", "marshal.loads", "yaml.load",
    "yaml.unsafe_load", "os.system", "os.popen", "subprocess.getoutput", "etree.parse", "etree.fromstring",
    "ElementTree.parse", "ElementTree.fromstring", "ET.fromstring", "ET.parse", "minidom.parseString",
    "tempfile.mktemp",
}  # fmt: skip


def test_nothing_is_called_that_unpacks_runs_or_follows_what_somebody_sent() -> None:
    found = []
    for file in SOURCE.rglob("*.py"):
        for one in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(one, ast.Call):
                name = ast.unparse(one.func)
                shell = any(
                    given.arg == "shell" and getattr(given.value, "value", True) is not False for given in one.keywords
                )
                if name in DANGEROUS or name.rsplit(".", 1)[-1] in DANGEROUS or shell:
                    found.append(f"{file.relative_to(SOURCE)} {name}")
                pickles = [given for given in one.keywords if given.arg == "allow_pickle"]
                if name == "np.load" and not (pickles and getattr(pickles[0].value, "value", True) is False):
                    found.append(f"{file.relative_to(SOURCE)} {name} with objects")
    assert found == ["channels/apps/manifest.py yaml.load"]  # by a loader of its own, which is a SafeLoader
    assert issubclass(manifest._Plain, yaml.SafeLoader)


_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


async def test_xml_brings_in_no_file_and_does_not_grow(two: Two, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hunter2secret")
    planted = f'<!DOCTYPE r [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
    item = '<rss version="2.0"><channel><title>t</title><item><title>a&{};b</title></item></channel></rss>'
    started = time.process_time()
    for head, name in ((planted, "x"), (f'<!DOCTYPE r [<!ENTITY l0 "lol">{_LAUGHS}]>', "l9")):
        read = feedparser.parse(f'<?xml version="1.0"?>{head}{item.format(name)}'.encode())
        told = str(read.entries)
        assert "hunter2secret" not in told
        assert len(told) < 10_000
        soap = f'<?xml version="1.0"?>{head}<e:Envelope xmlns:e="{_SOAP}"><e:Body>&{name};</e:Body></e:Envelope>'
        answer = await two.http.post(
            "/services/Soap/u/60.0", content=soap, headers={"content-type": "text/xml", "soapaction": "login"}
        )  # fmt: skip
        assert answer.status_code >= 400
        assert "DOCTYPE" in answer.text
    assert time.process_time() - started < 5


SLOW = {
    "open brackets": "[" * 20_000, "stars": "*" * 20_000, "underscores": "_a" * 10_000, "angles": "<" * 20_000,
    "mentions": "<@U" * 7_000, "links": "http://a" * 2_500, "blanks": " " * 20_000 + "x", "ticks": "`" * 20_000,
    "letters": "a@" * 10_000, "dashes": "- " * 10_000, "digits": "1-" * 10_000, "quotes": '"' * 20_000,
    "lines": "> \n" * 6_000, "colons": ":a" * 10_000, "cards": "4111 1111 1111 111" * 1_000,
}  # fmt: skip


@pytest.mark.parametrize("kind", SLOW)
async def test_no_text_of_anybody_holds_the_server_up(two: Two, kind: str) -> None:
    """Patterns of ours read every message, mention and query: none of them grows out of all bounds with its length."""
    text, channel = SLOW[kind], two.made["channel"]
    for path, body in (
        (f"channels/{channel}/messages", {"text": text[:12_000]}),
        ("mentions", {"network": "x", "id": kind, "text": text, "author": text[:200]}),
        ("listening/preview", {"text": text[:2_000], "days": 1}),
        ("ideas/similar", None),
        ("opening-hours/days", {"text": text}),
    ):
        started = time.process_time()
        if body is None:
            answer = await two.http.get(
                f"/api/v1/{path}", params={"title": text[:4_000]}, headers={"authorization": f"Bearer {two.cast.token}"}
            )  # fmt: skip
        else:
            answer = await two.ask(two.cast.token, "POST", f"/api/v1/{path}", body)
        assert answer.status_code < 500, f"{path}: {answer.text[:200]}"
        assert time.process_time() - started < 2, path


MANY = 1_500
_TREND = {"kind": "trend", "series": [{"event": "Song Played", "math": "count"}]}
_IS = {"kind": "did", "event": "Song Played", "at_least": 1}


def _in_one_another(inner: object, how: int, wrap: str) -> str:
    """A value in a value in a value, written out, because to write it nests too."""
    before, after = wrap.split("@")
    return before * how + json.dumps(inner) + after * how


_RICH = '[{"type": "rich_text", "elements": @}]'
_LISTENED, _ASKED, _SEGMENT = "/api/v1/listening/preview", "/api/v1/query", "/api/v1/segments/preview"
_SOQL = "/services/data/v60.0/query?q=SELECT+Id+FROM+Account+WHERE+"
_SCIM, _MANIFEST = "/slack/scim/v2/Users?filter=", "/slack/api/apps.manifest.validate"


def _under(name: str, inner: object, wrap: str) -> str:
    return f'{{"{name}": {_in_one_another(inner, 300, wrap)}}}'


def _listened(text: str) -> str:
    return json.dumps({"text": text + "x", "days": 1})


def _journey(rule: str) -> str:
    return (
        f'{{"id": "x", "name_ko": "x", "name_en": "x", "stages": [{{"name_ko": "x", "name_en": "x", "rule": {rule}}}]}}'
    )


LANGUAGES: dict[str, tuple[str, str]] = {
    "listening: not": (_LISTENED, _listened("NOT " * MANY)),
    "listening: dashes": (_LISTENED, _listened("- " * MANY)),
    "listening: near dashes": (_LISTENED, _listened("x NEAR/3 " + "- " * MANY)),
    "listening: brackets": (_LISTENED, _listened("(" * MANY)),
    "soql: not": (f"{_SOQL}{'NOT+' * MANY}Name='x'", ""),
    "soql: brackets": (f"{_SOQL}{'(' * MANY}Name='x'", ""),
    "search": (f"/api/v1/search?q={'-' * MANY}{'(' * MANY}x", ""),
    "formula: brackets": (_ASKED, json.dumps({**_TREND, "formula": "(" * MANY + "A" + ")" * MANY})),
    "formula: sums": (_ASKED, json.dumps({**_TREND, "formula": "A" + "+A" * MANY})),
    "formula: signs": (_ASKED, json.dumps({**_TREND, "formula": "-" * MANY + "A"})),
    "sql": (_ASKED, json.dumps({"kind": "sql", "sql": "SELECT " + "(" * MANY + "1" + ")" * MANY})),
    "segment: not": (_SEGMENT, _under("rule", _IS, '{"kind": "not", "rule": @}')),
    "segment: all": (_SEGMENT, _under("rule", _IS, '{"kind": "all", "rules": [@]}')),
    "segment: plain": (_SEGMENT, _under("rule", _IS, '{"all": [@]}')),
    "journey": ("/api/v1/journeys", _journey(_in_one_another({"event": "x"}, 300, '{"any": [@]}'))),
    "blocks": ("/slack/api/blocks.validate", _under("blocks", {"type": "divider"}, _RICH)),
    "message": ("/api/v1/channels/CHANNEL/messages", _under("blocks", {"type": "text"}, _RICH)),
    "scim: brackets": (f"{_SCIM}{'(' * MANY}userName+eq+%22x%22", ""),
    "scim: not": (f"{_SCIM}{'not+(' * MANY}userName+eq+%22x%22", ""),
    "manifest: lists": (_MANIFEST, json.dumps({"manifest": "- " * MANY + "x"})),
    "manifest: brackets": (_MANIFEST, json.dumps({"manifest": "[" * MANY})),
}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_language_of_ours_is_nested_without_end(two: Two, language: str) -> None:
    path, body = LANGUAGES[language]
    headers = {"authorization": f"Bearer {two.cast.token}", "content-type": "application/json"}
    started = time.process_time()
    path = path.replace("CHANNEL", two.made["channel"])
    if body:
        answer = await two.http.post(path, content=body.encode(), headers=headers)
    else:
        answer = await two.http.get(path, headers=headers)
    assert answer.status_code < 500, answer.text[:200]
    assert "internal_error" not in answer.text
    assert time.process_time() - started < 4


_SECRET = re.compile(r"(?:.*_)?(?:secret|signature|mac|token|password|seal|proof|digest|signed)", re.IGNORECASE)
# Of these nothing is learnt by how long they take: ids of tokens, digests of what everybody may read, empty texts.
COMPARED = {
    "campaigns/demand/api.py: secret == PREVIEW", "campaigns/demand/routes.py: secret != PREVIEW",
    "channels/delivery/sockets.py: line.token == token",
    "channels/slack/admin_sessions.py: call.arguments.text('policy_name').strip() != PASSWORD",
    "governance/audit/api.py: digest != one.digest", "governance/audit/api.py: known.digest != digest.hex()",
    "governance/signin/own.py: one.id == token", "ingest/protocols/mixpanel.py: token != key",
    "state/migrations.py: known != migration.digest",
}  # fmt: skip


def _called(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def test_no_secret_is_compared_letter_by_letter() -> None:
    """How long `==` takes tells how much of a guess was right; secrets are found by digest, or compared in one time."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        for one in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(one, ast.Compare) and isinstance(one.ops[0], ast.Eq | ast.NotEq):
                sides = [one.left, one.comparators[0]]
                if any(
                    _SECRET.fullmatch(_called(side)) and _called(side) != "SELF_SIGNED" for side in sides
                ) and not any(isinstance(side, ast.Constant) for side in sides):
                    found.add(f"{file.relative_to(SOURCE)}: {ast.unparse(one)}")
    assert found == COMPARED
