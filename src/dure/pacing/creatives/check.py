"""The check of a creative against its kind's rules: accept, or hold and say why."""

from __future__ import annotations

from urllib.parse import urlsplit

from dure.pacing.creatives.model import Delivery, Spec

REASONS = {
    "size": ("크기가 규격과 다릅니다", "its size is none of those allowed"),
    "file_type": ("파일 형식이 규격과 다릅니다", "its file type is not allowed"),
    "too_heavy": ("파일이 너무 큽니다", "the file is too large"),
    "too_long": ("길이가 규격보다 깁니다", "it is too long"),
    "no_url": ("랜딩 URL이 없습니다", "it has no landing page"),
    "bad_url": ("랜딩 URL이 https 주소가 아닙니다", "its landing page is no https address"),
    "no_ad_id": ("소재 ID가 없습니다", "it has no ad id"),
    "no_disclosure": ("광고 표시 문구가 없습니다", "it does not say that it is advertising"),
}


def check(spec: Spec, given: Delivery) -> list[str]:
    """Codes of `REASONS`; none where it may be shown. What the rules ask for and was not said counts as wrong."""
    found = []
    if spec.sizes and (given.width, given.height) not in {(w, h) for w, h in spec.sizes}:
        found.append("size")
    if spec.file_types and given.file_type.lower().lstrip(".") not in {one.lower() for one in spec.file_types}:
        found.append("file_type")
    if spec.max_bytes and not 0 < (given.bytes or 0) <= spec.max_bytes:
        found.append("too_heavy")
    if spec.max_seconds and not 0 < (given.seconds or 0) <= spec.max_seconds:
        found.append("too_long")
    if given.url and not _is_page(given.url):
        found.append("bad_url")
    elif spec.url and not given.url:
        found.append("no_url")
    if spec.ad_id and not given.ad_id.strip():
        found.append("no_ad_id")
    if spec.disclosure and not given.disclosure.strip():
        found.append("no_disclosure")
    return found


def sentences(reasons: list[str]) -> tuple[str, str]:
    """The reasons in Korean and English, joined."""
    told = [REASONS.get(code, (code, code)) for code in reasons]
    return ", ".join(ko for ko, _ in told), ", ".join(en for _, en in told)


def _is_page(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "." in (parts.hostname or "")
