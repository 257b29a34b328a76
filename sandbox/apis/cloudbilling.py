"""Cloud Billing v1: that nothing in the sandbox is billed."""

from __future__ import annotations

from sandbox.control.context import Call
from sandbox.control.http import Response
from sandbox.control.router import Api

API = Api("cloudbilling.googleapis.com", "cloudbilling")


@API.route("GET", "v1/projects/{project}/billingInfo")
async def billing_info(call: Call) -> Response:
    """The billing account of a project: none."""
    name = f"projects/{call.project}/billingInfo"
    return Response.of({"name": name, "projectId": call.project, "billingAccountName": "", "billingEnabled": False})
