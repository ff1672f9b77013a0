"""Posts' links as tracked ones of `links`: each counts who follows it, for the variant that it stands in."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from dure.governance.api import Principal
from dure.kernel.errors import Invalid
from dure.social.links import rules
from dure.social.links.api import Links, NewLink
from dure.state import Tx

KIND = "post"
"""What links of posts belong to; the id is the plan's and the source's, parted by a slash."""


class Tracking:
    """A server that readers cannot reach tracks nothing: what led over it would lead nowhere."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self.on = _public(links.url(""))

    def sample(self, target: str) -> str:
        """As long as the address that will stand in the place of this one."""
        return self._links.url("·" * rules.LENGTH) if self.on and _can_be(target) else target

    async def made(
        self, tx: Tx, principal: Principal, belongs: str, network: str, targets: Sequence[str]
    ) -> Mapping[str, str]:
        """For each target the address that stands in its place."""
        wanted = [one for one in targets if self.on and _can_be(one)]
        made = await self._links.made(
            tx, principal, [NewLink(target, (KIND, belongs), network) for target in wanted]
        )  # fmt: skip
        return {one: one for one in targets} | {
            target: self._links.url(link.code) for target, link in zip(wanted, made, strict=True)
        }

    async def clicks(self, principal: Principal, belongs: Sequence[str], since: datetime) -> Mapping[str, int]:
        """How many people followed the links that belong to each, of those that have links."""
        counted = await self._links.counted(principal, KIND, belongs, since)
        return {one: found.clicks for one, found in counted.items()}


def _can_be(target: str) -> bool:
    try:
        rules.with_utm(target, {}, "x" * rules.LENGTH)
    except Invalid:
        return False
    return True


def _public(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".internal", ".localhost"))
