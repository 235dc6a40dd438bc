# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Mutual TLS 1.3 (RFC 8446) with the nodes' own keys.

Each node shows a certificate over its Ed25519 signing key (RFC 8410) and proves that it has the
key. Who it is stands in the roster, by that key: the certificate says nothing else. ``ssl`` wants
an issuer all the same, so there is one whose key follows from the network's id, which every member
knows and nobody else does. It keeps strangers out before they can talk; it makes nobody a member.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import ssl
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.x509.oid import NameOID

_BEGIN = datetime.datetime(1970, 1, 1)  # noqa: DTZ001 (X.509 is in UTC without saying so)
_END = datetime.datetime(9999, 12, 31)  # noqa: DTZ001
"""Clocks are wrong in a blackout: a certificate never ends, membership does."""


def contexts(
    folder: Path, sign: Ed25519PrivateKey, network_id: bytes
) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """(for those who dial us, for those we dial). Raises OSError.

    ``folder`` is the node's own: ``ssl`` reads keys from files only, so one stands there for a
    moment, as open and as secret as the one beside it.
    """
    issuer = _issuer(network_id)
    pem = _pem(sign, issuer)
    root = _certificate("Lage", issuer.public_key(), issuer, authority=True)
    found = []
    for protocol in (ssl.PROTOCOL_TLS_SERVER, ssl.PROTOCOL_TLS_CLIENT):
        context = ssl.SSLContext(protocol)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=root.public_bytes(serialization.Encoding.DER))
        _load(context, folder, pem)
        found.append(context)
    return found[0], found[1]


def peer_key(connection: ssl.SSLObject | ssl.SSLSocket) -> bytes:
    """The signing key that the other end has proved to have, 32 bytes. Raises ssl.SSLError."""
    data = connection.getpeercert(binary_form=True)
    try:
        key = x509.load_der_x509_certificate(data or b"").public_key()
    except ValueError as error:
        raise ssl.SSLError("no certificate") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ssl.SSLError("no Ed25519 key")
    return key.public_bytes_raw()


def _issuer(network_id: bytes) -> Ed25519PrivateKey:
    seed = hashlib.blake2b(network_id, digest_size=32, person=b"lage tls").digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def _certificate(
    name: str, public: Ed25519PublicKey, issuer: Ed25519PrivateKey, *, authority: bool
) -> x509.Certificate:
    serial = (
        int.from_bytes(hashlib.blake2b(public.public_bytes_raw(), digest_size=16).digest()) >> 1
    )
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lage")]))
        .public_key(public)
        .serial_number(serial)
        .not_valid_before(_BEGIN)
        .not_valid_after(_END)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False
        )
        .sign(issuer, None)
    )


def _pem(sign: Ed25519PrivateKey, issuer: Ed25519PrivateKey) -> bytes:
    certificate = _certificate("Knoten", sign.public_key(), issuer, authority=False)
    return sign.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + certificate.public_bytes(serialization.Encoding.PEM)


def _load(context: ssl.SSLContext, folder: Path, pem: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix="tls-", suffix=".neu", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        context.load_cert_chain(name)
    finally:
        Path(name).unlink(missing_ok=True)
