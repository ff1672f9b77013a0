"""The documentation: generated pages say what the code says, links lead somewhere, commands exist."""

from __future__ import annotations

import functools
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest

from dure.commands import cli

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.ko.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]

# Fenced code may hold anything that looks like a link; a command may stand in either.
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]*)?\)")
_COMMAND = re.compile(
    r"^(?:\$ |`)?(?:\.venv/bin/)?dure ((?:-{0,2}[a-z]+ ?)+)|`(?:\.venv/bin/)?dure ([a-z -]+)", re.MULTILINE
)


@functools.cache
def builder() -> ModuleType:
    """What writes the reference; the house it looks at is put together once for all who look at one."""
    spec = importlib.util.spec_from_file_location("docs_build", ROOT / "docs" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_what_the_code_gives_now() -> None:
    build = builder()
    for name, text in build.pages(build.composed()).items():
        written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
        assert written == text, f"docs/reference/{name} is old: run `python docs/build.py`"


def test_every_route_says_what_it_does() -> None:
    house = builder().composed()
    bare = [
        f"{method} {path}"
        for path, methods in house.app.openapi()["paths"].items()
        for method, operation in methods.items()
        if not operation.get("description")
    ]
    assert bare == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_to_files_that_exist(page: Path) -> None:
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    targets = [match[1] for match in _LINK.finditer(text) if match[1] and "://" not in match[1]]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_commands_named_in_the_text_exist(page: Path) -> None:
    assert [named for named in _commands_in(page.read_text(encoding="utf-8")) if not _exists(named)] == []


def test_a_command_that_is_not_there_is_found_out() -> None:
    text = "Run `dure fly`, then:\n\n```sh\n.venv/bin/dure token create --kind user\ndure import clouds FILE\n```\n"
    assert [named for named in _commands_in(text) if not _exists(named)] == ["fly", "import clouds"]


def _commands_in(text: str) -> Iterator[str]:
    for match in _COMMAND.finditer(text):
        yield (match[1] or match[2]).strip()


def _exists(named: str) -> bool:
    """Whether the words lead to a command; what follows a command is its arguments."""
    command: click.Command = cli
    for word in named.split():
        if not isinstance(command, click.Group) or word.startswith("-"):
            return True
        if word not in command.commands:
            return False
        command = command.commands[word]
    return True
