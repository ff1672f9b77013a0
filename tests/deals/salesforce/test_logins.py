"""simple-salesforce, unmodified: every way in, and the way over TLS."""

from __future__ import annotations

import base64
import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
    SalesforceRefusedRequest,
)

from dure.deals.salesforce.apps import Registered
from dure.kernel.errors import Invalid
from dure.tls import certificate, self_signed
from tests.deals.salesforce.house import House

MINA = "mina@sorimaru.example"
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def app(house: House, key: rsa.RSAPrivateKey) -> Registered:
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    joon = house.cast.users["joon"].id
    return house.run(house.apps.register(house.mina, "Loader", certificate=public.decode(), account=joon))


def pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def sign_in(house: House, **how: Any) -> Salesforce:
    return Salesforce(session=house.session(), **how)


def who(sf: Salesforce) -> str:
    """By whose hand a record is made."""
    made = sf.Account.create({"Name": "Signed"})["id"]
    return str(sf.query(f"SELECT CreatedBy.Email FROM Account WHERE Id = '{made}'")["records"][0]["CreatedBy"]["Email"])


def test_soap_with_a_token_as_password_behind_it_or_as_security_token(house: House) -> None:
    token = house.cast.token
    joons = house.run(house.governance.create_token(house.mina, "user", "joon@sorimaru.example", ["*"]))
    for name, password, security, expected in (
        (MINA, token, "", token),
        ("Joon@Sorimaru.example", "correct horse", joons, joons),
    ):
        sf = sign_in(house, username=name, password=password, security_token=security)
        assert sf.session_id == expected
        assert sf.query("SELECT Id FROM User")["totalSize"] > 0
    organisation = sf.query("SELECT Id FROM Organization")["records"][0]["Id"]
    assert sign_in(house, username=MINA, password=token, organizationId=organisation).sf_instance


@pytest.mark.parametrize(
    ("name", "password", "code"),
    [
        (MINA, "xoxp-nobody", "INVALID_LOGIN"),
        ("joon@sorimaru.example", "{mina}", "INVALID_LOGIN"),
        (MINA, "wrong horse{mina}", "INVALID_LOGIN"),
        (MINA, "correct horse", "LOGIN_MUST_USE_SECURITY_TOKEN"),
    ],
)
def test_soap_refuses_the_wrong_credentials_by_name(house: House, name: str, password: str, code: str) -> None:
    with pytest.raises(SalesforceAuthenticationFailed) as refused:
        sign_in(house, username=name, password=password.replace("{mina}", house.cast.token), security_token="")
    assert code in str(refused.value.code)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]><login><username>&a;</username><password>x</password></login>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><login/>',
        "<login>" * 100,
        "not xml",
        "",
        "<login><username>only</username></login>",
    ],
)
def test_soap_reads_no_entities_and_says_what_is_wrong(house: House, body: str) -> None:
    answer = requests.post(f"{house.url}/services/Soap/u/59.0", data=body, headers={"content-type": "text/xml"})
    assert answer.status_code == 500
    assert "<faultstring>INVALID_" in answer.text
    assert "root:" not in answer.text


def test_a_token_for_a_password_a_secret_or_a_signature(house: House, app: Registered, key: rsa.RSAPrivateKey) -> None:
    token = house.cast.token
    by_password = sign_in(
        house, username=MINA, password=token, consumer_key=app.consumer_key, consumer_secret=app.consumer_secret
    )
    assert by_password.session_id == token
    unregistered = sign_in(house, username=MINA, password=token, consumer_key="any", consumer_secret="any")
    assert who(unregistered) == MINA
    by_secret = sign_in(house, consumer_key=app.consumer_key, consumer_secret=app.consumer_secret, domain="sorimaru.my")
    assert by_secret.session_id.startswith("00D")
    assert who(by_secret) == "joon@sorimaru.example"
    signed = sign_in(house, username=MINA, consumer_key=app.consumer_key, privatekey=pem(key))
    assert who(signed) == MINA


