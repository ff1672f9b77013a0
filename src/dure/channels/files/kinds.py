"""What kind of file something is: by its name, and where that says nothing by its first bytes."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """`filetype` and `pretty` are Slack's words."""

    filetype: str
    pretty: str
    mimetype: str


BINARY = Kind("binary", "Binary", "application/octet-stream")
TEXT = Kind("text", "Plain Text", "text/plain")

# What may be shown inside a page of ours as it is; everything else is only ever downloaded.
SHOWN = frozenset({
    "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "audio/mpeg", "audio/mp4", "audio/ogg",
    "audio/wav", "audio/webm", "audio/flac", "video/mp4", "video/webm", "video/ogg", "video/quicktime",
})  # fmt: skip

_KINDS = {
    "png": ("png", "PNG", "image/png"),
    "jpg": ("jpg", "JPEG", "image/jpeg"),
    "jpeg": ("jpg", "JPEG", "image/jpeg"),
    "gif": ("gif", "GIF", "image/gif"),
    "webp": ("webp", "WebP", "image/webp"),
    "bmp": ("bmp", "Bitmap", "image/bmp"),
    "svg": ("svg", "SVG", "image/svg+xml"),
    "heic": ("heic", "HEIC", "image/heic"),
    "pdf": ("pdf", "PDF", "application/pdf"),
    "mp3": ("mp3", "MP3", "audio/mpeg"),
    "m4a": ("m4a", "MPEG 4 Audio", "audio/mp4"),
    "ogg": ("ogg", "Ogg Vorbis", "audio/ogg"),
    "oga": ("ogg", "Ogg Vorbis", "audio/ogg"),
    "wav": ("wav", "Wave Audio", "audio/wav"),
    "flac": ("flac", "FLAC", "audio/flac"),
    "mp4": ("mp4", "MPEG 4 Video", "video/mp4"),
    "m4v": ("mp4", "MPEG 4 Video", "video/mp4"),
    "mov": ("mov", "QuickTime Movie", "video/quicktime"),
    "webm": ("webm", "WebM", "video/webm"),
    "ogv": ("ogv", "Ogg Video", "video/ogg"),
    "zip": ("zip", "Zip", "application/zip"),
    "gz": ("gzip", "Gzip", "application/gzip"),
    "tar": ("tar", "Tar", "application/x-tar"),
    "doc": ("doc", "Word Document", "application/msword"),
    "docx": ("docx", "Word Document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xls": ("xls", "Excel Spreadsheet", "application/vnd.ms-excel"),
    "xlsx": ("xlsx", "Excel Spreadsheet", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt": ("ppt", "PowerPoint Presentation", "application/vnd.ms-powerpoint"),
    "pptx": (
        "pptx", "PowerPoint Presentation", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "hwp": ("hwp", "Hangul Document", "application/x-hwp"),
    "hwpx": ("hwpx", "Hangul Document", "application/hwp+zip"),
}  # fmt: skip

# What is text: extension → (Slack's filetype, its words).
_TEXTS = {
    "txt": ("text", "Plain Text"), "log": ("text", "Plain Text"), "text": ("text", "Plain Text"),
    "md": ("markdown", "Markdown"), "csv": ("csv", "CSV"), "tsv": ("tsv", "TSV"), "json": ("json", "JSON"),
    "ndjson": ("json", "JSON"), "xml": ("xml", "XML"), "html": ("html", "HTML"), "htm": ("html", "HTML"),
    "css": ("css", "CSS"), "js": ("javascript", "JavaScript/JSON"), "mjs": ("javascript", "JavaScript/JSON"),
    "ts": ("typescript", "TypeScript"), "py": ("python", "Python"), "sql": ("sql", "SQL"), "sh": ("shell", "Shell"),
    "yml": ("yaml", "YAML"), "yaml": ("yaml", "YAML"), "toml": ("text", "Plain Text"), "ini": ("text", "Plain Text"),
    "java": ("java", "Java"), "kt": ("kotlin", "Kotlin"), "go": ("go", "Go"), "rs": ("rust", "Rust"),
    "rb": ("ruby", "Ruby"), "php": ("php", "PHP"), "c": ("c", "C"), "h": ("c", "C"), "cpp": ("cpp", "C++"),
    "cs": ("csharp", "C#"), "swift": ("swift", "Swift"), "diff": ("diff", "Diff"), "patch": ("diff", "Diff"),
    "tex": ("latex", "LaTeX/sTeX"), "r": ("r", "R"), "lua": ("lua", "Lua"), "pl": ("perl", "Perl"),
    "dockerfile": ("dockerfile", "Docker"), "scala": ("scala", "Scala"), "vb": ("vb", "VB.NET"),
}  # fmt: skip

# Its types where they are not plain text; to browsers all of it is (see `serving`).
_TEXT_TYPES = {
    "csv": "text/csv", "tsv": "text/tab-separated-values", "json": "application/json", "html": "text/html",
    "xml": "application/xml", "css": "text/css", "markdown": "text/markdown", "javascript": "text/javascript",
}  # fmt: skip

SNIPPETS = dict(_TEXTS.values()) | {
    "auto": "Plain Text", "powershell": "PowerShell", "objc": "Objective-C", "haskell": "Haskell", "clojure": "Clojure",
    "erlang": "Erlang", "matlab": "MATLAB", "groovy": "Groovy", "dart": "Dart", "elixir": "Elixir",
}  # fmt: skip

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"%PDF-", "pdf"), 
    (b"PK\x03\x04", "zip"), (b"\x1f\x8b", "gz"), (b"ID3", "mp3"), (b"OggS", "ogg"), (b"fLaC", "flac"),
)  # fmt: skip

_PRETTY = {filetype: pretty for filetype, pretty, _ in _KINDS.values()} | SNIPPETS

# Slack's groups for `files.list`, by what an SQL pattern finds in the mimetype or the filetype.
TYPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "images": ("mimetype", ("image/%",)),
    "videos": ("mimetype", ("video/%",)),
    "audios": ("mimetype", ("audio/%",)),
    "pdfs": ("filetype", ("pdf",)),
    "zips": ("filetype", ("zip", "gzip", "tar")),
    "snippets": ("mode", ("snippet",)),
    "gdocs": ("filetype", ("gdoc", "gsheet", "gpres")),
    "remote": ("mode", ("external",)),
    "spaces": ("filetype", ("space",)),
    "documents": ("filetype", ("pdf", "doc%", "xls%", "ppt%", "hwp%", "csv", "text", "markdown")),
}


