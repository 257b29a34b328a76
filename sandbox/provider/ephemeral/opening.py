"""Opening ephemeral resources, and closing those that leave something behind."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sandbox.provider import resource
from sandbox.provider.api import Api, ApiError
from sandbox.provider.data.credentials import until
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.ephemeral.tables import fields_of
from sandbox.provider.hooks.keys_and_roles import account_name
from sandbox.provider.hooks.machine_rules import scope
from sandbox.provider.settings import Settings

Values = dict[str, Any]
_CREDENTIALS = "/iamcredentials/v1"
_IAM = "/iam/v1/"


@dataclass(frozen=True, slots=True)
class _Asked:
    """One that is to be opened: its arguments, and whom to ask."""

    config: Values
    settings: Settings
    api: Api

    async def get(self, failing: str, url: str) -> Values:
        return await self.call(failing, "GET", url)

    async def call(self, failing: str, method: str, url: str, document: Values | None = None) -> Values:
        """What the API answers. Raises ProviderError, which says what was `failing`."""
        try:
            return await self.api.call(method, url, document)
        except ApiError as error:
            raise ProviderError(Problem(failing, error.text())) from error

    async def sign(self, failing: str, verb: str, document: Values) -> Values:
        """A token or signature of the account that is to be impersonated."""
        account = f"projects/-/serviceAccounts/{self.config['target_service_account']}"
        body = document | {"delegates": self.config.get("delegates") or []}
        return await self.call(failing, "POST", f"{_CREDENTIALS}/{account}:{verb}", body)


async def open_one(name: str, config: Values, settings: Settings, api: Api) -> tuple[Values, bytes]:
    """What one has once it is open, and what closing it needs. Raises ProviderError where it can't be opened."""
    asked = _Asked({key: config.get(key) for key in fields_of(name)}, settings, api)
    found, private = await _OPEN[name](asked)
    return asked.config | found, private


async def close_one(private: bytes, api: Api) -> None:
    """Remove what an open one left behind: the key that was made for it. One that is gone is no matter."""
    if not private:
        return
    name = str(json.loads(private)["name"])
    try:
        await api.call("DELETE", f"{_IAM}{name}")
    except ApiError as error:
        if error.status not in (403, 404):
            failing = "Error deleting Service Account Key"
            raise ProviderError(Problem(failing, f'{failing} "{name}": {error.text()}')) from error


async def _client_config(asked: _Asked) -> tuple[Values, bytes]:
    settings = asked.settings
    place = {name: settings.get(name) or "" for name in ("project", "region", "zone")}
    told = {"access_token": "embedded", "default_labels": settings.default_labels or {}}
    return {**place, **told, "id": resource.identity("projects/{project}/regions/{region}/zones/{zone}", place)}, b""


async def _secret_version(asked: _Asked) -> tuple[Values, bytes]:
    config = asked.config
    project = config["project"] or asked.settings.project or ""
    secret = str(config["secret"])
    if "/" not in secret:
        secret = f"projects/{project}/secrets/{secret}"
    version = await asked.get(
        "Error retrieving secret version", f"/secretmanager/v1/{secret}/versions/{config['version'] or 'latest'}"
    )
    answer = await asked.get("Error accessing secret data", f"/secretmanager/v1/{version['name']}:access")
    data = str(answer["payload"]["data"])
    if not config["is_secret_data_base64"]:
        data = base64.b64decode(data).decode()
    found = {
        "name": version["name"],
        "project": project,
        "create_time": version["createTime"],
        "destroy_time": version.get("destroyTime"),
        "enabled": True,
        "secret_data": data,
    }
    return found, b""


async def _access_token(asked: _Asked) -> tuple[Values, bytes]:
    lifetime = asked.config["lifetime"] or "3600s"
    scopes = [scope(name) for name in asked.config["scopes"]]
    wanted = {"lifetime": lifetime, "scope": scopes}
    answer = await asked.sign("Error generating access token", "generateAccessToken", wanted)
    return {"access_token": answer["accessToken"], "lifetime": lifetime}, b""


async def _id_token(asked: _Asked) -> tuple[Values, bytes]:
    config = asked.config
    if not config["target_service_account"]:
        why = "the sandbox has no credentials that sign ID tokens: name an account in target_service_account"
        raise ProviderError(Problem("Unable to retrieve TokenSource", why))
    wanted = {"audience": config["target_audience"], "includeEmail": bool(config["include_email"])}
    answer = await asked.sign("Error calling iamcredentials.GenerateIdToken", "generateIdToken", wanted)
    return {"id_token": answer["token"]}, b""


async def _jwt(asked: _Asked) -> tuple[Values, bytes]:
    payload = asked.config["payload"]
    if (seconds := asked.config["expires_in"]) is not None:
        try:
            payload = until(payload, seconds)
        except ValueError as error:
            raise ProviderError(Problem("Error decoding payload", str(error))) from error
    answer = await asked.sign("Error calling iamcredentials.SignJwt", "signJwt", {"payload": payload})
    return {"jwt": answer["signedJwt"]}, b""


async def _key(asked: _Asked) -> tuple[Values, bytes]:
    """One that is made for the time being, or that is there already and fetched."""
    config = asked.config
    account = account_name(str(config["service_account_id"] or config["name"] or ""), asked.settings)
    kind = config["public_key_type"] or "TYPE_X509_PEM_FILE"
    found: Values = {"public_key_type": kind}
    name, private = str(config["name"] or account), b""
    if not config["fetch_key"]:
        if config["public_key_data"]:
            made = await asked.call(
                "Error creating service account key [Upload]",
                "POST",
                f"{_IAM}{account}/keys:upload",
                {"publicKeyData": config["public_key_data"]},
            )
        else:
            made = await asked.call(
                "Error creating service account key [Create]",
                "POST",
                f"{_IAM}{account}/keys",
                {
                    "keyAlgorithm": config["key_algorithm"] or "KEY_ALG_RSA_2048",
                    "privateKeyType": config["private_key_type"] or "TYPE_GOOGLE_CREDENTIALS_FILE",
                },
            )
        name = str(made["name"])
        private = json.dumps({"name": name}).encode()
        found |= {
            "name": name,
            "key_algorithm": made.get("keyAlgorithm") or "",
            "private_key": made.get("privateKeyData") or "",
            "private_key_type": made.get("privateKeyType") or "",
        }
    await asked.get("Error retrieving Service Account Key", f"{_IAM}{name}?publicKeyType={kind}")
    return found, private


_OPEN: dict[str, Callable[[_Asked], Awaitable[tuple[Values, bytes]]]] = {
    "google_client_config": _client_config,
    "google_secret_manager_secret_version": _secret_version,
    "google_service_account_access_token": _access_token,
    "google_service_account_id_token": _id_token,
    "google_service_account_jwt": _jwt,
    "google_service_account_key": _key,
}
