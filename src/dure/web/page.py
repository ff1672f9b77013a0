"""A page is one address of the application: where it is, what it is called, and the module that draws it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Group = Literal["today", "channels", "work", "grow", "admin"]
Role = Literal["guest", "member", "admin", "owner"]

GROUPS: tuple[Group, ...] = ("today", "channels", "work", "grow", "admin")
ROLES: tuple[Role, ...] = ("guest", "member", "admin", "owner")


@dataclass(frozen=True, slots=True)
class Page:
    """One address. `module` and `startup` are static paths such as "deals/board.js".

    `module`'s default export is a Vue component that receives `{params, query}`. `startup`, where given, is imported
    once with the shell whatever page is open: it is where a slice fills its part of the sidebar or of Ctrl-K.
    `group` None keeps the page out of the sidebar; `key` is the letter that follows `g`. One of the `organisation` is
    for those who look after it, whatever they are in a workspace.
    """

    path: str
    name: str
    title: Mapping[str, str]
    icon: str
    group: Group | None
    module: str
    key: str | None = None
    minimum_role: Role = "member"
    startup: str | None = None
    organisation: bool = False

    def __post_init__(self) -> None:
        if not self.path.startswith("/"):
            raise ValueError(f"page {self.name}: path {self.path!r} must begin with /")
        if not {"ko", "en"} <= self.title.keys():
            raise ValueError(f"page {self.name}: title needs ko and en")
        if self.key is not None and not re.fullmatch("[a-z]", self.key):
            raise ValueError(f"page {self.name}: key {self.key!r} must be one small letter")
        for module in filter(None, (self.module, self.startup)):
            if module.startswith(("/", ".")) or not module.endswith(".js"):
                raise ValueError(f"page {self.name}: {module!r} must be a static path such as 'deals/board.js'")

    def matches(self, path: str) -> bool:
        """Whether an address is this page's; `{id}` stands for one part of a path."""
        parts = re.split(r"\{\w+\}", self.path)
        return re.fullmatch("[^/]+".join(map(re.escape, parts)), path) is not None

    def as_json(self) -> dict[str, object]:
        """What the browser needs to know about it."""
        page: dict[str, object] = {
            "path": self.path,
            "name": self.name,
            "title": dict(self.title),
            "icon": self.icon,
            "group": self.group,
            "module": self.module,
        }
        if self.key:
            page["key"] = self.key
        if self.startup:
            page["startup"] = self.startup
        return page


def in_order(pages: Iterable[Page]) -> tuple[Page, ...]:
    """Pages by group, in the order given within one; refuses two of the same name, address or key."""
    ordered = sorted(pages, key=lambda page: GROUPS.index(page.group) if page.group else len(GROUPS))
    for what in ("name", "path", "key"):
        taken: dict[str, str] = {}
        for page in ordered:
            value = getattr(page, what)
            if value is not None and taken.setdefault(value, page.name) != page.name:
                raise ValueError(f"pages {taken[value]} and {page.name} have the same {what} {value!r}")
    if len({page.name for page in ordered}) != len(ordered):
        raise ValueError("two pages have the same name")
    return tuple(ordered)


def for_role(pages: Iterable[Page], role: str, org_role: str = "") -> tuple[Page, ...]:
    """The pages that a role may open, and a role in the organisation; an unknown role opens none."""
    rank = ROLES.index(role) if role in ROLES else -1
    return tuple(
        page for page in pages if ROLES.index(page.minimum_role) <= rank and (org_role or not page.organisation)
    )
