"""The sandbox's certificate authority."""

from __future__ import annotations

import asyncio
import os
import ssl
import stat
from pathlib import Path

import pytest
from cryptography import x509

from sandbox.authority import Authority
from sandbox.control.context import Control
from sandbox.control.store import Store
from sandbox.tunnels import Tunnels


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    made = Authority(tmp_path)
    made.establish()
    return made


def met(authority: Authority, name: str) -> x509.Certificate:
    """The certificate that a client meets who asks for a name, and trusts the authority alone."""
    client = ssl.create_default_context(cafile=str(authority.file))
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(to_client, to_server, server_hostname=name)
    answering = authority.context().wrap_bio(to_server, to_client, server_side=True)
    for side in (asking, answering, asking):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return x509.load_der_x509_certificate(asking.getpeercert(binary_form=True) or b"")


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "asia-south1-run.localhost", "run.googleapis.com"])
def test_a_client_that_trusts_it_is_met_by_the_name_it_asked_for(authority: Authority, name: str) -> None:
    assert met(authority, name).subject.rfc4514_string() == f"CN={name}"


def test_it_has_no_certificate_of_another_name(authority: Authority) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        met(authority, "example.com")


def test_it_vouches_for_this_machine_and_google_alone(authority: Authority) -> None:
    authoritys, machines = x509.load_pem_x509_certificates(authority.file.read_bytes())
    constraints = authoritys.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    assert [str(each.value) for each in constraints.value.permitted_subtrees or ()] == ["localhost", "googleapis.com"]
    assert [str(each.value) for each in constraints.value.excluded_subtrees or ()] == ["0.0.0.0/0", "::/0"]
    assert not machines.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    names = machines.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(each.value) for each in names] == ["127.0.0.1", "localhost"]


def test_it_stays_and_its_keys_are_its_owners(authority: Authority, tmp_path: Path) -> None:
    before = authority.file.read_bytes()
    Authority(tmp_path).establish()
    met(authority, "localhost")
    assert authority.file.read_bytes() == before
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {
        "authority.pem": 0o600,
        "authority-key.pem": 0o600,
        "authority-machine.pem": 0o600,
    }


def test_the_machines_certificate_is_renewed_and_the_authority_is_not(authority: Authority, tmp_path: Path) -> None:
    before = x509.load_pem_x509_certificates(authority.file.read_bytes())
    machine = tmp_path / "authority-machine.pem"
    os.utime(machine, (0, 0))
    Authority(tmp_path).establish()
    after = x509.load_pem_x509_certificates(authority.file.read_bytes())
    assert (len(after), after[0] == before[0], after[1] == before[1]) == (2, True, False)
    assert met(Authority(tmp_path), "127.0.0.1") == after[1]


def test_an_authority_without_the_machines_certificate_is_given_it(authority: Authority, tmp_path: Path) -> None:
    """As a sandbox that an older release made has it, or one that was killed between the two files."""
    first, end, _ = authority.file.read_text().partition("-----END CERTIFICATE-----\n")
    authority.file.write_text(first + end)
    Authority(tmp_path).establish()
    assert authority.file.read_text().startswith(first + end)
    assert met(Authority(tmp_path), "127.0.0.1") == x509.load_pem_x509_certificates(authority.file.read_bytes())[1]


async def test_the_first_connections_may_come_together(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[ssl.SSLContext] = []
    context = authority.context
    monkeypatch.setattr(authority, "context", lambda: made.append(context()) or made[-1])
    store = Store(tmp_path / "sandbox.db")
    tunnels = Tunnels(Control(store, tmp_path), authority, 1)
    path = str(tmp_path / "tls.sock")
    tunnels.start(path, 2)
    assert await asyncio.gather(*(tunnels.encrypted() for _ in range(8))) == [path] * 8
    assert len(made) == 1
    await tunnels.stop()
    store.close()
