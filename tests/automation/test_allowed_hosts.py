"""Where automations may call: a workspace's list, who may change it, and what is said of a host that is not on it."""

from __future__ import annotations

import pytest

from dure.automation.allowed import Allowed
from dure.automation.plugs import Answer
from dure.governance.hosts import fits, read_host
from dure.kernel.errors import Invalid, NotAllowed
from dure.state import State
from tests.automation.test_http import Postbox
from tests.people_of import found_sori

pytestmark = pytest.mark.anyio


async def test_with_a_list_only_its_hosts_are_called_and_a_refusal_names_the_host(state: State) -> None:
    cast = await found_sori(state)
    hosts, postbox = cast.governance.hosts, Postbox(*[Answer(200, "ok")] * 3)
    out = Allowed(postbox, hosts.allowed, fits)

    async def send(url: str) -> int:
        return (await out.send(cast.tenant, "POST", url, {}, b"", 5)).status

    assert await send("https://anything.example/x") == 200
    assert await hosts.set(cast.mina, ["Hooks.Example", "*.광고.example"]) == ["*.xn--299aqd.example", "hooks.example"]
    assert await send("https://hooks.example/x") == 200
    assert await send("https://seoul.광고.example:8443/x") == 200
    for url, host in {
        "https://evil.example/hooks.example": "evil.example",
        "https://hooks.example@evil.example/": "evil.example",
        "https://hooks.example.evil.example/": "hooks.example.evil.example",
        "https://xn--299aqd.example/": "xn--299aqd.example",
    }.items():
        with pytest.raises(NotAllowed) as refused:
            await send(url)
        assert refused.value.data == {"host": host}
        assert host in refused.value.message
    rival = cast.rina.tenant
    assert (await Allowed(Postbox(Answer(200, "ok")), hosts.allowed, fits).send(
        rival, "POST", "https://anything.example/x", {}, b"", 5)).status == 200  # fmt: skip


async def test_only_an_administrator_changes_the_list(state: State) -> None:
    cast = await found_sori(state)
    with pytest.raises(NotAllowed):
        await cast.governance.hosts.set(cast.joon, ["hooks.example"])
    await cast.governance.hosts.set(cast.mina, ["a.example", "b.example"])
    await cast.governance.hosts.set(cast.mina, ["b.example"])
    assert await cast.governance.hosts.listed(cast.joon) == ["b.example"]


@pytest.mark.parametrize(
    "host", ["", "https://a.example", "a.example/x", "a b", "*", "a..b", "*.*.example", "-a.example"]
)
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_host(host, "hosts[0]")
    assert refused.value.field == "hosts[0]"
