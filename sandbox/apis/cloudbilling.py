"""Cloud Billing v1: which account a project says it is billed to, and the IAM policies of accounts.

Nothing in the sandbox is billed, so a project has no account until it is given one, and any is one.
"""

from __future__ import annotations

import re

from sandbox.control import iam
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
    account = str(found.document["billingAccountName"]) if found else ""
    named = {"name": f"projects/{call.project}/billingInfo", "projectId": call.project}
    return {**named, "billingAccountName": account, "billingEnabled": bool(account)}


@API.route("PUT", "v1/projects/{project}/billingInfo")
async def set_billing_info(call: Call) -> Response:
    """`projects.updateBillingInfo`; an empty account takes the project off its account."""
    account, moment = str(call.body().get("billingAccountName") or ""), call.control.clock()
    if account and not _ACCOUNT.fullmatch(account.removeprefix("billingAccounts/")):
        raise invalid_argument(f"{account} is not of the form billingAccounts/XXXXXX-XXXXXX-XXXXXX.", {"name": "form"})
    call.store.keep(Resource(_KEY, f"projects/{call.project}", {"billingAccountName": account}, moment, moment))
    return Response.of(_info(call))


@API.route("GET", "v1/billingAccounts")
async def list_accounts(call: Call) -> Response:
    """`billingAccounts.list`: nothing here is billed, so there is none."""
    return Response.of({})


def _account(call: Call) -> str:
    """The full name of a billing account."""
    account = call.params["account"]
    if not _ACCOUNT.fullmatch(account):
        raise invalid_argument(f"{account} is not of the form XXXXXX-XXXXXX-XXXXXX.", {"resource": "form"})
    return f"//cloudbilling.googleapis.com/billingAccounts/{account}"


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
