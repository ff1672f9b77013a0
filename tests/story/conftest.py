"""The company, alive: one `dure demo` for all chapters, and a browser signed in to it."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from dure.governance.http import COOKIE
from tests.web.browser import Browser


@dataclass
class Company:
    """The running demo: what it told, and a client that speaks as its owner."""

    told: dict[str, Any]
    http: httpx.Client
    session: str = ""

    @property
    def url(self) -> str:
        return str(self.told["url"])

    def chapter(self, number: int) -> dict[str, Any]:
        """A chapter's facts; fails with what it complained of where it was not read back."""
        chapter = next(one for one in self.told["chapters"] if one["number"] == number)
        assert chapter["ok"], chapter.get("error")
        facts: dict[str, Any] = chapter["facts"]
        return facts

    def slack(self) -> WebClient:
        return WebClient(token=self.told["token"], base_url=f"{self.url}/slack/api/")


@pytest.fixture(scope="package")
def company() -> Iterator[Company]:
    folder = Path(tempfile.mkdtemp(prefix="dure-story-"))
    folder.chmod(0o755)
    command = [sys.executable, "-m", "dure", "demo", "--json", "--port", "0", "--data", str(folder / "data")]
    with (folder / "err").open("w") as stderr:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
    assert process.stdout is not None
    with process.stdout as stdout:
        line = stdout.readline()
        assert line, (folder / "err").read_text()[-3000:]
        told = json.loads(line)
        headers = {"authorization": f"Bearer {told['token']}"}
        with httpx.Client(base_url=told["url"], headers=headers, timeout=60) as http:
            yield Company(told, http)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, (folder / "err").read_text()[-3000:]
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def signed_in(company: Company, browser: Browser) -> Browser:
    """A browser that has come in: through the sign-in page the first time, with the session it got there after that."""
    for name, value in (("lang", "en"), ("theme", "dark"), (COOKIE, company.session)):
        if value:
            browser.cookie(company.url, name, value, http_only=name == COOKIE)
    if not company.session:
        browser.open(company.url)
        browser.type("input[name=email], input[type=email]", company.told["email"])
        browser.type("input[name=password], input[type=password]", company.told["password"])
        browser.press("ENTER")
        browser.until(lambda: browser.all(".side"), "the application did not open")
        session = browser.driver.get_cookie(COOKIE)
        assert session is not None
        company.session = str(session["value"])
    return browser
