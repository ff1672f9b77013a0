"""What leaves for typed-in addresses goes through one client, and that refuses every way to write an inner address."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from dure.automation.outgoing import HttpOutgoing
from dure.automation.plugs import Answer, Unreached
from dure.connectors import polite
from dure.kernel.errors import NotAllowed
from dure.kernel.tenant import Tenant
from dure.social.plugs import Given
from tests.people_of import MONDAY_NOON
from tests.security.house import Two

pytestmark = pytest.mark.anyio

SOURCE = Path(__file__).resolve().parents[2] / "src" / "dure"
# Who opens lines of their own, and why they may.
OWN_LINES = {
    "automation/outgoing.py",  # the guarded client itself
    "commands/asking.py",  # the command line, to the server of its own folder
    "connectors/apns.py",  # Apple's address, from the settings
    "connectors/fcm.py",  # Google's, from the settings
    "connectors/s3_files.py",  # the storage of the settings
    "connectors/social_email.py",  # a mailbox, at an address that the guarded client has checked
    "staging.py",  # the demo, to itself
}
_MAKES = {
    f"{room}{name}"
    for room in ("", "httpx.", "asyncio.", "socket.", "urllib.request.", "http.client.", "smtplib.", "imaplib.")
    for name in (
        "AsyncClient", "Client", "AsyncHTTPTransport", "urlopen", "create_connection",
        "HTTPConnection", "HTTPSConnection", "IMAP4", "IMAP4_SSL", "SMTP",
    )
} | {"asyncio.open_connection"}  # fmt: skip
INSIDE = (
    "http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0x7f000001/", "http://017700000001/",
    "http://127.1/", "http://0/", "http://0.0.0.0/", "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://[::1]/", "http://[::]/",
    "http://[::ffff:127.0.0.1]/", "http://[::ffff:a9fe:a9fe]/", "http://[::127.0.0.1]/", "http://[fd00::1]/",
    "http://[fe80::1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[2002:7f00:1::]/",
    "http://224.0.0.1/", "http://255.255.255.255/", "http://[ff02::1]/", "http://192.0.0.1/", "http://198.18.0.1/",
    "http://user@127.0.0.1/", "http://example.com@127.0.0.1/", "http://127.0.0.1#@example.com/", "file:///etc/passwd",
    "gopher://127.0.0.1/", "http://１２７.0.0.1/", "http://127.0.0.1:22/", "//127.0.0.1/", "http:///", "",
)  # fmt: skip


def _lines_of_its_own(file: Path) -> bool:
    calls = (one for one in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(one, ast.Call))
    return any(ast.unparse(one.func) in _MAKES for one in calls)


def test_nothing_goes_out_but_through_the_guarded_client() -> None:
    found = {
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.py")
        if file.relative_to(SOURCE).parts[0] != "demo" and _lines_of_its_own(file)
    }
    assert found == OWN_LINES


@pytest.mark.parametrize("url", INSIDE)
async def test_no_way_to_write_an_inner_address_is_let_out(url: str) -> None:
    way_out = HttpOutgoing()
    try:
        # Not known by any name is as good as refused; reached and silent is not.
        with pytest.raises((NotAllowed, Unreached)) as refused:
            await way_out.send(Tenant("E1", "T1"), "GET", url, {}, b"", 2)
        if isinstance(refused.value, Unreached):
            assert "is not known" in str(refused.value)
    finally:
        await way_out.close()


async def test_nobody_names_an_inner_address_at_a_door(two: Two) -> None:
    """An OpenID provider and a partner's server are asked before anybody has proven anything."""
    for path, body in (
        (
            "/api/v1/signin/providers",
            {
                "name": "x",
                "issuer": "https://127.0.0.1:1",
                "client_id": "x",
                "secret": "x",
                "domains": "sorimaru.example",
                "kind": "openid",
                "workspace": two.cast.tenant.workspace,
            },
        ),
        ("/api/v1/partners", {"address": "https://169.254.169.254", "code": "ABCD-EFGH-JKLM"}),
    ):
        operation = next(one for one in two.described.operations if str(one) == f"POST {path}")
        assert operation.body is not None
        shape = two.described.value(operation.body, lambda name, given=body: given.get(name))  # type: ignore[misc]
        answer = await two.ask(two.cast.token, "POST", path, shape)
        if answer.status_code == 201:  # it is asked when somebody comes in by it
            answer = await two.http.post(
                f"/api/v1/signin/openid/{answer.json()['id']}", json={}, headers={"x-dure-client": "web"}
            )
        assert 400 <= answer.status_code < 600, answer.text
        assert "private network" in answer.text, answer.text


class Redirecting:
    """An outside service whose every page leads to the next address."""

    def __init__(self, *addresses: str) -> None:
        self.addresses, self.asked = list(addresses), list[tuple[str, Mapping[str, str]]]()

    async def send(
        self, tenant: Tenant, method: str, url: str, headers: Mapping[str, str], body: bytes, seconds: float, most: int
    ) -> Answer:  # fmt: skip
        self.asked.append((url, headers))
        return Answer(302, "", headers={"location": self.addresses.pop(0)}) if self.addresses else Answer(200, "{}")


async def test_a_redirect_to_another_host_takes_no_secret_along() -> None:
    now = MONDAY_NOON
    given = Given(Tenant("E1", "T1"), uuid4(), {}, {}, now, now)
    secrets = {"Authorization": "Bearer hunter2", "cookie": "s=hunter2"}
    near, far = "https://one.example/next", "https://two.example/next"
    web = Redirecting(near, far, near)
    await polite.ask(web, given, "https://one.example/", headers=secrets)  # type: ignore[arg-type]
    told = [(url, "hunter2" in str(headers)) for url, headers in web.asked]
    assert told == [("https://one.example/", True), (near, True), (far, False), (near, False)]