def test_the_token_door_refuses_with_oauths_words(house: House, app: Registered) -> None:
    other = rsa.generate_private_key(65537, 2048)
    for how, code in (
        ({"username": MINA, "password": "xoxp-no", "consumer_key": "k", "consumer_secret": "s"}, "invalid_grant"),
        ({"username": MINA, "password": house.cast.token, "consumer_key": app.consumer_key,
          "consumer_secret": "no"}, "invalid_client"),
        ({"consumer_key": app.consumer_key, "consumer_secret": "no", "domain": "sorimaru.my"}, "invalid_client"),
        ({"consumer_key": "no", "consumer_secret": "no", "domain": "sorimaru.my"}, "invalid_client_id"),
        ({"username": MINA, "consumer_key": app.consumer_key, "privatekey": pem(other)}, "invalid_grant"),
        ({"username": MINA, "consumer_key": "nobody", "privatekey": pem(other)}, "invalid_client_id"),
    ):  # fmt: skip
        with pytest.raises(SalesforceAuthenticationFailed) as refused:
            sign_in(house, **how)
        assert refused.value.code == code  # type: ignore[attr-defined]
    unsigned = ".".join(
        base64.urlsafe_b64encode(part).decode().rstrip("=")
        for part in (b'{"alg":"none"}', f'{{"iss":"{app.consumer_key}","sub":"{MINA}","exp":9999999999}}'.encode(), b"")
    )
    answer = requests.post(
        f"{house.url}/services/oauth2/token",
        {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": unsigned},
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_an_apps_session_ends_with_time_and_with_the_app(house: House) -> None:
    made = house.run(house.apps.register(house.mina, "Passing", account=house.mina.user))
    sf = sign_in(house, consumer_key=made.consumer_key, consumer_secret=made.consumer_secret, domain="sorimaru.my")
    house.clock.advance(datetime.timedelta(hours=3))
    try:
        first = sf.session_id
        sf.query("SELECT Id FROM User")  # the client signs in again by itself
        assert sf.session_id != first
    finally:
        house.clock.advance(datetime.timedelta(hours=-3))
    house.run(house.apps.remove(house.mina, made.id))
    direct = house.client(sf.session_id)
    with pytest.raises(SalesforceExpiredSession):
        direct.query("SELECT Id FROM User")


def test_apps_are_registered_and_removed_over_http(house: House) -> None:
    headers = {"authorization": f"Bearer {house.cast.token}"}
    address = f"{house.url}/api/v1/deals/salesforce/apps"
    made = requests.post(address, json={"name": "By hand"}, headers=headers).json()
    listed = requests.get(address, headers=headers)
    assert made["id"] in [one["id"] for one in listed.json()["apps"]]
    assert made["consumer_secret"] not in listed.text
    bad = requests.post(address, json={"name": "x", "certificate": "nonsense"}, headers=headers)
    assert (bad.status_code, bad.json()["error"]["field"]) == (422, "certificate")
    assert requests.delete(f"{address}/{made['id']}", headers=headers).status_code == 204
    joon = house.run(house.governance.create_token(house.mina, "user", "joon@sorimaru.example", ["*"]))
    assert requests.get(address, headers={"authorization": f"Bearer {joon}"}).status_code == 403


def test_a_session_that_may_less_than_its_user_sets_no_password(house: House, app: Registered) -> None:
    sf = sign_in(house, consumer_key=app.consumer_key, consumer_secret=app.consumer_secret, domain="sorimaru.my")
    own = sf.query("SELECT Id FROM User WHERE Email = 'joon@sorimaru.example'")["records"][0]["Id"]
    with pytest.raises(SalesforceRefusedRequest):
        sf.set_password(own, "battery staple")
    assert house.client().set_password(own, "correct horse") is None


def test_who_a_session_is(house: House) -> None:
    sf = house.client()
    assert sf.oauth2("userinfo")["preferred_username"] == MINA


# -- TLS --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sealed(
    module_database: str, tmp_path_factory: pytest.TempPathFactory, house: House
) -> Iterator[tuple[House, Path]]:
    """The same house again, behind a certificate that it signed itself."""
    certificate = self_signed(tmp_path_factory.mktemp("tls"), [])
    again = House(module_database, certificate=certificate, founded=house.cast)
    with again.served() as served:
        yield served, certificate.cert


def test_over_tls_with_nothing_but_the_certificate_in_the_environment(
    sealed: tuple[House, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, cert = sealed
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(cert))
    sf = Salesforce(session_id=house.cast.token, instance_url=house.url)
    made = sf.Account.create({"Name": "Sealed"})["id"]
    assert sf.query(f"SELECT Name FROM Account WHERE Id = '{made}'")["records"][0]["Name"] == "Sealed"
    sf.session.close()
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(requests.exceptions.SSLError):
        Salesforce(session_id=house.cast.token, instance_url=house.url).limits()


def test_the_guides_example_runs_as_it_stands(sealed: tuple[House, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    house, cert = sealed
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(cert))
    text = (ROOT / "docs" / "how-to" / "salesforce-clients.md").read_text(encoding="utf-8")
    snippet, signing_in = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(snippet.replace("xoxp-…", house.cast.token).replace("https://localhost:8400", house.url), names)
    names["sf"].session.close()
    assert names["found"]["records"][0]["Account"]["Name"] == "한빛커피"
    exec(signing_in.replace("xoxp-…", house.cast.token).replace("https://localhost:8400", house.url), names)
    found = names["sf"].query("SELECT Name FROM Account WHERE Name = '한빛커피'")
    names["sf"].session.close()
    assert found["totalSize"] == 1


def test_a_certificate_that_is_none_is_refused_by_its_name(tmp_path: Path) -> None:
    made = self_signed(tmp_path / "own", [])
    (tmp_path / "other.pem").write_text("nonsense")
    for cert, key, field in (
        (str(made.cert), "", "tls_key"), ("self-signed", str(made.key), "tls_key"), ("", "key.pem", "tls"),
        (str(tmp_path / "none.pem"), str(made.key), "tls"), (str(tmp_path / "other.pem"), str(made.key), "tls"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            certificate(cert, key, tmp_path, [])
        assert refused.value.field == field
    assert certificate(str(made.cert), str(made.key), tmp_path, []) == made
    assert certificate("", "", tmp_path, []) is None


def test_a_certificate_of_ones_own_is_kept_until_it_runs_out_or_lacks_a_host(tmp_path: Path) -> None:
    first = self_signed(tmp_path, []).cert.read_bytes()
    assert self_signed(tmp_path, []).cert.read_bytes() == first
    assert self_signed(tmp_path, ["dure.example"]).cert.read_bytes() != first
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