def pretty_type(filetype: str) -> str:
    """What people call it."""
    return _PRETTY.get(filetype) or (BINARY.pretty if filetype == BINARY.filetype else filetype.upper())


def kind_of(name: str, head: bytes) -> Kind:
    """The kind of a file of this name that begins so."""
    ending = name.rpartition(".")[2].lower() if "." in name else name.lower()
    if ending in _TEXTS and b"\0" not in head:
        filetype, pretty = _TEXTS[ending]
        return Kind(filetype, pretty, _TEXT_TYPES.get(filetype, TEXT.mimetype))
    if ending in _KINDS:
        return Kind(*_KINDS[ending])
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return Kind(*_KINDS[found])
    guessed = mimetypes.guess_type(name)[0] if "." in name else None
    if guessed and not guessed.startswith("text/"):
        return Kind(ending[:20], pretty_type(ending[:20]), guessed)
    return TEXT if _reads(head) else BINARY


def is_text(kind: Kind) -> bool:
    return kind.filetype in SNIPPETS


def is_text_type(mimetype: str, filetype: str) -> bool:
    """Whether a file that was looked at before holds words that can be read as they are."""
    return filetype in SNIPPETS or mimetype.startswith("text/")


def _reads(head: bytes) -> bool:
    """Whether it is text: UTF-8, whose last character may have been cut."""
    if not head or b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3
    return True
