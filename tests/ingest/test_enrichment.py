"""What a user agent, a page's address and a referrer say becomes properties."""

from __future__ import annotations

from typing import Any

import pytest

from dure.ingest import agent, campaign
from tests.ingest.conftest import Door, track

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/17.4 Mobile/15E148 Safari/604.1"
)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)
GALAXY = (
    "Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
    " Mobile Safari/537.36"
)
TABLET = (
    "Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.mark.parametrize(
    ("text", "browser", "system", "kind"),
    [
        (IPHONE, "Mobile Safari", "iOS", "mobile"), (CHROME, "Chrome", "Windows", "desktop"),
        (GALAXY, "Chrome Mobile", "Android", "mobile"), (TABLET, "Chrome", "Android", "tablet"),
        (BOT, "Googlebot", None, "bot"), ("okhttp/4.9", "okhttp", None, None), ("", None, None, None),
    ],
)  # fmt: skip
def test_a_user_agent_is_read(text: str, browser: str | None, system: str | None, kind: str | None) -> None:
    found = dict(agent.read(text))
    assert (found.get("browser"), found.get("os"), found.get("device_type")) == (browser, system, kind)


@pytest.mark.parametrize("name", ["$user_agent", "$useragent", "user_agent", "$raw_user_agent"])
def test_a_user_agent_is_found_where_protocols_put_it(name: str) -> None:
    assert agent.text_of({name: IPHONE}) == agent.text_of({"context": {"userAgent": IPHONE}}) == IPHONE
    assert agent.text_of({name: "x" * 1001}) == agent.text_of({name: 17}) == ""


def test_an_address_tells_campaign_and_click() -> None:
    url = "https://sori.example/?utm_source=naver&UTM_Medium=cpc&utm_source=other&gclid=G1&fbclid=F1&q=secret&utm_term="
    assert dict(campaign.parameters(url)) == {
        "utm_source": "naver", "utm_medium": "cpc", "gclid": "G1", "fbclid": "F1",
    }  # fmt: skip
    assert campaign.parameters("http://[broken?utm_source=a") == campaign.parameters("?" + "&".join("a" * 200)) == ()


@pytest.mark.parametrize(("url", "domain"), [("https://me:pw@News.Example:8080/a?b", "news.example"), ("x", ""),
                                             ("http://[broken", ""), ("$direct", "")])  # fmt: skip
def test_a_referrer_tells_its_domain(url: str, domain: str) -> None:
    assert campaign.domain(url) == domain


PAGE: dict[str, Any] = {"url": "https://sori.example/?utm_source=naver", "referrer": "https://www.google.com/"}


@pytest.mark.anyio
async def test_context_is_laid_out_and_what_the_sender_says_wins(door: Door) -> None:
    context = {"userAgent": CHROME, "page": PAGE}
    await door.send("page", anonymousId="d-1", context=context, properties={"os": "HaikuOS"})
    properties = (await door.one()).properties
    assert properties["context"] == context
    assert {name: value for name, value in properties.items() if name != "context"} == {
        "os": "HaikuOS", "browser": "Chrome", "browser_version": "126.0", "os_version": "10", "device_type": "desktop",
        "utm_source": "naver", "referring_domain": "www.google.com",
    }  # fmt: skip


@pytest.mark.anyio
async def test_events_of_one_batch_that_share_a_context_do_not_share_properties(door: Door) -> None:
    await door.batch(track("A", properties={"browser": "Own"}), track("B"), context={"userAgent": CHROME})
    assert [event.properties["browser"] for event in await door.events()] == ["Own", "Chrome"]


@pytest.mark.anyio
async def test_traits_get_no_browser(door: Door) -> None:
    await door.send("identify", userId="u-1", context={"userAgent": CHROME}, traits={"url": PAGE["url"]})
    assert (await door.one()).properties == {"url": PAGE["url"]}
