"""Digests are read from a registry by its HTTP API, without docker."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from envctl.errors import UserError
from envctl.images import registry
from envctl.images.base import pinned
from envctl.images.registry import Registry
from typer.testing import Result

from .conftest import TOKEN

MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": registry._TYPES[1]}).encode()
DIGEST = f"sha256:{hashlib.sha256(MANIFEST).hexdigest()}"


class Served:
    """A registry that gives a token for the right password, and manifests for that token."""

    def __init__(self) -> None:
        self.tags = {"p/services/auth": "one", "p/services/proxy": "one", "p/services/reporting": "one"}
        self.asked: list[tuple[str, str]] = []
        self.realm = ""
        self.says: str | None = None
        self.status = 200
        self.basic = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, given = self.path.partition("?")[0], self.headers.get("authorization", "")
                outer.asked.append((self.path, given))
                basic = "Basic " + base64.b64encode(f"oauth2accesstoken:{TOKEN}".encode()).decode()
                if path == "/token":
                    self.answer(200, json.dumps({"token": "short" if given == basic else "of-anybody"}).encode())
                elif given not in ("Bearer short", *([basic] if outer.basic else [])):
                    ask = f'Bearer realm="{outer.realm}",service="registry",scope="repository:x:pull"'
                    self.answer(401, b"", {"www-authenticate": 'Basic realm="x"' if outer.basic else ask})
                elif outer.status != 200:
                    self.answer(outer.status, b"no")
                else:
                    name, _, tag = path.removeprefix("/v2/").partition("/manifests/")
                    there = outer.tags.get(name) == tag
                    headers = {"docker-content-digest": outer.says} if outer.says else {}
                    self.answer(200 if there else 404, MANIFEST if there else b"{}", headers)

            def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
                self.send_response(status)
                for name, value in {**(headers or {}), "content-length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.realm = f"http://{self.host}/token"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def served() -> Iterator[Served]:
    server = Served()
    yield server
    server.end()


def test_a_tag_has_the_digest_of_its_manifest(served: Served) -> None:
    assert Registry(served.host, TOKEN).digest("p/services/auth", "one") == DIGEST
    assert Registry(served.host, TOKEN).digest("p/services/auth", "two") is None


def test_a_registry_that_asks_for_a_password_gets_the_token_as_one(served: Served) -> None:
    served.basic = True
    assert Registry(served.host, TOKEN).digest("p/services/auth", "one") == DIGEST


def test_credentials_go_to_the_registrys_own_host_alone(served: Served) -> None:
    other = Served()
    served.realm = other.realm.replace("127.0.0.1", "localhost")
    with pytest.raises(UserError):
        Registry(served.host, TOKEN).digest("p/services/auth", "one")
    other.end()
    assert [given for path, given in other.asked if path.startswith("/token")] == [""]


def test_a_digest_that_is_not_the_contents_is_not_believed(served: Served) -> None:
    served.says = f"sha256:{'0' * 64}"
    with pytest.raises(UserError, match="another digest"):
        Registry(served.host, TOKEN).digest("p/services/auth", "one")


def test_a_refusal_is_no_absence(served: Served) -> None:
    served.status = 403
    with pytest.raises(UserError, match="doesn't say") as refused:
        Registry(served.host, TOKEN).digest("p/services/auth", "one")
    assert TOKEN not in str(refused.value)


def test_a_registry_that_is_not_there_is_said() -> None:
    with pytest.raises(UserError, match="can't be asked"):
        Registry("127.0.0.1:1").digest("p/services/auth", "one")


def test_digests_are_written_checked_and_missing_ones_found(
    served: Served, root: Path, envctl: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    served.tags = {f"atm-platform-prod/services/{name}": "one" for name in ("auth", "proxy", "reporting")}
    ask = Registry.digest
    monkeypatch.setattr(Registry, "digest", lambda self, path, tag: ask(Registry(served.host, self.token), path, tag))

    missing = envctl("images", "digests", "prod", "--tag", "two")
    assert missing.exit_code == 2
    assert "absent" in missing.stdout
    assert not (root / "envs/images").exists()

    assert envctl("images", "digests", "prod", "--tag", "one", "--check").exit_code == 2
    assert envctl("images", "digests", "prod", "--tag", "one").exit_code == 0
    assert envctl("images", "digests", "prod", "--tag", "one", "--check").exit_code == 0
    builds = yaml.safe_load((root / "envs/images/prod.yaml").read_text())
    assert {(one["digest"], one["revision"]) for one in builds.values()} == {(DIGEST, "one")}


def test_the_base_is_pinned_to_what_its_tag_is_today(served: Served) -> None:
    served.tags = {"library/python": "3.12-slim"}
    text = f"# base\nARG PYTHON_IMAGE={served.host}/library/python:3.12-slim\nFROM ${{PYTHON_IMAGE}}\n"
    served.basic = False
    with pytest.raises(UserError):
        pinned(text.replace("3.12", "3.99"))


def test_a_base_that_anybody_may_read_is_pinned(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    served.tags = {"library/python": "3.12-slim"}
    monkeypatch.setattr(Registry, "_allowed", lambda *_: "Bearer short")
    text = f"# base\nARG PYTHON_IMAGE={served.host}/library/python:3.12-slim\nFROM ${{PYTHON_IMAGE}}\n"
    base, new = pinned(text)
    assert base == f"{served.host}/library/python:3.12-slim@{DIGEST}"
    assert new == text.replace(":3.12-slim", f":3.12-slim@{DIGEST}")
    assert pinned(new) == (base, new)
    with pytest.raises(UserError, match="names no base"):
        pinned("FROM scratch\n")
