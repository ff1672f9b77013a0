"""Tokens that people and programs carry, and write keys."""

from __future__ import annotations

import click

from dure.commands.asking import as_json, call, options, print_table
from dure.commands.root import cli
from dure.settings import Settings


@cli.group()
def token() -> None:
    """Tokens that people and programs carry."""


@token.command("create")
@click.option("--kind", type=click.Choice(["user", "bot", "app"]), required=True)
@click.option("--user", "holder", required=True, help="A user's e-mail, or an app's name.")
@click.option("--scopes", default="*", show_default=True, help="Comma-separated.")
@click.option("--json", "in_json", is_flag=True)
@options
def create_token(settings: Settings, workspace: str, kind: str, holder: str, scopes: str, in_json: bool) -> None:
    """Make a token; it is shown this once."""
    body = {"kind": kind, "holder": holder, "scopes": [scope.strip() for scope in scopes.split(",") if scope.strip()]}
    made = call(settings, workspace, "POST", "/api/v1/tokens", json=body)
    as_json(made) if in_json else click.echo(made["token"])


@token.command("list")
@click.option("--json", "in_json", is_flag=True)
@options
def list_tokens(settings: Settings, workspace: str, in_json: bool) -> None:
    """Every token of the workspace, without its secret."""
    tokens = call(settings, workspace, "GET", "/api/v1/tokens")["tokens"]
    if in_json:
        as_json(tokens)
        return
    print_table(tokens, ["id", "kind", "holder", "revoked", "hint", "scopes"], whole=["id"])


@token.command("revoke")
@click.argument("token_id")
@options
def revoke_token(settings: Settings, workspace: str, token_id: str) -> None:
    """End a token at once."""
    call(settings, workspace, "DELETE", f"/api/v1/tokens/{token_id}")
    click.echo("revoked")


@cli.group()
def source() -> None:
    """Where outside events come from."""


@source.command("create")
@click.argument("name")
@click.option("--json", "in_json", is_flag=True)
@options
def create_source(settings: Settings, workspace: str, name: str, in_json: bool) -> None:
    """Make a write key for sending events."""
    made = call(settings, workspace, "POST", "/api/v1/sources", json={"name": name})
    as_json(made) if in_json else click.echo(made["write_key"])
