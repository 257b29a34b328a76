"""hashicorp/archive, external, http, local and tls as embedded: files, archives, keys, certificates, programs.

Where `ATM_PROVIDER_MIRROR` holds the real ones, these go the same way beside it.
"""

from __future__ import annotations

import ssl
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.integration.provider.real import MIRROR, real_root
from tests.integration.provider.root import Root
from tests.integration.provider.test_local_providers import _plain
from tests.integration.sandbox_process import Sandbox

pytestmark = [pytest.mark.terraform]

FIRST = """
resource "local_file" "main" {
  filename        = "made/deep/main.py"
  content         = "print(1)"
  file_permission = "0640"
}
resource "local_sensitive_file" "token" {
  filename       = "${path.module}/token"
  content_base64 = base64encode("s3cret")
}
resource "local_file" "copy" {
  filename = "copy"
  source   = "given/b.py"
}
data "local_file" "given" {
  filename = "given/a.py"
}
data "archive_file" "folder" {
  type        = "zip"
  source_dir  = "${path.module}/given"
  excludes    = ["**/*.pyc", "skipped"]
  output_path = "archives/folder.zip"
}
data "archive_file" "texts" {
  type        = "tar.gz"
  output_path = "archives/texts.tar.gz"
  source {
    filename = "a/b.txt"
    content  = "b"
  }
}
resource "archive_file" "one" {
  type        = "zip"
  source_file = "given/a.py"
  output_path = "one.zip"
}
data "external" "answer" {
  program = ["python3", "-c", <<-EOT
    import json, os, sys
    print(json.dumps({"a": json.load(sys.stdin)["a"] + os.path.basename(os.getcwd())}))
  EOT
  ]
  query       = { a = "in " }
  working_dir = "given"
}
data "http" "apis" {
  url             = "URL/discovery/v1/apis"
  request_headers = { Accept = "application/json" }
}
resource "tls_private_key" "rsa" {
  algorithm = "RSA"
}
resource "tls_private_key" "curve" {
  algorithm   = "ECDSA"
  ecdsa_curve = "P256"
}
resource "tls_private_key" "old_curve" {
  algorithm = "ECDSA"
}
resource "tls_private_key" "edwards" {
  algorithm = "ED25519"
}
data "tls_public_key" "edwards" {
  private_key_openssh = tls_private_key.edwards.private_key_openssh
}
resource "tls_self_signed_cert" "root" {
  private_key_pem       = tls_private_key.curve.private_key_pem
  is_ca_certificate     = true
  max_path_length       = 0
  validity_period_hours = 48
  allowed_uses          = ["cert_signing", "crl_signing"]
  subject {
    common_name    = "Root"
    organization   = "ACME"
    street_address = ["1 Long Road", "Pune"]
  }
}
resource "tls_cert_request" "server" {
  private_key_pem = tls_private_key.rsa.private_key_pem
  dns_names       = ["localhost"]
  ip_addresses    = ["127.0.0.1"]
  uris            = ["spiffe://acme/server"]
  subject {
    common_name = "server"
  }
}
resource "tls_locally_signed_cert" "server" {
  cert_request_pem      = tls_cert_request.server.cert_request_pem
  ca_private_key_pem    = tls_private_key.curve.private_key_pem
  ca_cert_pem           = tls_self_signed_cert.root.cert_pem
  validity_period_hours = 24
  early_renewal_hours   = 1
  allowed_uses          = ["key_encipherment", "digital_signature", "server_auth"]
}
"""
SECOND = (
    FIRST.replace('content         = "print(1)"', 'content         = "print(2)"')
    .replace("validity_period_hours = 24", "validity_period_hours = 36")
    .replace("early_renewal_hours   = 1", "early_renewal_hours   = 2")
    .replace('source_file = "given/a.py"', 'source_file = "given/b.py"')
)
_REPLACED = ["archive_file.one", "local_file.main", "tls_locally_signed_cert.server"]


def _given(root: Root, sandbox: Sandbox, configuration: str) -> str:
    folder = root.folder / "given"
    (folder / "skipped").mkdir(parents=True, exist_ok=True)
    for name in ("a.py", "b.py", "c.pyc", "skipped/d.py"):
        (folder / name).write_text(f"# {name}")
    return configuration.replace("URL", sandbox.url)


def _walk(root: Root, sandbox: Sandbox) -> dict[str, Any]:
    """All that happens, but for values that are chance."""
    told: dict[str, Any] = {"create": _plain(root.changes(_given(root, sandbox, FIRST)))}
    root.apply_plan()
    told["state"] = {
        address: {name: _form(name, value) for name, value in sorted(values.items())}
        for address, values in sorted(root.state().items())
    }
    told["empty"] = root.actions()
    told["change"] = _plain(root.changes(_given(root, sandbox, SECOND)))
    root.apply_plan()
    told["after"] = root.actions()
    return told


