"""What many APIs share under names of their own: operations, IAM policies, locations; asked by resource name."""

from __future__ import annotations

from functools import cache

from google.longrunning import operations_pb2
from google.protobuf import empty_pb2  # type: ignore[import-untyped]

from sandbox.rpc.methods import Method, Rule

_OPERATIONS = "google.longrunning.Operations"
_POLICIES = "google.iam.v1.IAMPolicy"
_LOCATIONS = "google.cloud.location.Locations"


@cache
def of_service(service: str) -> dict[str, Method] | None:
    """The methods of a shared service, or None where it is none. It imports: call it in a thread.

    A flat path finds the API that has such a resource. A policy is read by GET or by POST, as its API wants it.
    """
    if service == _OPERATIONS:
        return _methods(
            service,
            ("GetOperation", operations_pb2.GetOperationRequest, operations_pb2.Operation, "get /v1/{name=**}"),
            (
                "ListOperations",
                operations_pb2.ListOperationsRequest,
                operations_pb2.ListOperationsResponse,
                "get /v1/{name=**/operations} | get /v1/{name=**}/operations",  # some clients name the collection
            ),
            ("DeleteOperation", operations_pb2.DeleteOperationRequest, empty_pb2.Empty, "delete /v1/{name=**}"),
            ("CancelOperation", operations_pb2.CancelOperationRequest, empty_pb2.Empty, "post /v1/{name=**}:cancel *"),
            (
                "WaitOperation",
                operations_pb2.WaitOperationRequest,
                operations_pb2.Operation,
                "post /v1/{name=**}:wait *",
            ),
        )
    if service == _POLICIES:
        from google.iam.v1 import iam_policy_pb2, policy_pb2

        return _methods(
            service,
            (
                "GetIamPolicy",
                iam_policy_pb2.GetIamPolicyRequest,
                policy_pb2.Policy,
                "get /v1/{resource=**}:getIamPolicy",
            ),
            (
                "SetIamPolicy",
                iam_policy_pb2.SetIamPolicyRequest,
                policy_pb2.Policy,
                "post /v1/{resource=**}:setIamPolicy *",
            ),
            (
                "TestIamPermissions",
                iam_policy_pb2.TestIamPermissionsRequest,
                iam_policy_pb2.TestIamPermissionsResponse,
                "post /v1/{resource=**}:testIamPermissions *",
            ),
        )
    if service == _LOCATIONS:
        from google.cloud.location import locations_pb2

        return _methods(
            service,
            (
                "ListLocations",
                locations_pb2.ListLocationsRequest,
                locations_pb2.ListLocationsResponse,
                "get /v1/{name=**}/locations",
            ),
            ("GetLocation", locations_pb2.GetLocationRequest, locations_pb2.Location, "get /v1/{name=**}"),
        )
    return None


def _methods(service: str, *rows: tuple[str, type, type, str]) -> dict[str, Method]:
    found = {}
    for name, request, response, text in rows:
        rules = tuple(_rule(*one.split()) for one in text.split("|"))
        found[name] = Method(f"{service}/{name}", request, response, rules)
    return found


def _rule(verb: str, uri: str, body: str = "") -> Rule:
    return {"method": verb, "uri": uri} | ({"body": body} if body else {})
