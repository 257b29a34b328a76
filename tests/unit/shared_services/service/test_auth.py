"""Tokens: valid, expired, forged, missing, for others; and the roles of who sends them. All keys are of the test."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from fastapi import FastAPI
from google.auth import crypt, jwt

from shared_services import Authenticator, Principal, ServiceSettings, create_app, require, service_of

from .asgi import client, settings

AUDIENCE = "https://quotes.example.com"


def key_pair(name: str) -> tuple[Any, str]:
    """A signer and its certificate."""
    import datetime

    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.TraditionalOpenSSL
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    signer = crypt.RSASigner.from_string(private, name)
    return signer, certificate.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture(scope="module")
def keys() -> dict[str, tuple[Any, str]]:
    return {name: key_pair(name) for name in ("ours", "theirs")}


def claims(**more: Any) -> dict[str, Any]:
    now = int(time.time())
    known = {"iss": "https://accounts.google.com", "aud": AUDIENCE, "sub": "117", "email": "asha@example.com"}
    return {**known, "email_verified": True, "iat": now, "exp": now + 3600, **more}


Token = Callable[..., str]


@pytest.fixture
def token(keys: dict[str, tuple[Any, str]]) -> Token:
    def made(by: str = "ours", **more: Any) -> str:
        wanted = {name: value for name, value in claims(**more).items() if value is not None}
        return jwt.encode(keys[by][0], wanted).decode()  # type: ignore[no-untyped-call]

    return made


def unsigned(signature: str = "", **more: Any) -> str:
    parts = [{"alg": "none", "typ": "JWT"}, claims(**more)]
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*texts, signature])


def secured(certificates: str, **more: Any) -> ServiceSettings:
    members = {"admin": ("asha@example.com",), "quant": ("*@quants.example.com",)}
    permissions = {"admin": ("config.read", "config.write"), "quant": ("config.read",)}
    return settings(
        **{
            "audiences": (AUDIENCE,),
            "certificates": certificates,
            "members": members,
            "permissions": permissions,
            **more,
        }
    )


@pytest.fixture
def app(keys: dict[str, tuple[Any, str]], tmp_path: Path) -> FastAPI:
    path = tmp_path / "certificates.json"
    path.write_text(json.dumps({"ours": keys["ours"][1]}))
    made = create_app(settings=secured(str(path)))

    @made.get("/config")
    async def read(who: Annotated[Principal, require("config.read")]) -> dict[str, Any]:
        return {"email": who.email, "roles": sorted(who.roles)}

    @made.put("/config")
    async def write(who: Annotated[Principal, require("config.write")]) -> str:
        return who.email

    return made


async def test_a_valid_token_brings_its_owners_roles(app: FastAPI, token: Token) -> None:
    async with client(app) as http:
        answer = await http.get("/config", headers={"authorization": f"Bearer {token()}"})
        again = await http.put("/config", headers={"authorization": f"bearer {token()}"})
        open_ = await http.get("/health")
    assert answer.json() == {"email": "asha@example.com", "roles": ["admin"]}
    assert (again.status_code, open_.status_code) == (200, 200)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"exp": 1_000_000, "iat": 1}, "Token expired"),
        ({"iat": int(time.time()) + 3000}, "Token used too early"),
        ({"aud": "https://other.example.com"}, "wrong audience"),
        ({"iss": "https://evil.example.com"}, "an issuer that isn't known"),
        ({"exp": None}, "exp"),
        ({"by": "theirs"}, "not valid"),
    ],
)
async def test_a_token_that_is_not_valid_here_says_why(app: FastAPI, token: Token, more: Any, why: str) -> None:
    async with client(app) as http:
        answer = await http.get("/config", headers={"authorization": f"Bearer {token(**more)}"})
    assert answer.status_code == 401
    assert why in answer.json()["detail"]
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "Bearer ...", "Bearer \xff.\xff.x"]
)
async def test_without_a_token_nobody_comes_in(app: FastAPI, header: str) -> None:
    async with client(app) as http:
        answer = await http.get("/config", headers={"authorization": header.encode("latin-1")} if header else {})
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


async def test_a_forged_payload_or_algorithm_is_refused(app: FastAPI, token: Token) -> None:
    head, _, signature = token().split(".")
    _, body, _ = unsigned(email="root@example.com").split(".")
    forged = [f"{head}.{body}.{signature}", unsigned(), unsigned("SIGNATURE_REMOVED_BY_GOOGLE")]
    async with client(app) as http:
        codes = [(await http.get("/config", headers={"authorization": f"Bearer {t}"})).status_code for t in forged]
    assert codes == [401, 401, 401]


async def test_a_role_without_the_permission_is_403(app: FastAPI, token: Token) -> None:
    async with client(app) as http:
        quant = {"authorization": f"Bearer {token(email='ravi@quants.example.com')}"}
        nobody = {"authorization": f"Bearer {token(email='eve@example.com')}"}
        unverified = {"authorization": f"Bearer {token(email_verified=False)}"}
        assert (await http.get("/config", headers=quant)).status_code == 200
        refused = await http.put("/config", headers=quant)
        others = [(await http.get("/config", headers=h)).status_code for h in (nobody, unverified)]
    assert (refused.status_code, refused.json()["detail"]) == (403, "ravi@quants.example.com lacks config.write")
    assert others == [403, 403]


async def test_a_verified_token_is_remembered_until_it_expires(keys: dict[str, tuple[Any, str]], token: Token) -> None:
    now = [time.time()]
    verifier = Authenticator(secured("google"), certificates=_counting(keys), clock=lambda: now[0])
    short = token(exp=int(now[0]) + 60)
    for _ in range(3):
        assert (await verifier.authenticate(f"Bearer {short}")).email == "asha@example.com"
    assert verifier._certificates.asked == 1  # type: ignore[attr-defined]
    now[0] += 61
    await verifier.authenticate(f"Bearer {short}")
    assert verifier._certificates.asked == 2  # type: ignore[attr-defined]


async def test_roles_that_change_count_from_the_next_request_on(app: FastAPI, token: Token) -> None:
    headers = {"authorization": f"Bearer {token()}"}
    service = service_of(app)
    async with client(app) as http:
        assert (await http.put("/config", headers=headers)).status_code == 200
        service.apply(replace(service.settings, members={"quant": ("asha@example.com",)}))
        assert (await http.put("/config", headers=headers)).status_code == 403
        service.apply(replace(service.settings, audiences=("https://another.example.com",)))
        assert (await http.get("/config", headers=headers)).status_code == 401


async def test_a_permission_without_authentication_is_refused() -> None:
    made = create_app(settings=settings())

    @made.get("/config")
    async def read(who: Annotated[Principal, require("config.read")]) -> str:
        return who.email

    async with client(made) as http:
        assert (await http.get("/config")).status_code == 401


async def test_tokens_without_a_signature_are_a_sandboxs_only() -> None:
    with pytest.raises(ValueError, match="SANDBOX_URL is not set"):
        Authenticator(secured("unsigned"), environ={})
    verifier = Authenticator(secured("unsigned"), environ={"SANDBOX_URL": "http://127.0.0.1:1"})
    assert (await verifier.authenticate(f"Bearer {unsigned()}")).roles == {"admin"}
    platform = Authenticator(secured("google", platform_verifies=True), environ={"K_SERVICE": "quotes"})
    assert (await platform.authenticate(f"Bearer {unsigned('SIGNATURE_REMOVED_BY_GOOGLE')}")).roles == {"admin"}
    for bad in (unsigned("SIGNATURE_REMOVED_BY_GOOGLE", exp=1), unsigned("SIGNATURE_REMOVED_BY_GOOGLE", aud="x")):
        with pytest.raises(Exception, match="not valid"):
            await platform.authenticate(f"Bearer {bad}")


def _counting(keys: dict[str, tuple[Any, str]]) -> Any:
    class Counting:
        asked = 0

        def get(self, key_id: str | None) -> dict[str, str]:
            self.asked += 1
            return {"ours": keys["ours"][1]}

    return Counting()
