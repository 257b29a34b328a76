"""Cloud Billing v1: which account a project says it is billed to, and the IAM policies of accounts.

Nothing in the sandbox is billed, so a project has no account until it is given one, and any is one.
"""

from __future__ import annotations

import re

from sandbox.control import iam, paging
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

_KEY = "cloudbilling.projects"
_ACCOUNT = re.compile(r"[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}")

API = Api("cloudbilling.googleapis.com", "cloudbilling")


@API.route("GET", "v1/projects/{project}/billingInfo")
async def billing_info(call: Call) -> Response:
    """`projects.getBillingInfo`."""
    return Response.of(_info(call))


def _info(call: Call) -> dict[str, object]:
    found = call.store.get(_KEY, f"projects/{call.project}")
    return _told(call.project, str(found.document["billingAccountName"]) if found else "")


def _told(project: str, account: str) -> dict[str, object]:
    named = {"name": f"projects/{project}/billingInfo", "projectId": project}
    return {**named, "billingAccountName": account, "billingEnabled": bool(account)}


@API.route("PUT", "v1/projects/{project}/billingInfo")
async def set_billing_info(call: Call) -> Response:
    """`projects.updateBillingInfo`; an empty account takes the project off its account."""
    account, moment = str(call.body().get("billingAccountName") or ""), call.control.clock()
    if account and not _ACCOUNT.fullmatch(account.removeprefix("billingAccounts/")):
        raise invalid_argument(f"{account} is not of the form billingAccounts/XXXXXX-XXXXXX-XXXXXX.", {"name": "form"})
    call.store.keep(Resource(_KEY, f"projects/{call.project}", {"billingAccountName": account}, moment, moment))
    return Response.of(_info(call))


def _shown(name: str) -> dict[str, object]:
    """An account, which is called by its number."""
    called = name.removeprefix("billingAccounts/")
    return {"name": name, "open": True, "displayName": called, "masterBillingAccount": "", "currencyCode": "USD"}


@API.route("GET", "v1/billingAccounts")
async def list_accounts(call: Call) -> Response:
    """`billingAccounts.list`: those that projects were given."""
    size, after = call.integer("pageSize", 100, 100) or 100, paging.after(call.query("pageToken"))
    given = {str(project.document["billingAccountName"]) for project in call.store.select(_KEY)}
    found = sorted(name for name in given if name > after)[: size + 1]
    return Response.of(paging.page("billingAccounts", found, size, lambda name: name, _shown))


@API.route("GET", "v1/billingAccounts/{account}")
async def get_account(call: Call) -> Response:
    """`billingAccounts.get`: any is one."""
    return Response.of(_shown(_named(call)))


@API.route("GET", "v1/billingAccounts/{account}/projects")
async def list_projects(call: Call) -> Response:
    """`billingAccounts.projects.list`: those that were given the account."""
    account, after = _named(call), paging.after(call.query("pageToken"))
    size = call.integer("pageSize", 100, 100) or 100
    found = [
        _told(project.id, account)
        for project in call.store.select(_KEY, after=after)
        if project.document["billingAccountName"] == account
    ][: size + 1]
    named = paging.page("projectBillingInfo", found, size, lambda info: f"projects/{info['projectId']}")
    return Response.of(named)


def _named(call: Call) -> str:
    account = call.params["account"]
    if not _ACCOUNT.fullmatch(account):
        raise invalid_argument(f"{account} is not of the form XXXXXX-XXXXXX-XXXXXX.", {"resource": "form"})
    return f"billingAccounts/{account}"


def _account(call: Call) -> str:
    """The full name of a billing account."""
    return f"//cloudbilling.googleapis.com/{_named(call)}"


@API.route("GET", "v1/billingAccounts/{account}", verb="getIamPolicy")
async def get_policy(call: Call) -> Response:
    """`billingAccounts.getIamPolicy`: of any account."""
    return iam.answer(call, _account(call))


@API.route("POST", "v1/billingAccounts/{account}", verb="setIamPolicy")
async def set_policy(call: Call) -> Response:
    """`billingAccounts.setIamPolicy`."""
    return iam.answer_set(call, _account(call))


@API.route("POST", "v1/billingAccounts/{account}", verb="testIamPermissions")
async def permissions_of(call: Call) -> Response:
    """`billingAccounts.testIamPermissions`."""
    _account(call)
    return Response.of(iam.permissions(call))
