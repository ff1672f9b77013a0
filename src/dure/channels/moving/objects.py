"""A JSON array read item by item, so that a file of any length costs no more memory than its largest item."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import IO, Any

LARGEST_ITEM = 8 << 20
_A_PIECE = 1 << 18
_DECODER = json.JSONDecoder()
_BLANK = " \t\r\n"


class Broken(Exception):
    """The file is no JSON array, or ends in its middle; the items before that were given."""


def objects(stream: IO[bytes], *, most: int = LARGEST_ITEM) -> Iterator[Any]:
    """The items of an array. Raises Broken where it cannot be read on, with where that is in letters."""
    letters = codecs.getincrementaldecoder("utf-8")("replace")
    text, at, before, ended = "", 0, 0, False

    def more() -> bool:
        nonlocal text, at, before, ended
        if ended:
            return False
        try:
            piece = stream.read(max(_A_PIECE, len(text) - at))
        except (OSError, EOFError, ValueError, ArithmeticError, RuntimeError) as error:
            raise Broken(f"the archive is damaged here: {error}") from error
        except Exception as error:  # zlib's and zipfile's own errors have no common parent
            raise Broken(f"the archive is damaged here: {error}") from error
        ended = not piece
        text, before, at = text[at:] + letters.decode(piece, ended), before + at, 0
        return True

    def sign() -> str:
        """The next letter that is no blank; "" at the end."""
        nonlocal at
        while True:
            while at < len(text) and text[at] in _BLANK:
                at += 1
            if at < len(text):
                return text[at]
            if not more():
                return ""

    if sign() == "\ufeff":
        at += 1
    if sign() != "[":
        raise Broken("it does not begin as a JSON array")
    at += 1
    if sign() == "]":
        return
    while True:
        while True:
            if not sign():
                raise Broken(f"it ends in the middle, at letter {before + at:,}")
            try:
                item, end = _DECODER.raw_decode(text, at)
                # What ends where the piece ends may go on; an object or a list does not.
                if end < len(text) or ended or text[end - 1] in "}]":
                    break
            except RecursionError as error:
                raise Broken(f"it is nested too deep, at letter {before + at:,}") from error
            except ValueError as error:
                if ended:
                    raise Broken(f"it cannot be read on at letter {before + at:,}") from error
            if len(text) - at > most:
                raise Broken(f"one item is longer than {most >> 20} MiB, or broken, at letter {before + at:,}")
            more()
        at = end
        yield item
        after = sign()
        if after == "]":
            return
        if after != ",":
            raise Broken(f"it cannot be read on at letter {before + at:,}")
        at += 1
