"""Where this installation is, as far as its people's browsers and letters are told."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Site:
    url: str

    @property
    def origin(self) -> str:
        """What browsers say a page of ours is from. Passkeys need a name: this machine's is `localhost`."""
        parts = urlsplit(self.url)
        port = "" if parts.port is None else f":{parts.port}"
        return f"{parts.scheme}://{self.name}{port}"

    @property
    def name(self) -> str:
        """What passkeys are made for."""
        host = urlsplit(self.url).hostname or "localhost"
        try:
            return "localhost" if ipaddress.ip_address(host).is_loopback else host
        except ValueError:
            return host

    @property
    def takes_passkeys(self) -> bool:
        """Browsers make none for a bare address, nor without TLS elsewhere than on one's own machine."""
        try:
            ipaddress.ip_address(self.name)
        except ValueError:
            return self.name == "localhost" or self.url.startswith("https:")
        return False


def inside(path: str) -> str:
    """A path of this site to go on to; the first page for whatever would lead elsewhere."""
    bad = not path.startswith("/") or path[1:2] in ("/", "\\") or any(ord(c) < 33 or c == "\\" for c in path)
    return "/" if bad or path.startswith(("/sign-in", "/api/")) else path
