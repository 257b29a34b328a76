"""The sandbox's certificate authority: who trusts it may speak TLS to the sandbox, by names of Google's APIs too.

Its key lies in the state directory, readable by its owner alone, and its certificate is constrained to names that a
sandbox answers to: what it is trusted for is localhost and googleapis.com, and nothing else.

An address (`https://127.0.0.1:PORT`) is vouched for by a certificate of its own, which signs nothing and stands beside
the authority's in the file that clients are given. BoringSSL, and so gRPC in Python, C++ and Node, refuses an address
that an authority with constraints on addresses signed; and one without could sign any address.
"""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sandbox.state import write

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

FILE = "authority.pem"
_KEY = "authority-key.pem"
_MACHINE = "authority-machine.pem"
_SERVED = ("localhost", "googleapis.com")
_LOOPBACK = "127.0.0.1"
_END_OF_KEY = "-----END PRIVATE KEY-----\n"
_END_OF_CERTIFICATE = "-----END CERTIFICATE-----\n"
_VALID = datetime.timedelta(days=3650)
_LEAF_VALID = datetime.timedelta(days=365)  # some clients refuse what is valid for more than 398 days
_RENEWED_BEFORE = datetime.timedelta(days=30)


class Authority:
    """The authority of a state directory, and TLS contexts with certificates that it signs."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        self._key_file = folder / _KEY
        self._machine = folder / _MACHINE
        self._contexts: dict[str, ssl.SSLContext] = {}

    def establish(self) -> None:
        """Make the authority where there is none; it stays for good, since clients were told to trust it. The machine's
        own certificate is renewed when it is old."""
        if not (self.file.exists() and self._key_file.exists()):
            self._make()
        if not self._machine.exists() or _old(self._machine):
            write(self._machine, _machines())
        _, _, certificate = self._machine.read_text().partition(_END_OF_KEY)
        trusted = self.file.read_text()
        if certificate not in trusted:
            authoritys, end, _ = trusted.partition(_END_OF_CERTIFICATE)
            write(self.file, authoritys + end + certificate)

    def _make(self) -> None:
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        name = _named("Sandbox (Google Cloud on this machine)")
        every = [x509.IPAddress(ipaddress.ip_network(addresses)) for addresses in ("0.0.0.0/0", "::/0")]
        builder = (
            _builder(name, name, key.public_key(), _VALID)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.NameConstraints([x509.DNSName(served) for served in _SERVED], every), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        write(self._key_file, _text_of(key))
        write(self.file, _signed(builder, key))

    def context(self) -> ssl.SSLContext:
        """A server's TLS, with HTTP/2 and HTTP/1.1: a client that asks for a name gets a certificate of that name."""
        context = _serving(self._machine)
        context.sni_callback = self._by_name
        return context

    def _by_name(self, connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        if name and certifies(name):
            connection.context = self._of(name.lower())

    def _of(self, name: str) -> ssl.SSLContext:
        found = self._contexts.get(name)
        if found is None:
            path = self.file.with_name(f"authority-leaf.{len(self._contexts)}")
            try:
                write(path, self._leaf(name))
                found = self._contexts[name] = _serving(path)
            finally:
                path.unlink(missing_ok=True)
        return found

    def _leaf(self, name: str) -> str:
        """A certificate of a name with its key and the authority's, as OpenSSL loads it."""
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        signer = cast("ec.EllipticCurvePrivateKey", load_pem_private_key(self._key_file.read_bytes(), None))
        issuer = x509.load_pem_x509_certificate(self.file.read_bytes())  # the first in the file
        key = ec.generate_private_key(ec.SECP256R1())
        builder = (
            _of_a_server(_named(name), issuer.subject, key, [x509.DNSName(name)])
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
                critical=False,
            )
        )
        return _text_of(key) + _signed(builder, signer) + self.file.read_text()


def _machines() -> str:
    """A certificate of this machine's address that vouches for itself alone, after its key.

    It doesn't say what its key is used for: with words that allow no signing, OpenSSL and BoringSSL don't take a
    certificate as signed by itself, and look for another one that did.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = _named(_LOOPBACK)
    names = [x509.IPAddress(ipaddress.ip_address(_LOOPBACK)), x509.DNSName("localhost")]
    return _text_of(key) + _signed(_of_a_server(name, name, key, names), key)


def _old(machine: Path) -> bool:
    age = time.time() - machine.stat().st_mtime
    return age > (_LEAF_VALID - _RENEWED_BEFORE).total_seconds()


def _serving(file: Path) -> ssl.SSLContext:
    """A server's context with the key and the certificates of a file."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # In this order: who speaks both means HTTP, and who speaks HTTP/2 alone is a client of gRPC.
    context.set_alpn_protocols(["http/1.1", "h2"])
    context.load_cert_chain(file)  # OpenSSL takes it from a file only
    return context


def certifies(name: str) -> bool:
    """Whether the authority may have a certificate of that name.

    >>> certifies("run.localhost"), certifies("asia-south1-run.googleapis.com"), certifies("example.com")
    (True, True, False)
    """
    name = name.lower().rstrip(".")
    return any(name == served or name.endswith(f".{served}") for served in _SERVED)


def _named(name: str) -> x509.Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, valid: datetime.timedelta
) -> x509.CertificateBuilder:
    from cryptography import x509

    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))  # clocks differ, in containers for one
        .not_valid_after(now + valid)
    )


def _of_a_server(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, names: list[x509.GeneralName]
) -> x509.CertificateBuilder:
    from cryptography import x509

    return (
        _builder(subject, issuer, key.public_key(), _LEAF_VALID)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _signed(builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey) -> str:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def _text_of(key: ec.EllipticCurvePrivateKey) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
