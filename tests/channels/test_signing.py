"""Requests between servers are signed as RFC 9421 says, checked with the RFC's own vector, and nothing less passes."""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from dure.channels.federation import signing
from dure.channels.federation.keys import Keys, code_key, fingerprint, key_id, new_code, proof
from dure.channels.federation.refusals import BadSignature

# RFC 9421, appendix B.1.4 (the key) and B.2.6 (the request and its signature).
_PUBLIC = base64.b64decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=")
_PRIVATE = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----
"""
_BODY = b'{"hello": "world"}'
_HEADERS = {
    "host": "example.com",
    "date": "Tue, 20 Apr 2021 02:07:55 GMT",
    "content-type": "application/json",
    "content-length": "18",
    "signature-input": 'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
    ';created=1618884473;keyid="test-key-ed25519"',
    "signature": "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
}
_URL = "https://example.com/foo?param=Value&Pet=dog"


def test_the_signature_of_the_rfc_verifies_and_is_made_again() -> None:
    signed = signing.read(_HEADERS)
    signing.verify(_PUBLIC, signed, "POST", _URL, _HEADERS)
    values = [signing.component(name, "POST", _URL, _HEADERS) for name in signed.covered]
    key = load_pem_private_key(_PRIVATE, None)
    assert key.sign(signing.base_of(signed.covered, signed.parameters, values)) == signed.signature  # type: ignore[union-attr, call-arg]


@pytest.mark.parametrize(
    ("method", "url", "headers"),
    [
        ("GET", _URL, {}),
        ("POST", "https://example.com/other", {}),
        ("POST", "https://example.org/foo", {}),
        ("POST", _URL, {"date": "Tue, 20 Apr 2021 02:07:56 GMT"}),
        ("POST", _URL, {"content-length": "19"}),
    ],
)
def test_another_request_than_the_signed_one_is_refused(method: str, url: str, headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        signing.verify(_PUBLIC, signing.read(_HEADERS), method, url, {**_HEADERS, **headers})


def test_the_digest_is_that_of_rfc_9530() -> None:
    digest = base64.b64encode(hashlib.sha256(_BODY).digest()).decode()
    # RFC 9530, appendix B.1, hashes the same text with a line end.
    assert signing.content_digest(_BODY + b"\n") == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
    assert signing.content_digest(_BODY) == f"sha-256=:{digest}:"


def _signed(now: int = 1_000_000, **more: str) -> tuple[Keys, dict[str, str]]:
    keys = Keys(None)
    told = {"keyid": "p.k", "nonce": "n" * 22, **more}
    return keys, signing.sign(keys.newest.private, "POST", _URL, _BODY, created=now, **told)


def test_what_is_signed_here_is_believed_within_its_time() -> None:
    keys, headers = _signed()
    signed = signing.read(headers)
    signing.verify(keys.newest.public, signed, "POST", _URL, headers)
    for now in (1_000_000 - 299, 1_000_000, 1_000_000 + 419):
        signing.demand(signed, headers, _BODY, now)
    for now in (1_000_000 - 301, 1_000_000 + 421):
        with pytest.raises(BadSignature, match="clocks"):
            signing.demand(signed, headers, _BODY, now)


def test_less_than_method_address_and_body_is_not_enough() -> None:
    _, headers = _signed()
    for missing in signing.COVERED:
        less = {**headers, "signature-input": headers["signature-input"].replace(f'"{missing}"', '"content-type"')}
        with pytest.raises(BadSignature, match="cover"):
            signing.demand(signing.read(less), less, _BODY, 1_000_000)
    with pytest.raises(BadSignature, match="body"):
        signing.demand(signing.read(headers), headers, _BODY + b" ", 1_000_000)
    _, short = _signed(nonce="short")
    with pytest.raises(BadSignature):
        signing.demand(signing.read(short), short, _BODY, 1_000_000)
    for broken in ("", 'a=("@method");created=x', headers["signature-input"] + ', b=("date")'):
        with pytest.raises(BadSignature):
            signing.read({**headers, "signature-input": broken})


def test_both_sides_see_one_fingerprint_and_a_code_is_known_however_it_is_typed() -> None:
    one, other = Keys(None).newest.public, Keys(None).newest.public
    assert fingerprint("p", one, other) == fingerprint("p", other, one) != fingerprint("p", one, one)
    code = new_code()
    assert code_key(code) == code_key(code.lower().replace("-", " ")) != code_key(new_code())
    assert proof(code_key(code), "asks", {"a": "1"}) != proof(code_key(code), "answers", {"a": "1"})
    assert key_id(one) != key_id(other)
