"""Reading a Slack app manifest and saying, place by place, what is wrong with it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import jsonschema_rs
import yaml

from dure.channels.apps.event_names import EVENTS
from dure.channels.apps.manifest_schema import MANIFEST
from dure.channels.apps.scopes import is_scope
from dure.channels.rules import clean
from dure.kernel.errors import Invalid

Manifest = dict[str, Any]

_LONGEST = 64 * 1024
_MOST_PROBLEMS = 50
_RULES = jsonschema_rs.validator_for(MANIFEST)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place: `pointer` is `/features/bot_user`, `line` where it stands in a text (0: not known)."""

    pointer: str
    message: str
    korean: str
    line: int = 0


class InvalidManifest(Invalid):
    """The manifest is not one of a Slack app."""

    code = "invalid_manifest"

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        errors = [
            {"message": one.message, "korean": one.korean, "pointer": one.pointer, "line": one.line} for one in problems
        ]
        super().__init__(f"{problems[0].pointer}: {problems[0].message}", field="manifest", data={"errors": errors})


def read_manifest(given: object) -> Manifest:
    """A valid manifest from an object, or from JSON or YAML text. Raises InvalidManifest."""
    text = given if isinstance(given, str) else ""
    try:
        manifest = clean(_parsed(text) if isinstance(given, str) else given)
        problems = list(check(manifest))[:_MOST_PROBLEMS]
    except RecursionError as error:
        raise InvalidManifest([_TOO_DEEP]) from error
    if problems:
        lines = _lines(text) if text else {}
        placed = [replace(one, line=_line_of(one.pointer, lines)) for one in problems]
        raise InvalidManifest(sorted(placed, key=lambda one: one.line))
    return dict(manifest)


async def reading(given: object) -> Manifest:
    """`read_manifest` beside the loop: a long YAML text takes a second."""
    return await asyncio.to_thread(read_manifest, given)


def check(manifest: object) -> Iterator[Problem]:
    """Everything that is wrong with a manifest, in the order of its parts."""
    wrong = list(_RULES.iter_errors(manifest))
    for error in wrong:
        yield from _said(error)
    if not wrong and isinstance(manifest, Mapping):
        yield from _unmet(manifest)


def _parsed(text: str) -> Any:
    if len(text) > _LONGEST:
        raise InvalidManifest([Problem("/", "The manifest is too long", "매니페스트가 너무 깁니다")])
    try:
        return json.loads(text)
    except ValueError as problem:
        if text.lstrip().startswith("{"):
            line = getattr(problem, "lineno", 1)
            message = f"Not JSON: {getattr(problem, 'msg', problem)}"
            raise InvalidManifest([Problem("/", message, f"JSON이 아닙니다: {message[10:]}", line)]) from problem
    try:
        return yaml.load(text, _Plain)  # noqa: S506  a kind of SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = str(getattr(error, "problem", None) or "it cannot be read")
        said = Problem("/", f"Not YAML: {why}", f"YAML이 아닙니다: {why}", mark.line + 1 if mark else 1)
        raise InvalidManifest([said]) from error
    except ValueError as error:  # a date that is none
        raise InvalidManifest([Problem("/", f"Not YAML: {error}", f"YAML이 아닙니다: {error}")]) from error


_TOO_DEEP = Problem("/", "The manifest is nested too deeply", "매니페스트가 너무 깊습니다")


_JSON = ("null", "bool", "int", "float", "str", "seq", "map")


