"""Synapse (Matrix) on a PostgreSQL of its own: the peer of bench/channels.py.

It is not among Dure's dependencies. Make it an environment and name its Python:

    python -m venv synapse && synapse/bin/pip install matrix-synapse psycopg2-binary
    python bench/channels.py --synapse synapse/bin/python
"""

from __future__ import annotations

import hashlib
import hmac
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

from dure.state.embedded import EmbeddedPostgres

_SECRET = b"bench"
# Nothing that would hold a load back: no rate limits, cheap password hashes, no presence, no federation.
_SETTINGS = """
server_name: bench.local
pid_file: {folder}/pid
listeners:
  - {{port: {port}, bind_addresses: ["127.0.0.1"], type: http, resources: [{{names: [client], compress: false}}]}}
database:
  name: psycopg2
  args: {{user: postgres, dbname: synapse, host: "{host}", cp_min: 5, cp_max: 20}}
log_config: {folder}/log.yaml
media_store_path: {folder}/media
signing_key_path: {folder}/key
report_stats: false
macaroon_secret_key: bench
registration_shared_secret: bench
bcrypt_rounds: 4
trusted_key_servers: []
suppress_key_server_warning: true
presence: {{enabled: false}}
rc_message: {{per_second: 1000000, burst_count: 1000000}}
rc_registration: {{per_second: 1000000, burst_count: 1000000}}
rc_joins: {{local: {{per_second: 1000000, burst_count: 1000000}}}}
rc_joins_per_room: {{per_second: 1000000, burst_count: 1000000}}
rc_room_creation: {{per_second: 1000000, burst_count: 1000000}}
"""


@dataclass
class Synapse:
    """A running Synapse: `pid` its process, `postmaster` its database's."""

    url: str
    pid: int
    postmaster: int
    http: httpx.Client

    def user(self, name: str) -> str:
        """Makes somebody; their token."""
        nonce = self.http.get("/_synapse/admin/v1/register").json()["nonce"]
        mac = hmac.new(_SECRET, "\0".join([nonce, name, "password", "notadmin"]).encode(), hashlib.sha1).hexdigest()
        made = self.http.post(
            "/_synapse/admin/v1/register",
            json={"nonce": nonce, "username": name, "password": "password", "admin": False, "mac": mac},
        )
        return str(made.raise_for_status().json()["access_token"])

    def room(self, token: str) -> str:
        made = self.http.post(
            "/_matrix/client/v3/createRoom",
            json={"preset": "public_chat"},
            headers={"authorization": f"Bearer {token}"},
        )
        return str(made.raise_for_status().json()["room_id"])

    def join(self, token: str, room: str) -> None:
        self.http.post(
            f"/_matrix/client/v3/join/{room}", json={}, headers={"authorization": f"Bearer {token}"}
        ).raise_for_status()


@contextmanager
def running(python: str, folder: Path) -> Iterator[Synapse]:
    folder.mkdir(mode=0o755)
    postgres = EmbeddedPostgres(folder / "pg")
    database = psycopg.conninfo.conninfo_to_dict(postgres.start())
    try:
        with psycopg.connect(**database, autocommit=True) as connection:
            connection.execute("create database synapse encoding 'UTF8' lc_collate 'C' lc_ctype 'C' template template0")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (folder / "settings.yaml").write_text(_SETTINGS.format(folder=folder, port=port, host=database["host"]))
        (folder / "log.yaml").write_text("version: 1\nroot: {level: ERROR, handlers: []}\n")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        subprocess.run(
            [python, "-m", "synapse._scripts.generate_signing_key", "-o", str(folder / "key")], check=True,
            env=environment,
        )  # fmt: skip
        process = subprocess.Popen(
            [python, "-m", "synapse.app.homeserver", "-c", str(folder / "settings.yaml")], env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as http:
                _wait(http, process)
                postmaster = int((folder / "pg" / "postmaster.pid").read_text().split()[0])
                yield Synapse(str(http.base_url).rstrip("/"), process.pid, postmaster, http)
        finally:
            process.terminate()
            process.wait()
    finally:
        postgres.stop()


def _wait(http: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            if http.get("/_matrix/client/versions").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise RuntimeError("Synapse did not start.")
