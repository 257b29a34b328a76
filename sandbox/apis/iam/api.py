"""IAM: service accounts. Their keys are in `keys`, their tokens and signatures in `iamcredentials`.

Workload identity is in `pools`, custom roles are in `roles`, deny policies (v2) in `deny`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.apis.iam import deny, keys, pools, roles
from sandbox.control import crud, iam, masks, projects
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, failed_precondition, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Api, Handler, Route
from sandbox.control.store import Resource

accounts = Collection(
    path="v1/projects/{project}/serviceAccounts/{account}",
    noun="Service account",
    list_field="accounts",
    create=None,
    update=(),
    read=False,
    delete=False,
)

API = Api(
    "iam.googleapis.com",
    "iam",
    [accounts, pools.pools, pools.providers, roles.roles, roles.organization_roles, deny.policies],
    [*pools.routes(), *roles.routes(), *deny.routes()],
)

_PATH = "v1/projects/{project}/serviceAccounts/{account}"
_ID = re.compile(r"[a-z](?:[a-z0-9-]{4,28}[a-z0-9])")
_TEXTS = {"displayName": 100, "description": 256}
# Google gives every service account the same.
_ETAG = "MDEwMjE5MjA="
_DELETED = "iam.deletedServiceAccounts"


def _unique_id(seed: str) -> str:
    """21 digits, as Google numbers accounts."""
    digest = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:9], "big")
    return str(100_000_000_000_000_000_000 + digest % 17_000_000_000_000_000_000)


def find_account(call: Call) -> Resource:
    """The account of a path, by email or unique id, in a project or in `-`."""
    key, project = call.params["account"], call.project
    parent = None if project == "-" else f"projects/{project}"
    if "@" in key:
        owner = key.partition("@")[2].removesuffix(".iam.gserviceaccount.com") if project == "-" else project
        found = accounts.find(call.control, f"projects/{owner}/serviceAccounts/{key}") or _default(call, key)
    else:
        every = call.store.select(accounts.key, parent)
        found = next((each for each in every if each.document["uniqueId"] == key), None)
    if found is None:
        raise not_found(f"Unknown service account: {key}")
    return found


def _default(call: Call, email: str) -> Resource | None:
    """Compute Engine's own account, which a project has from its first use until it is deleted."""
    number, _, rest = email.partition("-")
    if rest != "compute@developer.gserviceaccount.com" or not number.isdigit():
        return None
    project = call.control.projects.resolve(number if call.project == "-" else call.project, call.control.clock())
    name = f"projects/{project}/serviceAccounts/{email}"
    if (known := accounts.find(call.control, name)) is not None:
        return known
    deleted = any(kept.document["email"] == email for kept in call.store.select(_DELETED, f"projects/{project}"))
    if projects.number(project) != number or deleted:
        return None
    document = _document(name, email, _unique_id(name))
    return _insert(call, {**document, "displayName": "Compute Engine default service account"})


def _document(name: str, email: str, unique: str) -> dict[str, Any]:
    return {
        "name": name,
        "projectId": name.split("/")[1],
        "uniqueId": unique,
        "email": email,
        "etag": _ETAG,
        "oauth2ClientId": unique,
    }


def _insert(call: Call, document: dict[str, Any]) -> Resource:
    moment = call.control.clock()
    account = Resource(accounts.key, document["name"], document, moment, moment)
    call.store.insert(account)
    return account


@API.route("POST", "v1/projects/{project}/serviceAccounts")
async def create(call: Call) -> Response:
    """`serviceAccounts.create`."""
    body = call.body()
    account_id, given = str(body.get("accountId", "")), body.get("serviceAccount") or {}
    if not _ID.fullmatch(account_id):
        raise invalid_argument(
            f"The account ID '{account_id}' is invalid: 6 to 30 lowercase letters, digits or hyphens, a letter first "
            "and no hyphen last.",
            {"accountId": "invalid"},
        )
    _check_texts(given)
    email = f"{account_id}@{call.project}.iam.gserviceaccount.com"
    name = f"projects/{call.project}/serviceAccounts/{email}"
    if accounts.find(call.control, name) is not None:
        raise ApiError(
            "ALREADY_EXISTS", f"Service account {account_id} already exists within project projects/{call.project}."
        )
    document = _document(name, email, _unique_id(call.control.uid()))
    document.update({key: given[key] for key in _TEXTS if given.get(key)})
    return Response.of(_insert(call, document).document)


def _check_texts(document: dict[str, Any]) -> None:
    for field, most in _TEXTS.items():
        if len(str(document.get(field, "")).encode()) > most:
            raise invalid_argument(f"{field} is longer than {most} bytes.", {f"serviceAccount.{field}": "too long"})


@API.route("GET", _PATH)
async def get(call: Call) -> Response:
    """`serviceAccounts.get`."""
    return Response.of(find_account(call).document)