def _form(name: str, value: Any) -> Any:
    """A text by its first line: what of a key or a certificate is not chance."""
    if name.startswith("output_") and name != "output_path":
        return type(value).__name__  # an archive is compressed by another library
    if name in ("content", "filename", "key_algorithm", "algorithm", "output_path", "content_sha256"):
        return value
    return value.split("\n")[0][:12] if isinstance(value, str) and value.startswith("-----") else type(value).__name__


@pytest.fixture(scope="module")
def made(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> tuple[Root, dict[str, Any]]:
    root = Root(tmp_path_factory.mktemp("local"), sandbox.reattach, "atm-local")
    return root, _walk(root, sandbox)


def test_they_make_keep_and_replace(made: tuple[Root, dict[str, Any]]) -> None:
    _, told = made
    assert {tuple(change["actions"]) for change in told["create"].values()} == {("create",), ("read",)}
    assert told["empty"] == told["after"] == {}
    replaced = [address for address, change in told["change"].items() if change["actions"] == ["delete", "create"]]
    assert replaced == _REPLACED


def test_files_lie_where_terraform_runs(made: tuple[Root, dict[str, Any]]) -> None:
    root, _ = made
    assert (root.folder / "made/deep/main.py").read_text() == "print(2)"
    assert (root.folder / "made/deep/main.py").stat().st_mode & 0o777 == 0o640
    assert (root.folder / "token").read_text() == "s3cret"
    assert (root.folder / "copy").read_text() == "# b.py"
    with zipfile.ZipFile(root.folder / "archives/folder.zip") as archive:
        assert archive.namelist() == ["a.py", "b.py"]
        assert archive.read("a.py") == b"# a.py"


def test_what_is_told_is_so(made: tuple[Root, dict[str, Any]], tmp_path: Path) -> None:
    state = made[0].state()
    assert state["data.external.answer"]["result"] == {"a": "in given"}
    assert state["data.http.apis"]["status_code"] == 200
    assert state["data.http.apis"]["response_headers"]["Content-Type"].startswith("application/json")
    edwards = state["tls_private_key.edwards"]
    assert state["data.tls_public_key.edwards"]["public_key_openssh"] == edwards["public_key_openssh"]
    assert state["tls_private_key.old_curve"]["public_key_openssh"] == ""

    server, root = state["tls_locally_signed_cert.server"], state["tls_self_signed_cert.root"]
    (tmp_path / "server.pem").write_text(server["cert_pem"] + state["tls_private_key.rsa"]["private_key_pem"])
    ssl.create_default_context(cadata=root["cert_pem"]).load_cert_chain(tmp_path / "server.pem")  # the key is its own
    (tmp_path / "root.pem").write_text(root["cert_pem"])
    command = ["openssl", "verify", "-CAfile", "root.pem", "-verify_ip", "127.0.0.1", "server.pem"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0


def test_a_file_that_was_changed_is_written_again(made: tuple[Root, dict[str, Any]], sandbox: Sandbox) -> None:
    root, _ = made
    (root.folder / "made/deep/main.py").write_text("something else")
    assert root.actions() == {"local_file.main": ["create"]}
    root.apply(_given(root, sandbox, SECOND))
    assert (root.folder / "made/deep/main.py").read_text() == "print(2)"
    root.destroy()
    assert not (root.folder / "token").exists()


@pytest.mark.parametrize(
    ("configuration", "said"),
    [
        ('resource "local_file" "none" {\n  filename = "x"\n}', "must be specified"),
        (
            'data "archive_file" "none" {\n  type = "zip"\n  source_dir = "nowhere"\n  output_path = "x.zip"\n}',
            "missing directory",
        ),
        ('data "external" "none" {\n  program = ["no-such-program"]\n}', "no program no-such-program"),
        ('data "external" "bad" {\n  program = ["echo", "[]"]\n}', "JSON encoded map"),
        ('data "http" "none" {\n  url = "http://127.0.0.1:1/"\n}', "Error making request"),
        ('data "http" "maps" {\n  url = "https://places.googleapis.com/v1"\n}', "the sandbox does not serve"),
    ],
)
def test_what_the_real_ones_refuse_is_refused(root: Root, configuration: str, said: str) -> None:
    assert said in root.fails(configuration)


def test_what_is_asked_of_google_s_apis_the_sandbox_answers(root: Root) -> None:
    root.apply('data "http" "topics" {\n  url = "https://pubsub.googleapis.com/v1/projects/PROJECT/topics"\n}\n')
    told = root.state()["data.http.topics"]
    assert (told["status_code"], told["response_body"]) == (200, "{}")
    assert told["id"] == told["url"] == f"https://pubsub.googleapis.com/v1/projects/{root.project}/topics"


@pytest.mark.real_provider
@pytest.mark.skipif(
    not (Path(MIRROR) / "registry.terraform.io/hashicorp/tls").is_dir(), reason="the mirror has no hashicorp/tls"
)
def test_the_real_ones_go_the_same_way(made: tuple[Root, dict[str, Any]], sandbox: Sandbox, tmp_path: Path) -> None:
    theirs = _walk(real_root(sandbox, tmp_path), sandbox)
    for step, told in theirs.items():
        assert made[1][step] == told, step
