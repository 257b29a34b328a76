"""Cloud Billing v1: that nothing in the sandbox is billed, and the IAM policies of accounts."""

from __future__ import annotations

import re

from sandbox.control import iam
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Api

_ACCOUNT = re.compile(r"[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}")

API = Api("cloudbilling.googleapis.com", "cloudbilling")


@API.route("GET", "v1/projects/{project}/billingInfo")
async def billing_info(call: Call) -> Response:
    """The billing account of a project: none."""
    name = f"projects/{call.project}/billingInfo"
    return Response.of({"name": name, "projectId": call.project, "billingAccountName": "", "billingEnabled": False})


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
