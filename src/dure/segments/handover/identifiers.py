"""How others know somebody: e-mail addresses and phone numbers, put into one form and hashed.

The forms are those of Google's Customer Match (help "About the Customer Match process", API "Format user data") and of
Meta's customer lists ("Hashing and Normalizing Data"). A hash of anything else than exactly that form matches nobody.
"""

from __future__ import annotations

import re
from hashlib import sha256

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DOTLESS = ("gmail.com", "googlemail.com")


def email_for_google(text: str) -> str:
    """Without blanks, in small letters; at Gmail without dots and without what follows a plus. "" for no address."""
    plain = email_for_meta(text)
    name, _, domain = plain.partition("@")
    if domain in _DOTLESS:
        name = name.split("+")[0].replace(".", "")
    return f"{name}@{domain}" if name else ""


def email_for_meta(text: str) -> str:
    """Without blanks around it, in small letters; "" for no address."""
    plain = text.strip().lower()
    return plain if _EMAIL.fullmatch(plain) else ""


def phone_e164(text: str, country: str) -> str:
    """As `+821012345678`. A number without a country's code is one of `country` (`82`), where a leading 0 is the
    trunk's and falls away. "" for what is no number."""
    kept = re.sub(r"[^\d+]", "", text.strip())
    if kept.startswith("+"):
        digits = kept[1:]
    elif kept.startswith("00"):
        digits = kept[2:]
    else:
        digits = country + kept.lstrip("0") if kept else ""
    # The trunk's 0 is often left inside: +82 (0)10-1234-5678.
    if digits.startswith(country + "0"):
        digits = country + digits[len(country) :].lstrip("0")
    return "+" + digits if digits.isdigit() and 8 <= len(digits) <= 15 else ""


def phone_for_meta(text: str, country: str) -> str:
    """The same digits without the plus."""
    return phone_e164(text, country).lstrip("+")


def hashed(text: str) -> str:
    """SHA-256 in hexadecimal, small letters; of nothing, nothing."""
    return sha256(text.encode()).hexdigest() if text else ""
