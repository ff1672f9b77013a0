"""A storage that speaks S3 and checks signatures, on loopback: what is put there is there, and a wrong key is said."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from botocore.session import Session
from pyarrow import parquet

from dure.automation.outgoing import HttpOutgoing
from dure.connectors.s3 import S3Storage
from dure.connectors.s3_files import S3Blobs
from dure.exports.api import Exports
from dure.exports.model import Kind, Place
from dure.feed.api import Event, append_lines, lines_of
from dure.kernel.clock import StillClock
from dure.kernel.errors import Invalid, NotAllowed, Unavailable
from dure.log.api import Log
from dure.state import State
from tests.conftest import SORI
from tests.people_of import MONDAY_NOON, found_sori

pytestmark = pytest.mark.anyio

# moto lets the calls that make the user and the bucket through; from then on it checks every signature.
SET_UP_CALLS = 4
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'


@dataclass
class Bucket:
    place: Place
    secret: str
    client: Any


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
        stderr=subprocess.PIPE, text=True, env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": str(SET_UP_CALLS)},
    )  # fmt: skip
    try:
        assert server.stderr is not None
        while (found := re.search(r"Running on (http://127\.0\.0\.1:\d+)", line := server.stderr.readline())) is None:
            assert line, "moto did not start"
        endpoint = found[1]
        iam = client("iam", endpoint, "nobody", "nothing")
        iam.create_user(UserName="dure")
        key = iam.create_access_key(UserName="dure")["AccessKey"]
        iam.put_user_policy(UserName="dure", PolicyName="all", PolicyDocument=POLICY)
        client("s3", endpoint, "nobody", "nothing").create_bucket(Bucket="lake")
        place = Place(Kind.S3, "dure/events", endpoint, "lake", "us-east-1", key["AccessKeyId"])
        yield Bucket(place, key["SecretAccessKey"], client("s3", endpoint, key["AccessKeyId"], key["SecretAccessKey"]))
    finally:
        server.kill()
        server.communicate()


def client(service: str, endpoint: str, key: str, secret: str) -> Any:
    return Session().create_client(
        service, "us-east-1", endpoint_url=endpoint, aws_access_key_id=key, aws_secret_access_key=secret
    )


async def test_an_object_lies_under_its_name_and_a_second_replaces_it(bucket: Bucket) -> None:
    outgoing = HttpOutgoing(["127.0.0.0/8"])
    storage = S3Storage(outgoing)
    name = "day=2026-11-23/events-1-2.parquet"
    for content in (b"first", bytes(range(256)) * 20_000):
        await storage.put(SORI, bucket.place, bucket.secret, name, content)
        found = bucket.client.get_object(Bucket="lake", Key=f"dure/events/{name}")
        assert found["Body"].read() == content
    assert bucket.client.list_objects_v2(Bucket="lake", Prefix="dure/")["KeyCount"] == 1
    await outgoing.close()


async def test_a_target_writes_what_comes_as_parquet_that_can_be_read_there(
    bucket: Bucket, state: State, log: Log
) -> None:
    cast = await found_sori(state)
    outgoing = HttpOutgoing(["127.0.0.0/8"])
    exports = Exports(state, log, StillClock(MONDAY_NOON), {Kind.S3: S3Storage(outgoing)}, b"k")
    place = replace(bucket.place, path="target")
    made = await exports.create_target(cast.mina, "lake", place, secret=bucket.secret)
    events = [
        Event(org=cast.tenant.org, workspace=cast.tenant.workspace, event="Played", time=MONDAY_NOON,
              received_at=MONDAY_NOON, message_id=f"m-{number}", source="web")
        for number in range(500)
    ]  # fmt: skip
    async with state.begin(cast.tenant) as tx:
        await append_lines(tx, cast.tenant, len(events), lines_of(events))
    await exports.follower.advance(made.target, now=True)
    listed = bucket.client.list_objects_v2(Bucket="lake", Prefix="target/day=2026-11-23/")["Contents"]
    rows: list[dict[str, Any]] = []
    for one in listed:
        content = bucket.client.get_object(Bucket="lake", Key=one["Key"])["Body"].read()
        rows += parquet.read_table(io.BytesIO(content)).to_pylist()
    assert [row["message_id"] for row in rows if row["source"] == "web"] == [event.message_id for event in events]
    kept = {f"target/{one.name}": one.sha256 for one in await exports.objects(cast.mina, made.target.id)}
    assert kept == {one["Key"]: sha256_of(bucket, one["Key"]) for one in listed}
    await outgoing.close()


def sha256_of(bucket: Bucket, key: str) -> str:
    return sha256(bucket.client.get_object(Bucket="lake", Key=key)["Body"].read()).hexdigest()


async def test_what_the_storage_refuses_is_said_in_its_own_words_and_without_the_secret(bucket: Bucket) -> None:
    outgoing = HttpOutgoing(["127.0.0.0/8"])
    with pytest.raises(Unavailable, match="403 SignatureDoesNotMatch") as error:
        await S3Storage(outgoing).put(SORI, bucket.place, "a wrong secret", "x", b"")
    assert "wrong secret" not in str(error.value)
    nowhere = Place(Kind.S3, "", bucket.place.endpoint, "no-such-bucket", "", bucket.place.key_id)
    with pytest.raises(Unavailable, match="404 NoSuchBucket"):
        await S3Storage(outgoing).put(SORI, nowhere, bucket.secret, "x", b"")
    await outgoing.close()


async def test_a_private_network_is_refused_unless_it_was_allowed(bucket: Bucket) -> None:
    outgoing = HttpOutgoing()
    with pytest.raises(NotAllowed, match="private network"):
        await S3Storage(outgoing).put(SORI, bucket.place, bucket.secret, "x", b"")
    await outgoing.close()


async def test_files_of_channels_are_kept_there_and_had_in_parts(bucket: Bucket, tmp_path: Path) -> None:
    key, host = quote(bucket.place.key_id, safe=""), bucket.place.endpoint.removeprefix("http://")
    address = f"s3://{key}:{quote(bucket.secret, safe='')}@{host}/lake/files?region=us-east-1&tls=no"
    blobs = S3Blobs(address, tmp_path)
    content, path = os.urandom(700_000), tmp_path / "one.part"
    path.write_bytes(content)
    name = sha256(content).hexdigest()
    await blobs.put(name, path)
    assert not path.exists()
    kept = bucket.client.get_object(Bucket="lake", Key=f"files/{name[:2]}/{name}")
    assert kept["Body"].read() == content
    assert b"".join([part async for part in blobs.read(name, 0, len(content))]) == content
    assert b"".join([part async for part in blobs.read(name, 5, 10)]) == content[5:15]
    await blobs.remove(name)
    await blobs.remove(name)
    with pytest.raises(Unavailable, match="404"):
        await anext(blobs.read(name, 0, 1))
    await blobs.close()
    wrong = S3Blobs(address.replace(key, "AKIANOBODY"), tmp_path)
    path.write_bytes(content)
    with pytest.raises(Unavailable, match="403"):
        await wrong.put(name, path)
    await wrong.close()
    with pytest.raises(Invalid, match="files_url"):
        S3Blobs("https://elsewhere", tmp_path)