class _Plain(yaml.SafeLoader):  # type: ignore[misc]  # the library has no types
    """YAML that says what JSON can say: a day is a text, keys are texts, and there are no references, because a few
    lines of them can stand for millions."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        letter: [(tag, pattern) for tag, pattern in known if tag.rpartition(":")[2] in _JSON]
        for letter, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    yaml_constructors: ClassVar[dict[str | None, Any]] = {
        tag: make
        for tag, make in yaml.SafeLoader.yaml_constructors.items()
        if tag is None or tag.rpartition(":")[2] in _JSON
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        made: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        if not all(isinstance(key, str) for key in made):
            raise yaml.constructor.ConstructorError(None, None, "a name is a text", node.start_mark)
        return made

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(
                None, None, "references (*name) are not allowed", self.peek_event().start_mark
            )
        return super().compose_node(parent, index)


def _lines(text: str) -> dict[str, int]:
    """The line on which each part of a text begins; nothing where the text cannot be read as YAML, as tabs cannot."""
    found: dict[str, int] = {}

    def walk(node: Any, pointer: str) -> None:
        found.setdefault(pointer or "/", node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                place = f"{pointer}/{key.value}"
                found[place] = key.start_mark.line + 1
                walk(value, place)
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                walk(value, f"{pointer}/{number}")

    try:
        walk(yaml.compose(text, _Plain), "")
    except (yaml.YAMLError, RecursionError):
        return {}
    return found


def _line_of(pointer: str, lines: Mapping[str, int]) -> int:
    """The line of a place, or of the nearest part around it that is there."""
    while pointer not in lines and pointer.count("/") > 1:
        pointer = pointer.rpartition("/")[0]
    return lines.get(pointer, lines.get("/", 0))


def _said(error: Any) -> Iterator[Problem]:
    """What the schema has against a place, in words that do not repeat what stands there."""
    pointer = "".join(f"/{part}" for part in error.instance_path) or "/"
    kind, limit = error.kind, getattr(error.kind, "limit", 0)
    match kind.name:
        case "required":
            yield Problem(_below(pointer, kind.property), "This field is required", "꼭 있어야 합니다")
        case "additionalProperties":
            for name in kind.unexpected:
                yield Problem(_below(pointer, name), "There is no such field", "이런 항목은 없습니다")
        case "type":
            kinds = ", ".join(map(str, kind.types)) if hasattr(kind, "types") else ""
            yield Problem(pointer, f"Must be of type {kinds}", f"형식이 {kinds}이어야 합니다")
        case "maxLength":
            yield Problem(pointer, f"Must be at most {limit} characters", f"{limit}자까지 쓸 수 있습니다")
        case "minLength":
            yield Problem(pointer, f"Must be at least {limit} characters", f"{limit}자 이상이어야 합니다")
        case "maxItems":
            yield Problem(pointer, f"Must have at most {limit} items", f"{limit}개까지 둘 수 있습니다")
        case "minItems":
            yield Problem(pointer, f"Must have at least {limit} items", f"{limit}개 이상이어야 합니다")
        case "uniqueItems":
            yield Problem(pointer, "Must not have the same item twice", "같은 것이 두 번 있습니다")
        case "enum":
            options = ", ".join(map(str, kind.options))
            yield Problem(pointer, f"Must be one of {options}", f"{options} 중 하나여야 합니다")
        case "pattern":
            english, korean = _PATTERNS.get(
                kind.pattern, (f"Must match {kind.pattern}", f"{kind.pattern} 모양이어야 합니다")
            )
            yield Problem(pointer, english, korean)
        case name:
            yield Problem(pointer, f"Is not valid ({name})", f"맞지 않습니다 ({name})")


# The shapes that texts must have, in words.
_PATTERNS = {
    r"^/": ("Must begin with /", "/로 시작해야 합니다"),
    r"^https?://": (
        "Must be an address that begins with http:// or https://",
        "http:// 나 https:// 로 시작하는 주소여야 합니다",
    ),
}


def _unmet(manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """What one part needs of another."""
    features, settings = manifest.get("features") or {}, manifest.get("settings") or {}
    socket = bool(settings.get("socket_mode_enabled"))
    events = settings.get("event_subscriptions") or {}
    if (events.get("bot_events") or events.get("user_events")) and not socket and not events.get("request_url"):
        yield Problem(
            "/settings/event_subscriptions", "Event Subscription requires either Request URL or Socket Mode Enabled",
            "이벤트를 받으려면 request_url이나 소켓 모드가 있어야 합니다",
        )  # fmt: skip
    for field in ("bot_events", "user_events"):
        for number, name in enumerate(events.get(field) or ()):
            if name not in EVENTS:
                yield Problem(
                    f"/settings/event_subscriptions/{field}/{number}", f"Unknown event: {name}",
                    f"{name} 이벤트는 없습니다",
                )  # fmt: skip
    interactivity = settings.get("interactivity") or {}
    if interactivity.get("is_enabled") and not socket and not interactivity.get("request_url"):
        yield Problem(
            "/settings/interactivity", "Interactivity requires a Request URL",
            "상호작용을 쓰려면 request_url이 있어야 합니다",
        )  # fmt: skip
        yield Problem(
            "/settings/interactivity", "Interactivity requires Socket Mode enabled",
            "또는 소켓 모드를 켜야 합니다",
        )  # fmt: skip
    commands = features.get("slash_commands") or []
    names = Counter(str(one["command"]).lower() for one in commands)
    for number, one in enumerate(commands):
        place = f"/features/slash_commands/{number}"
        if not socket and not one.get("url"):
            yield Problem(
                place, "Slash Command requires either URL or Socket Mode Enabled",
                "명령을 받으려면 url이나 소켓 모드가 있어야 합니다",
            )  # fmt: skip
        if names[str(one["command"]).lower()] > 1:
            yield Problem(f"{place}/command", "This command is there twice", "같은 명령이 두 번 있습니다")
        if any(sign.isspace() for sign in one["command"]):
            yield Problem(f"{place}/command", "A command has no spaces", "명령에는 빈칸이 없어야 합니다")
    for kind, scopes in ((manifest.get("oauth_config") or {}).get("scopes") or {}).items():
        for number, scope in enumerate(scopes):
            if not is_scope(scope):
                yield Problem(f"/oauth_config/scopes/{kind}/{number}", "There is no such scope", "이런 권한은 없습니다")


def _below(pointer: str, name: object) -> str:
    return f"{pointer.rstrip('/')}/{name}"[:200]
