"""By what two records may be found to be the same: normalised names, domains, addresses and numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

# Forms of companies, at the beginning or the end of a name, as they are written in Korea and elsewhere.
_FORMS = (
    "주식회사", "유한회사", "유한책임회사", "합자회사", "합명회사", "재단법인", "사단법인", "협동조합",
    "incorporated", "inc", "corporation", "corp", "company", "co", "limited", "ltd", "llc", "llp", "lp", "plc",
    "gmbh", "ag", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "oy", "ab", "as", "kk", "pte", "pty", "holdings",
    "group", "the",
)  # fmt: skip
_MARKS = re.compile(r"\((?:주|유|합|재|사)\)|[㈜㈐]")
_LETTERS = re.compile(r"[^0-9a-z\u3131-\u318e\uac00-\ud7a3\u3040-\u30ff\u4e00-\u9fff]+")
# Where many people have their mail, a domain says nothing about a company.
_EVERYBODYS = frozenset({
    "gmail.com", "naver.com", "daum.net", "hanmail.net", "kakao.com", "nate.com", "hotmail.com", "outlook.com",
    "yahoo.com", "icloud.com", "me.com", "live.com", "proton.me", "protonmail.com", "googlemail.com",
})  # fmt: skip


def company(name: str) -> str:
    """A company's name without its form, marks and blanks: `(주)한빛 커피` and `한빛커피 주식회사` are the same."""
    text = _MARKS.sub(" ", name)
    text = unicodedata.normalize("NFKC", text).lower().replace("&", " and ")
    text = _MARKS.sub(" ", text)
    words = [word for word in _LETTERS.split(re.sub(r"[.'’]", "", text)) if word]
    while len(words) > 1 and words[-1] in _FORMS:
        words.pop()
    while len(words) > 1 and words[0] in _FORMS:
        words.pop(0)
    joined = "".join(words)
    for form in ("주식회사", "유한회사"):
        if len(joined) > len(form):
            joined = joined.removeprefix(form).removesuffix(form)
    return joined


def person(name: str) -> str:
    """A person's name whatever the order of its parts, its case and its accents."""
    text = unicodedata.normalize("NFKD", name).lower()
    text = unicodedata.normalize("NFC", "".join(char for char in text if not unicodedata.combining(char)))
    return "".join(sorted(word for word in _LETTERS.split(text) if word))


def domain(text: str) -> str:
    """The domain of an address of the web or of mail, "" for one that everybody may have."""
    host = re.sub(r"^[a-z]+://", "", text.strip().lower()).split("/")[0].split("@")[-1].split(":")[0]
    host = host.removeprefix("www.")
    return "" if host in _EVERYBODYS or "." not in host else host


def email(text: str) -> str:
    """An address in small letters and without a tag behind a plus."""
    local, at, host = text.strip().lower().partition("@")
    return f"{local.split('+')[0]}{at}{host}" if at and local else ""


def phone(text: str) -> str:
    """The last nine digits of a number: with or without a country's code it is the same; "" where it has fewer than
    eight."""
    digits = re.sub(r"\D", "", re.sub(r"(?i)(?:x|ext\.?|#).*$", "", text))
    return digits.lstrip("0")[-9:] if len(digits) >= 8 else ""


def _account(one: Any) -> list[tuple[str, str]]:
    return [("name", company(one.name)), ("domain", domain(one.domain)), ("domain", domain(one.website)),
            ("phone", phone(one.phone))]  # fmt: skip


def _contact(one: Any) -> list[tuple[str, str]]:
    return [("email", email(one.email)), ("phone", phone(one.phone)), ("phone", phone(one.mobile)),
            ("name", person(one.name))]  # fmt: skip


def _lead(one: Any) -> list[tuple[str, str]]:
    return [("email", email(one.email)), ("phone", phone(one.phone)), ("name", person(one.name))]


def _deal(one: Any) -> list[tuple[str, str]]:
    name = _LETTERS.sub("", unicodedata.normalize("NFKC", one.name).lower())
    return [("name", name)]


_KINDS: dict[str, Callable[[Any], list[tuple[str, str]]]] = {
    "account": _account, "contact": _contact, "lead": _lead, "deal": _deal,
}  # fmt: skip
OBJECTS = tuple(_KINDS)


def keys_of(object_: str, record: Any) -> list[str]:
    """`kind:value` each, such as `domain:hanbit.example`; none for kinds of records that are not looked for."""
    kind = _KINDS.get(object_)
    if kind is None:
        return []
    return list(dict.fromkeys(f"{name}:{value}" for name, value in kind(record) if value))
