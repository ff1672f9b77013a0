"""A real headless Chromium for tests of screens, and a server on a free port to point it at.

Fixtures: `chromium` (one browser a session), `browser` (a clean `Browser` on it for one test).
`serving(app)` is a context manager that yields the URL at which an application answers.
"""

from __future__ import annotations

import contextlib
import functools
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1360,860",
    "--lang=en-US",
    # One process draws all pages: what it compiled for one is there for the next, which halves what a page costs.
    "--process-per-site",
    "--disable-site-isolation-trials",
    "--disable-features=SpareRendererForSitePerProcess,BackForwardCache,IsolateOrigins,site-per-process",
)


class Browser:
    """Chromium in the words of a test: open, see, press, type."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver
        self.seconds = 40.0

    def open(self, url: str, *, lang: str | None = None, theme: str | None = None) -> None:
        """Loads an address and waits until the application has drawn itself."""
        for name, value in (("lang", lang), ("theme", theme)):
            if value:
                self.driver.execute_cdp_cmd("Network.setCookie", {"url": url, "name": name, "value": value})
        self.driver.get(url)
        self.until(lambda: not self.all("[aria-busy=true]"))

    def cookie(self, url: str, name: str, value: str, *, http_only: bool = True) -> None:
        """Gives the browser a cookie, such as a session's, before a page is opened."""
        self.driver.execute_cdp_cmd(
            "Network.setCookie", {"url": url, "name": name, "value": value, "httpOnly": http_only}
        )

    def all(self, css: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css: str) -> WebElement:
        """The first element that fits, waited for until it is shown."""
        return self.until(lambda: next((it for it in self.all(css) if it.is_displayed()), None), f"nothing fits {css}")

    def text(self, css: str = "body") -> str:
        return self.one(css).text

    def sees(self, text: str, css: str = "body") -> None:
        """Waits until a text is shown."""
        self.until(lambda: any(text in it.text for it in self.all(css)), f"{text!r} was not seen in {css}")

    def misses(self, text: str, css: str = "body") -> None:
        """Waits until a text is shown no more."""
        self.until(lambda: not any(text in it.text for it in self.all(css)), f"{text!r} is still in {css}")

    def click(self, css: str, text: str | None = None) -> None:
        """Clicks the first shown element that fits (and holds a text)."""

        def there() -> bool:
            for it in self.all(css):
                if it.is_displayed() and (text is None or text in it.text):
                    it.click()
                    return True
            return False

        self.until(there, f"nothing to click at {css} {text or ''}")

    def type(self, css: str, text: str) -> None:
        """Replaces what a field holds."""
        field = self.one(css)
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(Keys.BACKSPACE)
        field.send_keys(text)

    def press(self, *keys: str) -> None:
        """Presses keys where the focus is, one after the other; "ctrl+k" is a chord."""
        for key in keys:
            actions = webdriver.ActionChains(self.driver, duration=0)
            *held, last = key.split("+") if len(key) > 1 else [key]
            modifiers = [getattr(Keys, "CONTROL" if name == "ctrl" else name.upper()) for name in held]
            for name in modifiers:
                actions.key_down(name)
            actions.send_keys(getattr(Keys, last.upper(), last) if len(last) > 1 else last)
            for name in reversed(modifiers):
                actions.key_up(name)
            actions.perform()

    def js(self, script: str, *arguments: object) -> Any:
        """What a script returns (a promise is waited for)."""
        wrapped = f"const done = arguments[arguments.length - 1]; (async (...args) => {{ {script} }})(...arguments)"
        wrapped += ".then(done, error => done({__error: String(error && error.stack || error)}))"
        answer = self.driver.execute_async_script(wrapped, *arguments)
        if isinstance(answer, dict) and "__error" in answer:
            raise AssertionError(answer["__error"])
        return answer

    def size(self, width: int, height: int) -> None:
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )

    def picture(self, path: Path) -> None:
        """Saves what is seen as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(path))

    def complaints(self) -> list[str]:
        """Errors and warnings of the console since the last call, refused scripts and styles among them."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser") if entry["level"] != "INFO"]

    def until(self, condition: Any, message: str = "") -> Any:
        return WebDriverWait(self.driver, self.seconds, poll_frequency=0.05, ignored_exceptions=_PASSING).until(
            lambda _: condition(), message
        )

    def leave(self) -> None:
        """Goes to an empty page, so that the one before asks nothing any more."""
        self.driver.get("about:blank")

    def clean(self) -> None:
        """Forgets cookies, storage and the console, and goes to an empty page."""
        self.leave()
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.complaints()


@pytest.fixture(scope="session")
def chromium() -> webdriver.Chrome:
    """The process's one headless Chromium; tests are skipped where it or its driver is not installed."""
    binary = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    driver = shutil.which("chromedriver")
    if binary is None or driver is None:
        pytest.skip("chromium and chromedriver are not installed (apt-get install chromium chromium-driver)")
    return _started(binary, driver)


# A fixture is one in each module that imports it: "session" alone would mean a Chromium a file, all open to the end.
_ends = contextlib.ExitStack()


@functools.cache
def _started(binary: str, driver: str) -> webdriver.Chrome:
    profile = _ends.enter_context(tempfile.TemporaryDirectory(prefix="dure-chromium-", ignore_cleanup_errors=True))
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for argument in (*ARGUMENTS, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    _ends.callback(chrome.quit)
    chrome.set_script_timeout(20)
    return chrome


def close() -> None:
    """Ends the browser, where one was started; for the end of a run."""
    _ends.close()
    _started.cache_clear()


@pytest.fixture
def browser(chromium: webdriver.Chrome) -> Iterator[Browser]:
    """A clean browser for one test, which leaves no page open that goes on working."""
    it = Browser(chromium)
    it.clean()
    yield it
    it.leave()


@contextlib.contextmanager
def serving(app: Any, port: int = 0) -> Iterator[str]:
    """Serves an ASGI application on a free port (or this one) in a thread of its own, and stops it at the end."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, ws="websockets-sansio", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        until = time.monotonic() + 60
        while not server.started:
            if not thread.is_alive() or time.monotonic() > until:
                raise RuntimeError("the server did not start")
            thread.join(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def _passing() -> tuple[type[Exception], ...]:
    from selenium.common import exceptions

    return (
        exceptions.StaleElementReferenceException,
        exceptions.NoSuchElementException,
        exceptions.ElementClickInterceptedException,
        exceptions.ElementNotInteractableException,
    )


_PASSING = _passing()
