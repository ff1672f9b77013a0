"""What comes in from others: every package is pinned, and its licence is of a kind that we take."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_NAME = re.compile(r"^[A-Za-z0-9._-]+")
TAKEN = re.compile(
    r"\b(MIT|BSD|0BSD|Apache|ISC|MPL|Mozilla Public|PSF|PSFL|Python Software Foundation|Unlicense|Zlib|CC0"
    r"|Public Domain|Dual License)\b", re.IGNORECASE,
)  # fmt: skip
_COPYLEFT = re.compile(r"\b(A?GPL|LGPL|General Public License|SSPL|BUSL|Commons Clause)", re.IGNORECASE)
# Used as they come and not changed: their licence asks for no more, and each has its reason.
AS_THEY_COME = {
    "psycopg": "LGPL: PostgreSQL's client",
    "psycopg-binary": "LGPL: PostgreSQL's client",
    "psycopg-pool": "LGPL: PostgreSQL's client",
    "pygithub": "LGPL: tests only",
    "frozendict": "LGPL: tests only",
    "docutils": "its parts are in the public domain, BSD and GPL; tests only",
}
# They say their licence in a file only; somebody has read it.
READ_BY_HAND = {
    "apkit": "MIT: tests only", "bases": "MIT: tests only", "multiformats": "MIT: tests only",
    "multiformats-config": "MIT: tests only", "typing-validation": "MIT: tests only",
}  # fmt: skip


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> dict[str, str]:
    """Package → version of constraints.txt; '' where a line pins none."""
    found = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        bare = line.split("#")[0].split(";")[0].strip()
        if bare and (name := _NAME.match(bare)):
            version = re.fullmatch(r"[^=<>!~]+==([\w.+!-]+)", bare)
            found[canonical(name[0])] = version[1] if version else ""
    return found


def licence(of: metadata.Distribution) -> str:
    """All that a package says of its licence."""
    about = of.metadata
    told = [about.get("License-Expression") or "", (about.get("License") or "")[:200]]
    told += [one for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    return " ".join(told)


def test_every_dependency_is_pinned_and_its_licence_is_one_we_take() -> None:
    pinned = pins()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    named = {canonical(_NAME.match(one)[0]) for one in wanted}  # type: ignore[index]
    assert sorted(named - pinned.keys()) == []
    assert [name for name, version in pinned.items() if not version] == []
    missing, wrong = [], []
    for name, version in pinned.items():
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
            continue
        told = licence(found)
        if name in AS_THEY_COME or name in READ_BY_HAND:
            continue
        if not TAKEN.search(told) or _COPYLEFT.search(told):
            wrong.append(f"{name} {version}: {told or 'says none'}")
    assert wrong == []
    if len(missing) > len(pinned) // 2:
        pytest.skip(f"{len(missing)} of {len(pinned)} packages are not installed here, so that nobody can ask them")


def test_what_a_package_brings_along_is_pinned_too() -> None:
    pinned, loose = pins(), set()
    for name in pinned:
        try:
            requires = metadata.distribution(name).requires or []
        except metadata.PackageNotFoundError:
            continue
        for one in requires:
            needed, _, when = one.partition(";")
            if when:  # for an extra, or for another system
                continue
            loose.add(canonical(_NAME.match(needed)[0]))  # type: ignore[index]
    assert sorted(loose - pinned.keys()) == []


def test_what_is_installed_is_what_was_pinned() -> None:
    """So that what the suite was run with is what `make audit` asks about."""
    wrong = []
    for name, version in pins().items():
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:  # another system's, or no longer needed
            continue
        if found != version:
            wrong.append(f"{name}: {version} is pinned, {found} is installed")
    assert wrong == []


def test_packages_come_by_name_from_one_index() -> None:
    """A second index, or an address, would let whoever holds it put a package of a known name in the place of ours."""
    for file in ("pyproject.toml", "constraints.txt", "Makefile", ".ci/run"):
        text = (ROOT / file).read_text(encoding="utf-8")
        assert not re.search(r"extra-index-url|--index-url|find-links|trusted-host|git\+|@ *https?://", text), file
