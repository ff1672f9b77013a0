"""The only reader of the environment: flags, then `DURE_*` variables, then `dure.toml` in the data folder."""

from __future__ import annotations

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from dure.kernel.errors import Invalid

DEFAULT_DATA = Path("dure-data")
# The folder under data that holds the files of channels.
FILES = "files"


@dataclass(frozen=True)
class Settings:
    """What an installation can set. Every field is also `DURE_<NAME>` and a key of `dure.toml`."""

    data: Path = field(default=DEFAULT_DATA, metadata={"help": "the data folder"})
    host: str = field(default="127.0.0.1", metadata={"help": "where to listen"})
    port: int = field(default=8400, metadata={"help": "which port; 0 takes a free one"})
    tls: str = field(default="", metadata={"help": "a certificate in PEM for https, or self-signed; empty: http"})
    tls_key: str = field(default="", metadata={"help": "the certificate's key in PEM"})
    postgres_url: str = field(default="", metadata={"help": "PostgreSQL elsewhere; empty: embedded under data"})
    clickhouse_url: str = field(default="", metadata={"help": "ClickHouse elsewhere; empty: embedded under data"})
    clickhouse_database: str = field(default="dure", metadata={"help": "the log's database in ClickHouse"})
    smtp_url: str = field(default="", metadata={"help": "smtp://user:password@host:port for outgoing mail"})
    mail_from: str = field(default="dure@localhost", metadata={"help": "the sender of outgoing mail"})
    mail_bounces: str = field(
        default="",
        metadata={"help": "where bounced mail goes back to; `*` in it becomes the message's id; empty: the sender"},
    )
    fcm_url: str = field(default="", metadata={"help": "Firebase Cloud Messaging elsewhere; empty: Google's"})
    fcm_token_url: str = field(default="", metadata={"help": "where its access tokens are; empty: Google's"})
    apns_url: str = field(default="", metadata={"help": "Apple's push service elsewhere; empty: Apple's"})
    public_url: str = field(default="", metadata={"help": "how people reach the server, for links in mail and cards"})
    allow_private_networks: bool = field(
        default=False, metadata={"help": "let automations and apps have private addresses"}
    )
    allowed_networks: str = field(
        default="",
        metadata={"help": "private networks or addresses that may be called, such as 10.1.0.0/16, by commas"},
    )
    events_kept: int = field(
        default=86_400, metadata={"help": "how long an event waits for an app without a socket, in seconds"}
    )
    export_folder: str = field(
        default="", metadata={"help": "where export targets of the kind folder may write; empty: exports under data"}
    )
    largest_file: int = field(default=1 << 30, metadata={"help": "the most that a file in channels may have, in bytes"})
    files_url: str = field(
        default="",
        metadata={"help": "s3://KEY:SECRET@HOST/BUCKET/PREFIX?region= for files of channels; empty: files under data"},
    )
    signing_key: str = field(default="", metadata={"help": "signs outgoing calls; empty: one made for the data folder"})
    erasure_ledger: str = field(default="", metadata={"help": "a second folder for the erasure ledger and its key"})
    erasure_key: str = field(default="", metadata={"help": "hashes erased ids; empty: one made for the ledger"})
    max_body: int = field(default=8 << 20, metadata={"help": "largest request in bytes"})
    question_seconds: float = field(default=60.0, metadata={"help": "how long one question may take"})
    question_memory: int = field(default=3 << 30, metadata={"help": "how much memory one question may take, in bytes"})
    question_rows: int = field(default=2_000_000_000, metadata={"help": "how many rows one question may read"})
    slack_rate_factor: float = field(
        default=10_000.0,
        metadata={"help": "how many times Slack's own rate limits apps may call; 1: Slack's, 0: no limit"},
    )
    salesforce_daily_calls: int = field(
        default=1_000_000, metadata={"help": "how many calls a day Salesforce's door answers in a workspace"}
    )
    salesforce_url: str = field(default="", metadata={"help": "a Salesforce org to sync deals with; empty: none"})
    salesforce_workspace: str = field(
        default="", metadata={"help": "which workspace syncs with it, by id or domain; empty: the first"}
    )
    salesforce_client_id: str = field(default="", metadata={"help": "the consumer key of Dure's app in the org"})
    salesforce_client_secret: str = field(default="", metadata={"help": "the app's secret"})
    salesforce_username: str = field(
        default="", metadata={"help": "who signs in with a password; empty: the app itself"}
    )
    salesforce_password: str = field(default="", metadata={"help": "that user's password with the security token"})
    salesforce_token: str = field(default="", metadata={"help": "a session to use instead of signing in"})
    salesforce_every: int = field(default=60, metadata={"help": "how often to sync, in seconds"})
    salesforce_share: float = field(
        default=0.5, metadata={"help": "how much of the org's daily calls the sync may use, 0 to 1"}
    )
    edit_minutes: int = field(default=0, metadata={"help": "for how long a message may be edited; 0: always"})
    log_level: str = field(default="info", metadata={"help": "debug, info, warning or error"})
    log_format: str = field(default="auto", metadata={"help": "json, text, or auto: text on a terminal"})

    @property
    def exports(self) -> Path:
        """Under which folder export targets write."""
        return Path(self.export_folder) if self.export_folder else self.data / "exports"

    @property
    def files(self) -> Path:
        """Where files of channels lie, or pass on their way to the storage."""
        return self.data / FILES

    @property
    def reachable(self) -> list[str]:
        """Networks that outgoing calls may reach beside the public ones. Invalid for what is none."""
        if self.allow_private_networks:
            return ["0.0.0.0/0", "::/0"]
        named = [one.strip() for one in self.allowed_networks.split(",") if one.strip()]
        for one in named:
            try:
                ipaddress.ip_network(one)
            except ValueError as error:
                raise Invalid(f"`allowed_networks`: {error}.", field="allowed_networks") from error
        return named

    @property
    def url(self) -> str:
        """Where the server is reached, without a slash at the end."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104
        scheme = "https" if self.tls else "http"
        return self.public_url.rstrip("/") or f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"


def read_settings(flags: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the flags given (None: not given), the environment and `dure.toml`.

    Raises Invalid naming the setting for an unknown key in the file or a value of the wrong kind.
    """
    environment = os.environ if environment is None else environment
    known = {spec.name: spec for spec in fields(Settings)}
    data = Path(flags.get("data") or environment.get("DURE_DATA") or DEFAULT_DATA)
    file = _read_file(data / "dure.toml")
    unknown = sorted(file.keys() - known.keys() | file.keys() & {"data"})
    if unknown:
        raise Invalid(f"dure.toml has a setting that is not known: {unknown[0]}.", field=unknown[0])
    values: dict[str, Any] = {"data": data}
    for name in known.keys() - {"data"}:
        given = flags.get(name)
        if given is None:
            given = environment.get(f"DURE_{name.upper()}", file.get(name))
        if given is not None:
            values[name] = _as(type(getattr(Settings, name)), given, name)
    return Settings(**values)


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} cannot be read: {error}", field="dure.toml") from error


def _as(kind: type, value: Any, name: str) -> Any:
    if kind is bool:
        text = str(value).lower()
        if text not in ("true", "false", "1", "0", "yes", "no"):
            raise Invalid(f"{name} is true or false, not {value!r}.", field=name)
        return text in ("true", "1", "yes")
    try:
        return kind(value)
    except ValueError as error:
        raise Invalid(f"{name} is a {kind.__name__}, not {value!r}.", field=name) from error
