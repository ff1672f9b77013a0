"""Which providers there are, what each is set by, and whether what was set makes sense."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from dure.campaigns.carriers.body import read_body, read_headers
from dure.kernel.errors import Invalid

_COUNTRY = re.compile(r"\+[1-9]\d{0,3}")
_WORD = re.compile(r"[A-Za-z0-9._-]{1,200}")
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing to set: `check` is told the value and the field's name and raises Invalid."""

    name: str
    about: str
    needed: bool = False
    check: Callable[[str, str], object] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of provider. `secret` says what the secret is, "" where there is none."""

    name: str
    settings: tuple[Setting, ...]
    secret: str = ""
    secret_needed: bool = False
    check_secret: Callable[[str], object] | None = None


def check(kind: str, settings: Mapping[str, str], secret: str | None) -> None:
    """Invalid, naming the field, for what no provider could be reached by; `secret` None is one that is kept."""
    known = KINDS.get(kind)
    if known is None:
        raise Invalid(f"`kind` is one of {', '.join(KINDS)}.", field="kind")
    names = [one.name for one in known.settings]
    for name, value in settings.items():
        if name not in names:
            raise Invalid(f"{kind} is set by {', '.join(names) or 'nothing'}.", field=f"settings.{name}")
        if len(value) > _LONGEST or "\0" in value:
            raise Invalid(f"`{name}` is too long.", field=f"settings.{name}")
    for one in known.settings:
        value = settings.get(one.name, "")
        if one.needed and not value:
            raise Invalid(f"`{one.name}` is missing: {one.about}.", field=f"settings.{one.name}")
        if value and one.check is not None:
            one.check(value, f"settings.{one.name}")
    if secret and not known.secret:
        raise Invalid(f"{kind} has no secret.", field="secret")
    if secret == "" and known.secret_needed:
        raise Invalid(f"The secret is missing: {known.secret}.", field="secret")
    if secret:
        if len(secret) > _LONGEST:
            raise Invalid("The secret is too long.", field="secret")
        if known.check_secret is not None:
            known.check_secret(secret)


def _yes_or_no(value: str, field: str) -> None:
    if value not in ("yes", "no"):
        raise Invalid("It is yes or no.", field=field)


def _sender(value: str, field: str) -> None:
    if "@" not in parseaddr(value)[1] or "\n" in value or "\r" in value:
        raise Invalid(f"{value!r} is no sender such as `Sorimaru <hello@sorimaru.example>`.", field=field)


def _url(value: str, field: str) -> None:
    if not re.fullmatch(r"https?://[^\s/]+\S*", value):
        raise Invalid("It begins with https:// or http://.", field=field)


def _country(value: str, field: str) -> None:
    if not _COUNTRY.fullmatch(value):
        raise Invalid(f"{value!r} is no country code such as +82.", field=field)


def _word(value: str, field: str) -> None:
    if not _WORD.fullmatch(value):
        raise Invalid(f"{value!r} is no id.", field=field)


def _environment(value: str, field: str) -> None:
    if value not in ("production", "sandbox"):
        raise Invalid("It is production or sandbox.", field=field)


def _service_account(secret: str) -> None:
    try:
        account = json.loads(secret)
        key = load_pem_private_key(account["private_key"].encode(), None)
        named = all(isinstance(account[name], str) and account[name] for name in ("project_id", "client_email"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(
            "The secret is no service account's JSON as Google Cloud hands it out.", field="secret"
        ) from error
    if not named or not _WORD.fullmatch(account["project_id"]) or not isinstance(key, rsa.RSAPrivateKey):
        raise Invalid("The service account lacks a project, an address or an RSA key.", field="secret")


def _apple_key(secret: str) -> None:
    try:
        key = load_pem_private_key(secret.encode(), None)
    except (ValueError, TypeError) as error:
        raise Invalid("The secret is no .p8 file as Apple hands it out.", field="secret") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Invalid("The key is not one for Apple's tokens.", field="secret")


KINDS: Mapping[str, Kind] = {
    one.name: one
    for one in (
        Kind(
            "email",
            (
                Setting("sender", "who letters are from; else the installation's sender", check=_sender),
                Setting("envelope", "where bounces go; `*` in it becomes the message's id", check=_sender),
                Setting("opens", "`no` leaves out the pixel that tells of opening", check=_yes_or_no),
                Setting("clicks", "`no` leaves links as they were written", check=_yes_or_no),
            ),
        ),
        Kind("fcm", (), "the service account's JSON", secret_needed=True, check_secret=_service_account),
        Kind(
            "apns",
            (
                Setting("key_id", "the id of the key", needed=True, check=_word),
                Setting("team_id", "the team it belongs to", needed=True, check=_word),
                Setting("topic", "the app's bundle id", needed=True, check=_word),
                Setting("environment", "`sandbox` for apps that Xcode installed", check=_environment),
            ),
            "the key, a .p8 file", secret_needed=True, check_secret=_apple_key,
        ),
        Kind(
            "sms",
            (
                Setting("url", "where the provider takes messages", needed=True, check=_url),
                Setting("body", "what is sent, as JSON with holes: to, text, key, sender, secret", check=read_body),
                Setting("form", "`yes` sends the body as a form instead of JSON", check=_yes_or_no),
                Setting("headers", "headers as JSON, with the same holes", check=read_headers),
                Setting("sender", "who messages are from, for the hole of that name"),
                Setting("country", "the code of numbers that are written without one, such as +82", check=_country),
                Setting("reference", "where the answer has the message's name, such as `data.id`", check=_word),
                Setting("code", "where the answer has a code, such as `error.code`", check=_word),
                Setting("ok", "codes that mean it was taken, with commas between them; else the status decides"),
                Setting("gone", "codes that mean there is no such number"),
                Setting("retry", "codes that mean it was not taken and may be later"),
            ),
            "what the hole `secret` stands for",
        ),
        Kind(
            "webhook",
            (
                Setting("url", "where messages are sent", needed=True, check=_url),
                Setting("headers", "headers as JSON; the hole `secret` in them is filled", check=read_headers),
            ),
            "what the hole `secret` stands for",
        ),
        Kind("post", (Setting("to", "the channel of posts that name none, by id or name", needed=True),)),
        Kind(
            "in_app", (Setting("signed", "`yes`: only who signs a person's id may act for it", check=_yes_or_no),),
            "what ids are signed with",
        ),
    )
}  # fmt: skip