def _of_account(handler: Callable[[Call, Resource], Awaitable[Response]]) -> Handler:
    async def route(call: Call) -> Response:
        return await handler(call, find_account(call))

    return route


_KEYS, _KEY = f"{_PATH}/keys", f"{_PATH}/keys/{{key}}"
API.routes += [
    Route("POST", _KEYS, _of_account(keys.create)),
    Route("POST", _KEYS, _of_account(keys.upload), "upload"),
    Route("GET", _KEYS, _of_account(keys.list_keys)),
    Route("GET", _KEY, _of_account(keys.get)),
    Route("DELETE", _KEY, _of_account(keys.delete)),
    Route("POST", _KEY, _of_account(keys.switch(off=True)), "disable"),
    Route("POST", _KEY, _of_account(keys.switch(off=False)), "enable"),
]


def _change(call: Call, given: dict[str, Any], mask: list[str]) -> Response:
    account = find_account(call)
    crud.check_etag(account, given.get("etag"))
    if unknown := [path for path in mask if path not in _TEXTS]:
        raise invalid_argument(f"{unknown[0]} of a service account can't be changed.", {"updateMask": unknown[0]})
    _check_texts(given)
    account.document = masks.apply(account.document, given, mask)
    return _store(call, account)


def _store(call: Call, account: Resource) -> Response:
    account.updated = call.control.clock()
    call.store.put(account)
    return Response.of(account.document)


@API.route("PATCH", _PATH)
async def patch(call: Call) -> Response:
    """`serviceAccounts.patch`: `{serviceAccount, updateMask}`."""
    body = call.body()
    given = body.get("serviceAccount") or {}
    return _change(call, given, masks.paths(body.get("updateMask", "")) or [text for text in _TEXTS if text in given])


@API.route("PUT", _PATH)
async def put(call: Call) -> Response:
    """`serviceAccounts.update`: the account itself is the body."""
    return _change(call, call.body(), list(_TEXTS))


@API.route("DELETE", _PATH)
async def delete(call: Call) -> Response:
    """`serviceAccounts.delete`: bindings that name the account show it as deleted from now on."""
    account = find_account(call)
    document = account.document
    with call.store.transaction():
        crud.remove(accounts, call.control, account.name)
        keys.forget(call.control, account)
        kept = Resource(_DELETED, f"projects/{document['projectId']}/serviceAccounts/{document['uniqueId']}", document)
        call.store.insert(kept)
        iam.account_deleted(call.control, document["email"], document["uniqueId"])
    return Response.of({})


@API.route("POST", _PATH, verb="undelete")
async def undelete(call: Call) -> Response:
    """`serviceAccounts.undelete`, by unique id."""
    unique = call.params["account"]
    every = call.store.select(_DELETED, None if call.project == "-" else f"projects/{call.project}")
    kept = next((each for each in every if each.id == unique), None)
    if kept is None:
        raise not_found(f"Unknown deleted service account: {unique}.")
    document = kept.document
    if accounts.find(call.control, document["name"]) is not None:
        raise failed_precondition(f"A service account {document['email']} exists again.")
    with call.store.transaction():
        moment = call.control.clock()
        call.store.delete(_DELETED, kept.name)
        call.store.insert(Resource(accounts.key, document["name"], document, moment, moment))
        iam.account_restored(call.control, document["email"], document["uniqueId"])
    return Response.of({"restoredAccount": document})


def _set_disabled(call: Call, disabled: bool) -> Response:
    account = find_account(call)
    account.document.pop("disabled", None)
    if disabled:
        account.document["disabled"] = True
    _store(call, account)
    return Response.of({})


@API.route("POST", _PATH, verb="disable")
async def disable(call: Call) -> Response:
    """`serviceAccounts.disable`."""
    return _set_disabled(call, True)


@API.route("POST", _PATH, verb="enable")
async def enable(call: Call) -> Response:
    """`serviceAccounts.enable`."""
    return _set_disabled(call, False)


async def get_policy(call: Call) -> Response:
    """`serviceAccounts.getIamPolicy`."""
    return iam.answer(call, accounts.full_name(find_account(call).name))


async def set_policy(call: Call) -> Response:
    """`serviceAccounts.setIamPolicy`."""
    return iam.answer_set(call, accounts.full_name(find_account(call).name))


async def permissions_held(call: Call) -> Response:
    """`serviceAccounts.testIamPermissions`."""
    find_account(call)
    return Response.of(iam.permissions(call))


API.route("GET", _PATH, verb="getIamPolicy")(get_policy)
API.route("POST", _PATH, verb="getIamPolicy")(get_policy)
API.route("POST", _PATH, verb="setIamPolicy")(set_policy)
API.route("POST", _PATH, verb="testIamPermissions")(permissions_held)
