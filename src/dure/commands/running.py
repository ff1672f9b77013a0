"""Running Dure: the server, the first organisation, the demo, how it is, how fast it is."""

from __future__ import annotations

import contextlib
import gc
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dure.commands.asking import Refused, as_json, call, err, options, out, print_table
from dure.commands.root import cli
from dure.logs import logging_to
from dure.settings import Settings, read_settings

if TYPE_CHECKING:
    from dure.demo.stage import Stage
    from dure.main import House
    from dure.staging import Report


@cli.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="The data folder (./dure-data).")
@click.option("--host", help="Where to listen (127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Which port (8400); 0 takes a free one.")
@click.option("--tls", metavar="CERT KEY | self-signed", help="Speak https: with a certificate and its key in PEM.")
@click.option("--log-level", type=click.Choice(["debug", "info", "warning", "error"]))
@click.argument("tls_key", metavar="", required=False)
def serve(**flags: Any) -> None:
    """Run the server: every door on one port."""
    gc.disable()
    from dure.serving import run, serve_until_stopped

    gc.enable()
    settings = read_settings(flags)
    logging_to(settings)

    def ready(_: House, url: str) -> None:
        click.echo(f"Dure answers at {url}")

    run(serve_until_stopped(settings, ready))


@cli.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="The data folder (./dure-data).")
@click.option("--org", required=True, help="The organisation's name.")
@click.option("--workspace", "name", required=True, help="The first workspace's name.")
@click.option("--email", required=True, help="The owner's e-mail.")
@click.option("--name", "owner", default="", help="The owner's name.")
@click.option("--timezone", default="Asia/Seoul", show_default=True)
@click.option("--currency", default="KRW", show_default=True)
@click.option("--language", type=click.Choice(["ko", "en"]), default="ko", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), help="The port it will be served on, for the sign-in link.")
@click.option("--another", is_flag=True, help="Make one beside those that the data folder has already.")
@click.option("--json", "in_json", is_flag=True, help="Print JSON.")
def init(
    data: Path | None, org: str, name: str, email: str, owner: str, timezone: str, currency: str, language: str,
    port: int | None, another: bool, in_json: bool,
) -> None:  # fmt: skip
    """Make an organisation, its workspace and owner; prints what they sign in and send with, once."""
    body = {
        "org": org,
        "workspace": name,
        "email": email,
        "name": owner,
        "timezone": timezone,
        "currency": currency,
        "language": language,
        "only_first": not another,
    }
    made = call(read_settings({"data": data, "port": port}), "", "POST", "/api/v1/found", founding=True, json=body)
    if in_json:
        as_json(made)
        return
    for key, value in made.items():
        out.print(f"{key:>14}  {value}", soft_wrap=True)


@cli.command()
@options
def doctor(settings: Settings, workspace: str) -> None:
    """Say how the installation is: databases, followers, folder; and the newest hash of the audit trail, to be kept
    elsewhere."""
    report = call(settings, workspace, "GET", "/readyz?verbose=1")
    print_table([{"part": key, **value} for key, value in report["parts"].items()], ["part", "ok", "detail"])
    head = call(settings, workspace, "GET", "/api/v1/audit/head") if report["parts"]["state"]["ok"] else None
    if head:
        out.print(f"audit trail: {head['number']} {head['digest']}", soft_wrap=True)
    sys.exit(0 if report["ok"] else 1)


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def bench(name: str, options: tuple[str, ...]) -> None:
    """Measure a promise (`all` for every one) and print it beside its peer; needs a checkout of the repository. What
    follows the name is the bench's own, such as `--n8n FOLDER`."""
    folder = Path(__file__).resolve().parents[3] / "bench"
    known = {path.stem: path for path in sorted(folder.glob("*.py"))}
    if not known:
        raise Refused("The benches lie in the repository, and this is an installed package.")
    if name != "all" and name not in known:
        raise Refused(f"There is no bench {name!r}; there are {', '.join(known)}, and all.")
    for one in known if name == "all" else [name]:
        out.rule(one)
        subprocess.run([sys.executable, str(known[one]), *options], check=True)  # noqa: S603


@cli.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="An empty folder (./dure-demo).")
@click.option("--port", type=click.IntRange(0, 65535), help="Which port (8400; with --once a free one).")
@click.option("--once", is_flag=True, help="Play the story, read it back from the doors, and exit.")
@click.option(
    "--json", "in_json", is_flag=True, help="Print the report as JSON; without --once on one line, with how to sign in."
)
@click.option("--seed", default=7, show_default=True, help="Another seed is another company.")
def demo(data: Path | None, port: int | None, once: bool, in_json: bool, seed: int) -> None:
    """A simulated audio company lives through a quarter, then goes on live.

    Started again on the same folder it goes on where it was.
    """
    from dure.demo import memory
    from dure.serving import run
    from dure.staging import go_on, passing_folder, print_report, print_welcome, tell_story, welcome

    with contextlib.ExitStack() as stack:
        if data is None:
            data = stack.enter_context(passing_folder()) if once else Path("dure-demo")
        settings = read_settings({"data": data, "port": 0 if once and port is None else port, "log_level": "error"})
        logging_to(settings, quiet=True)

        def ready(stage: Stage, report: Report) -> None:
            met = welcome(stage, report)
            click.echo(json.dumps(met, ensure_ascii=False)) if in_json else print_welcome(out, met)

        company = None if once else memory.recall(settings.data)
        if company is not None:
            run(go_on(settings, company, ready))
            return
        report = run(tell_story(settings, err if in_json else out, once=once, seed=seed, ready=ready))
    if once:
        print_report(report, out, in_json=in_json)
    sys.exit(0 if report.ok else 1)
