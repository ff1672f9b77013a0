"""Certificates: the one that an administrator brings, or one that Dure signs itself and keeps in the data folder."""

from __future__ import annotations

import datetime
import ipaddress
import os
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dure.kernel.errors import Invalid

SELF_SIGNED = "self-signed"
# Browsers refuse certificates that last longer than this.
_LASTS = datetime.timedelta(days=397)
_RENEWED = datetime.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files in PEM."""

    cert: Path
    key: Path


def certificate(cert: str, key: str, data: Path, hosts: Sequence[str]) -> Certificate | None:
    """What `--tls` asks for; None where it was not asked for. Invalid where the files are not what they should be."""
    if not cert:
        if key:
            raise Invalid("`--tls` takes a certificate and its key, or self-signed.", field="tls")
        return None
    if cert == SELF_SIGNED:
        if key:
            raise Invalid("`--tls self-signed` takes no key; it makes one.", field="tls_key")
        return self_signed(data / "tls", hosts)
    if not key:
        raise Invalid("`--tls` takes a certificate and its key, or self-signed.", field="tls_key")
    for path, field in ((cert, "tls"), (key, "tls_key")):
        if not Path(path).is_file():
            raise Invalid(f"There is no file {path}.", field=field)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
    except (ssl.SSLError, OSError) as error:
        raise Invalid(f"{cert} and {key} are not a certificate and its key: {error}", field="tls") from error
    return Certificate(Path(cert), Path(key))


def self_signed(folder: Path, hosts: Sequence[str]) -> Certificate:
    """The folder's own certificate for this machine and `hosts`; made anew when it runs out or lacks a host."""
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    names = list(dict.fromkeys(["localhost", socket.gethostname(), "127.0.0.1", "::1", *filter(None, hosts)]))
    if made.cert.exists() and made.key.exists() and _holds(made.cert, names):
        return made
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Dure")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + _LASTS)
        .add_extension(x509.SubjectAlternativeName([_name(one) for one in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, key_cert_sign=True, crl_sign=False, content_commitment=False,
                key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(made.key, secret, 0o600)
    _write(made.cert, signed.public_bytes(serialization.Encoding.PEM), 0o644)
    return made


def trusting(cert: Path) -> ssl.SSLContext:
    """For commands that speak to the server of a folder on this machine: trusts its very certificate, whatever
    names stand in it."""
    context = ssl.create_default_context()
    context.load_verify_locations(cert)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _holds(path: Path, names: Sequence[str]) -> bool:
    try:
        known = x509.load_pem_x509_certificate(path.read_bytes())
        held = known.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return False
    if known.not_valid_after_utc - datetime.datetime.now(datetime.UTC) < _RENEWED:
        return False
    return all(_name(one) in held for one in names)


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host.encode("idna").decode() if not host.isascii() else host)


def _write(path: Path, content: bytes, mode: int) -> None:
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    draft.replace(path)
