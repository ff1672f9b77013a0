"""Markup in names and texts, in a real Chromium: on every screen it is shown as the letters that it is, and nothing of
it runs."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Iterator, Mapping

import pytest
from selenium.common.exceptions import NoAlertPresentException

from dure.governance.http import COOKIE
from tests.security.house import Two, filled
from tests.security.planting import EVIL, evil, plant
from tests.web.browser import Browser, browser, chromium
from tests.web.here import serving_here

__all__ = ["browser", "chromium"]
pytestmark = pytest.mark.anyio

PATIENCE = 40_000  # milliseconds that a screen has to show what it has

# Goes to a screen as a click does, so that nothing is loaded twice; waits until it reads all that it should, and says
# what it reads there, in texts, fields and titles, and what stands there as markup.
_WALK = """
const [path, wanted, evil, patience] = args;
const text = () => {
  const said = [document.body.textContent];
  for (const one of document.querySelectorAll('input, textarea, [title], [aria-label], [placeholder], [alt]'))
    said.push(one.value, one.title, one.getAttribute('aria-label'), one.placeholder, one.alt);
  return said.join('\\n');
};
const link = document.createElement('a');
link.href = path;
document.body.append(link);
link.click();
link.remove();
const until = performance.now() + patience;
await new Promise(done => setTimeout(done, 50));
while (performance.now() < until) {
  const said = text();
  if (wanted.length && wanted.every(one => said.includes(evil + one + '.'))) break;
  await new Promise(done => setTimeout(done, 50));
}
const said = text(), labels = new Set();
for (let at = said.indexOf(evil); at >= 0; at = said.indexOf(evil, at + 1))
  labels.add(/^[\\w-]*/.exec(said.slice(at + evil.length, at + evil.length + 60))[0]);
