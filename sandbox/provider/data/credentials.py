"""Data sources of service accounts: those of a project, their keys, and what is signed or told in their names."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.provider.api import ApiError, Json
from sandbox.provider.data import listing
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.machine_rules import scope
from sandbox.provider.hooks.registry import Context
from sandbox.provider.jsontext import go_json

State = dict[str, Any]
# Forms of service accounts: Google's own of a project, Compute Engine's, and those that users make.
_PROJECT = r"(?:(?:[-a-z0-9]{1,63}\.)*(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?):)?"
_ID = r"[0-9]{1,19}|(?:[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)"
_ACCOUNTS = (
    rf"{_PROJECT}(?:{_ID})@[a-z]+.gserviceaccount.com$"
    r"|[0-9]{1,20}-compute@developer.gserviceaccount.com"
    r"|[a-z]([-a-z0-9]{4,28}[a-z0-9])?@[-a-z0-9\.]{1,63}\.iam\.gserviceaccount\.com$"
)
_LINK = rf"projects/{_PROJECT}(?:{_ID}|-)/serviceAccounts/"
_DELEGATES = f"delegates set(string) matches=^{_LINK}({_ACCOUNTS})$"
_TARGET = f"target_service_account string required matches=^({_ACCOUNTS})$"
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_service_accounts": (
        "iam/v1",
        "projects/{project}",
        """
prefix string
project string
regex string check=pattern
accounts list computed
  account_id string computed
  disabled bool computed
  display_name string computed
  email string computed
  member string computed
  name string computed
  unique_id string computed
""",
    ),
    "google_service_account_key": (
        "iam/v1",
        "{name}",
        f"""
name string required matches=^{_LINK}([^/]+)/keys/([^/]+)$
public_key_type string default="TYPE_X509_PEM_FILE" values=TYPE_NONE|TYPE_X509_PEM_FILE|TYPE_RAW_PUBLIC_KEY
key_algorithm string computed
public_key string computed
""",
    ),
    "google_service_account_access_token": (
        "iamcredentials/v1",
        "projects/-/serviceAccounts/{target_service_account}",
        f"""
{_TARGET}
{_DELEGATES}
lifetime string default="3600s" check=duration
scopes set(string) required
access_token string computed sensitive
""",
    ),
    "google_service_account_id_token": (
        "iamcredentials/v1",
        "{target_service_account}",
        f"""
{_TARGET.replace(" required", "")}
{_DELEGATES}
include_email bool default=false
target_audience string required
id_token string computed sensitive
""",
    ),
    "google_service_account_jwt": (
        "iamcredentials/v1",
        "projects/-/serviceAccounts/{target_service_account}",
        f"""
{_TARGET}
{_DELEGATES}
expires_in number
payload string required
jwt string computed sensitive
""",
    ),
}


async def _accounts(ctx: Context) -> State:
    """Those of a project whose ids begin with a prefix and in whose addresses an expression is found."""
    project = listing.project(ctx)
    prefix, wanted = str(ctx.planned["prefix"] or ""), str(ctx.planned["regex"] or "")
    fits = re.compile(wanted).search
    found = []
    async for one in ctx.api.pages(f"{ctx.kind.base}projects/{project}/serviceAccounts", "accounts"):
        email = str(one["email"])
        if not email.partition("@")[0].startswith(prefix) or not fits(email):
            continue
        told = {
            "account_id": email.partition("@")[0],
            "disabled": bool(one.get("disabled")),
            "display_name": one.get("displayName", ""),
            "email": email,
            "member": f"serviceAccount:{email}",
            "name": one["name"],
            "unique_id": one["uniqueId"],
        }
        found.append(told)
    chosen = [f"/{word}/{value}" for word, value in (("prefix", prefix), ("regex", wanted)) if value]
    return ctx.planned | {"id": f"projects/{project}{''.join(chosen)}", "accounts": found}


async def _key(ctx: Context) -> State:
    """The public half of a key."""
    name = str(ctx.planned["name"])
    found = await ctx.api.get(f"{ctx.kind.base}{name}?publicKeyType={ctx.planned['public_key_type']}")
    if found is None:
        raise ProviderError(f"{name} not found")
    told = {"key_algorithm": found.get("keyAlgorithm", ""), "public_key": found.get("publicKeyData", "")}
    return ctx.planned | told | {"id": found["name"], "name": found["name"]}


async def _called(ctx: Context, verb: str, body: Json) -> Json:
    name = f"projects/-/serviceAccounts/{ctx.planned['target_service_account']}"
    delegates = ctx.planned["delegates"]
    body |= {"delegates": list(delegates)} if delegates else {}
    try:
        answer: Json = await ctx.api.call("POST", f"{ctx.kind.base}{name}:{verb}", body)
    except ApiError as error:
        method = verb[0].upper() + verb[1:]
        where = "" if verb == "generateAccessToken" else f"error calling iamcredentials.{method}: "
        raise ProviderError(where + error.text()) from error
    return answer | {"name": name}


async def _access_token(ctx: Context) -> State:
    """A token to call APIs with."""
    scopes = [scope(str(one)) for one in ctx.planned["scopes"]]
    answer = await _called(ctx, "generateAccessToken", {"lifetime": ctx.planned["lifetime"], "scope": scopes})
    return ctx.planned | {"id": answer["name"], "access_token": answer["accessToken"]}


async def _id_token(ctx: Context) -> State:
    """A token that tells who somebody is. Whoever is logged in here is nobody's service account."""
    target, audience = ctx.planned["target_service_account"], ctx.planned["target_audience"]
    if not target:
        raise ProviderError(
            "unable to retrieve TokenSource: the caller has no service account's credentials; say whose token it is "
            "in target_service_account"
        )
    body = {"audience": audience, "includeEmail": ctx.planned["include_email"]}
    answer = await _called(ctx, "generateIdToken", body)
    return ctx.planned | {"id": target, "id_token": answer["token"]}


def until(payload: str, seconds: int) -> str:
    """The claims of a token that is good for so long. Raises ValueError where they are no JSON object."""
    claims = json.loads(payload)
    if not isinstance(claims, dict):
        raise ValueError("the claims are no object")  # noqa: TRY004
    return go_json(claims | {"exp": int(time.time()) + int(seconds)})


async def _jwt(ctx: Context) -> State:
    """Claims that an account signs, with their end where one is asked for."""
    payload = str(ctx.planned["payload"])
    if seconds := ctx.planned["expires_in"]:
        try:
            payload = until(payload, seconds)
        except ValueError as error:
            raise ProviderError(f"error decoding `payload` while adding `exp` field: {error}") from error
    answer = await _called(ctx, "signJwt", {"payload": payload})
    return ctx.planned | {"id": answer["name"], "jwt": answer["signedJwt"]}


READ: dict[str, Callable[[Context], Awaitable[State]]] = {
    "google_service_account_access_token": _access_token,
    "google_service_account_id_token": _id_token,
    "google_service_account_jwt": _jwt,
    "google_service_account_key": _key,
    "google_service_accounts": _accounts,
}
