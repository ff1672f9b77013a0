"""What the bodies of several protocols have in common: packing, forms, base64, keys in headers, ids in JSON."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from dure.kernel.errors import Malformed, TooLarge

GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")

_LONGEST_MESSAGE_ID = 200


def unpack(body: bytes, limit: int) -> bytes:
    """A gzip or zlib body, unpacked to at most `limit` bytes. Raises TooLarge or Malformed."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise Malformed("The body is not gzip, as its header says.") from error
    if len(plain) > limit:
        raise TooLarge(f"The body unpacks to more than the {limit} bytes that this path takes.")
    if not unpacker.eof:
        raise Malformed("The gzip body is cut off.")
    return plain


def form(text: bytes | str) -> dict[str, str]:
    """The fields of a form or of a query; of a field that comes twice the last."""
    try:
        return dict(parse_qsl(text.decode() if isinstance(text, bytes) else text, keep_blank_values=True))
    except ValueError as error:
        raise Malformed("The form cannot be read.") from error


def is_json(text: bytes) -> bool:
    """Whether a body begins as a JSON object or array does; what else may come is a form or base64."""
    return text.lstrip()[:1] in (b"{", b"[")


def from_base64(text: str, field: str) -> bytes:
    """The bytes of base64 text, of either alphabet, its padding or plus signs lost on the way or not."""
    wanted = text.strip().replace(" ", "+").replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(wanted + "=" * (-len(wanted) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"`{field}` is neither JSON nor base64.") from error


def json_or_base64(text: str, field: str) -> bytes:
    """A field that holds JSON as it is or in base64."""
    plain = text.encode()
    return plain if is_json(plain) else from_base64(text, field)


def utf8(body: bytes) -> bytes:
    """The same bytes, if they are UTF-8; JSON's own reader looks only at the parts that it is asked for."""
    try:
        str(body, "utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("The body is not UTF-8.") from error
    return body


def basic_user(headers: Mapping[str, str]) -> str:
    """The user name of Basic authorisation; a colon may be missing, as old clients forget it."""
    scheme, _, encoded = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        return ""


def bearer(headers: Mapping[str, str]) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def id_text(value: object) -> str:
    """An id as text: numbers as they are written, null and what is no id at all as nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value) if isinstance(value, int | float) else ""


def object_of(value: object) -> dict[str, Any]:
    """An object that may be missing or something else: then it is empty."""
    return value if isinstance(value, dict) else {}


def message_id(*parts: str) -> str:
    """One text for the parts that make a message the same; long ones by their digest."""
    joined = ":".join(parts)
    if len(joined) <= _LONGEST_MESSAGE_ID:
        return joined
    return f"{parts[0]}:{blake2b(joined.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"


def read_object(raw: bytes) -> dict[str, Any]:
    """A JSON object. Raises msgspec.DecodeError or RecursionError."""
    return _read_object(raw)


_read_object = msgspec.json.Decoder(dict[str, Any]).decode