return {
  at: location.pathname + location.search, labels: [...labels], ran: Boolean(window.ran),
  stands: [...document.querySelectorAll('img[src=x], [onerror], [onload], a[href^="javascript:" i]')]
    .map(one => one.outerHTML.slice(0, 200)),
  said: document.querySelector('.view')?.textContent?.slice(0, 300) ?? '',
};
"""
# A screen's address, with `{key}` for the id of what was planted → the fields that are read there.
READ: dict[str, str] = {
    "/": "section purpose", "/analytics?board=evil-board": "board board-view tile annotation metric",
    "/journey?journey=evil-journey": "journey", "/metrics/catalogue": "metric",
    "/metrics/catalogue/evil-metric": "metric metric-about annotation board tree alert",
    "/metrics/trees": "tree metric", "/metrics/trees/evil-tree": "tree metric",
    "/channels/threads": "message reply", "/channels/drafts": "draft scheduled", "/search?q=spoken": "spoken",
    "/channels/all": "room-topic", "/channels": "room-topic", "/activity": "spoken", "/channels/connections": "partner",
    "/channels/{evil_room}": "room-topic room-purpose bookmark message block context header guarded draft",
    "/forms": "form", "/forms/evil-form": "form form-about field help", "/apps": "a app-about token command",
    "/apps/{evil_app}": "a app-about command hint shortcut", "/admin/groups": "group group-about",
    "/admin/channels": "workspace room-purpose", "/admin/guarding": "guard", "/admin/keeping": "hold hold-note",
    "/deals": "pipeline", "/deals/table": "view deal account", "/deals/forecast": "user pipeline",
    "/deals/duplicates": "account", "/deals/import": "sheet", "/deals/settings": "pipeline stage won lost label",
    "/deals/accounts/{evil_account}": "account industry contact deal",
    "/deals/{evil_deal}": "deal account next deal-about task note note-text label", "/customers": "account",
    "/customers/{evil_account}": "account contact deal", "/pacing/lines": "line line-account order",
    "/pacing/orders": "order buyer advertiser",
    "/pacing/{evil_item}": "line line-account order targeting format creative makegood",
    "/social": "query author handle mention", "/inbox": "author mention-title mention", "/routing": "author mention",
    "/listening": "query", "/publishing": "post", "/publishing/{evil_post}": "post post-text post-comment",
    "/ideas": "idea", "/social/sources": "feed", "/social/sources/{evil_feed}": "feed",
    "/automations": "automation event pause", "/automations/{evil_automation}": "automation event node step pause",
    "/automations/{evil_automation}/edit": "automation event node step", "/people": "person",
    "/people/u-1": "person customer trait trait-value source song event plan-trait",
    "/accounts": "customer plan-trait", "/accounts/g-1": "customer plan-trait person source song event",
    "/segments": "segment event", "/segments/{evil_segment}": "segment segment-about event person",
    "/segments/{evil_segment}/edit": "segment segment-about event person", "/scores": "score",
    "/scores/{evil_score}": "score", "/handovers": "segment purpose", "/handovers/{evil_handover}": "segment purpose",
    "/experiments": "experiment goal", "/experiments/new": "metric segment",
    "/experiments/{evil_experiment}": "experiment hypothesis goal", "/feature-flags": "flag",
    "/feature-flags/evil-flag": "flag segment", "/campaigns": "demand", "/demand-tests": "demand",
    "/demand-tests/{evil_demand}": "demand demand-subject demand-body demand-door", "/sending": "stop playground",
    "/sources": "source", "/sources?tab=rejects": "rejected", "/sources?tab=plan": "planned plan",
    "/exports": "storage",
    "/admin": "wanted why token user", "/opening-hours": "hours holiday", "/admin?tab=roles": "role role-about",
    "/my-security": "device", "/audit": "guard automation segment query storage role workspace token user",
}  # fmt: skip
# Screens that show nothing that anybody wrote until much more has happened than is planted here, or at all.
NOTHING_OF_ANYBODY = {
    "/status": "figures of the server", "/explore": "an empty question", "/answers": "figures and channels' names",
    "/settings/notifications": "switches", "/admin/exports": "kinds and days of exports",
    "/admin/partners": "servers that were met, each proven first",
    "/admin/apps": "requests for apps", "/admin/slack": "exports of Slack that were uploaded",
    "/admin/slack/{id}": "what lies in one of these",
    "/channels/invitation/{secret}": "what a letter's link offers", "/invited/{id}": "what another server offers",
    "/pacing": "alerts of lines that run late",
    "/pacing/servers": "ad servers that answered", "/response-times": "figures",
    "/advocacy": "stories that were approved",
    "/social/sources/connect": "kinds of sources", "/social/reader": "figures of the model",
    "/publishing/review": "posts that wait", "/publishing/rules": "switches", "/automations/new": "recipes of ours",
    "/automations/{id}/runs/{run}": "a run that happened", "/segments/new": "an empty rule",
    "/stages": "stages of ours",
    "/campaigns/{id}": "a ready campaign of ours", "/recommendations": "figures", "/demand-tests/new": "an empty form",
}  # fmt: skip


def _walked(seen: Browser, url: str, session: str, made: Mapping[str, str]) -> list[str]:
    """What went wrong on the way through all screens."""
    wrong: list[str] = []
    seen.cookie(url, COOKIE, session)
    seen.open(url + "/status", lang="en")
    for path, labels in READ.items():
        address, wanted = filled(path, dict(made)), labels.split()
        told = seen.js(_WALK, address, wanted, EVIL, PATIENCE)
        with contextlib.suppress(NoAlertPresentException):
            seen.driver.switch_to.alert.dismiss()
            wrong.append(f"{path}: a dialog")
        if told["ran"] or told["stands"]:
            wrong.append(f"{path}: markup stands in the page: {told['ran']} {told['stands']}")
        if unread := set(wanted) - set(told["labels"]):
            wrong.append(f"{path}: not read there: {sorted(unread)} but {told['labels']}; {told['said']}")
    # The policy refused nothing, because nothing asked it to.
    wrong += [one for one in seen.complaints() if "Content Security Policy" in one]
    return wrong


async def _session(two: Two, device: str = "") -> str:
    mina = two.cast.mina
    async with two.house.state.begin(mina.tenant) as tx:
        return await two.house.governance.sessions.begin_in(tx, mina.tenant, mina.user, device=device)


async def test_every_screen_is_walked(two: Two) -> None:
    """What an owner's browser is told that there is, is walked, or said to show nothing that anybody wrote."""

    def is_read(page: str) -> bool:
        return any(re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", page), path.split("?")[0]) for path in READ)

    shell = await two.http.get("/", headers={"cookie": f"{COOKIE}={await _session(two)}"})
    boot = re.search(r'id="boot">(.*?)</script>', shell.text)
    assert boot is not None
    pages = {page["path"] for page in json.loads(boot[1])["pages"]}
    assert len(pages) > 80
    assert set(NOTHING_OF_ANYBODY) <= pages
    assert {page for page in pages if not is_read(page)} - set(NOTHING_OF_ANYBODY) == set()


async def test_markup_in_names_and_texts_is_text_where_it_is_shown(two: Two, patient: Browser) -> None:
    assert await plant(two) == {}
    session = await _session(two, evil("device"))
    async with serving_here(two.house.app) as url:
        wrong = await asyncio.to_thread(_walked, patient, url, session, two.made)
    print(f"{len(READ)} screens, {sum(len(labels.split()) for labels in READ.values())} fields read")  # noqa: T201
    assert wrong == [], "\n".join(wrong)


@pytest.fixture
def patient(browser: Browser) -> Iterator[Browser]:
    browser.driver.set_script_timeout(120)
    yield browser
    browser.driver.set_script_timeout(20)
