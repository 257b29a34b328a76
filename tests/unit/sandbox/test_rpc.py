"""gRPC's front: rules lead to routes, messages become the requests of REST, errors become statuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from google.api_core import path_template
from google.longrunning import operations_pb2
from google.protobuf import field_mask_pb2, json_format
from google.pubsub_v1.types import pubsub as messages
from google.rpc import error_details_pb2, status_pb2
from hypothesis import given
from hypothesis import strategies as st

from sandbox import apis
from sandbox.control.context import Control
from sandbox.control.errors import invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Router
from sandbox.control.store import Store
from sandbox.rpc import methods, mixins, statuses, transcoding
from sandbox.rpc.packages import PACKAGES, package_of

PUBLISHER = methods.of_service("google.pubsub.v1.Publisher")
SUBSCRIBER = methods.of_service("google.pubsub.v1.Subscriber")
RULES = [
    (package.prefix, name, rule)
    for package in PACKAGES.values()
    if package.rules
    for name, rules in methods.read_rules(package.rules).items()
    for rule in rules
]
SEGMENT = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-_.~+% äß", min_size=1, max_size=20).filter(
    lambda text: text.strip(".") != ""
)


@pytest.fixture(scope="module")
def router(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Router]:
    folder = tmp_path_factory.mktemp("rpc")
    control = Control(Store(folder / "sandbox.db"), folder)
    made = Router(control)
    for api in apis.load():
        made.add(api)
    yield made
    control.store.close()


@pytest.mark.parametrize(("prefix", "name", "rule"), RULES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_rule_of_ours_leads_to_a_route(router: Router, prefix: str, name: str, rule: dict[str, str]) -> None:
    path = rule["uri"].replace("*/*", "projects/p", 1) if "=*/*" in rule["uri"] else rule["uri"]
    path = "".join(part.partition("=")[2] if "=" in part else part for part in path.replace("}", "{").split("{"))
    found = router.match(rule["method"].upper(), f"/{prefix}{path.replace('*', 'global')}")
    assert found is not None, f"{name}: nothing serves {rule['method']} {path}"
    assert found[0].short == prefix


def test_a_package_has_the_prefix_of_a_served_api(router: Router) -> None:
    served = {api.short for api in router.apis}
    assert {package.prefix for package in PACKAGES.values()} <= served


def test_a_name_belongs_to_the_longest_package_that_begins_it() -> None:
    found = package_of("google.cloud.billing.budgets.v1.BudgetService")
    assert found is not None
    assert found[1].distribution == "google-cloud-billing-budgets"
    assert package_of("some.other.v1.Service") is None


def test_methods_are_read_from_the_client_package() -> None:
    assert {"CreateTopic", "Publish", "ListTopics", "DeleteTopic"} <= set(PUBLISHER)
    assert "StreamingPull" not in SUBSCRIBER  # it has no HTTP
    assert PUBLISHER["CreateTopic"].request is messages.Topic.pb()
    assert PUBLISHER["ListTopics"].response is messages.ListTopicsResponse.pb()


def test_what_is_not_installed_says_what_to_install() -> None:
    pytest.importorskip("google.cloud.pubsub_v1")
    with pytest.raises(methods.Unserved, match="pip install google-cloud-datacatalog"):
        methods.of_service("google.cloud.datacatalog.v1.PolicyTagManager")


@given(project=SEGMENT, topic=SEGMENT, labels=st.dictionaries(SEGMENT, SEGMENT, max_size=2))
def test_a_message_comes_back_from_its_request(project: str, topic: str, labels: dict[str, str]) -> None:
    given_ = messages.Topic.pb()(name=f"projects/{project}/topics/{topic}", labels=labels, kms_key_name="k")
    request = transcoding.to_http(PUBLISHER["CreateTopic"], given_, {})

    path = unquote(request.path.removeprefix("/pubsub"))
    assert (request.method, request.query) == ("PUT", {})
    assert "?" not in request.path
    assert "#" not in request.path
    assert path_template.validate(PUBLISHER["CreateTopic"].rules[0]["uri"], path)
    back = messages.Topic.pb()(name=path.removeprefix("/v1/"))
    json_format.ParseDict(request.json(), back)
    assert back == given_


@given(size=st.integers(1, 1000), token=st.text("abc=&+ /%", max_size=10))
def test_what_is_neither_path_nor_body_is_the_query(size: int, token: str) -> None:
    given_ = messages.ListTopicsRequest.pb()(project="projects/p", page_size=size, page_token=token)
    request = transcoding.to_http(PUBLISHER["ListTopics"], given_, {"authorization": "Bearer x"})

    assert (request.method, request.path, request.body) == ("GET", "/pubsub/v1/projects/p/topics", b"")
    assert request.query == {"pageSize": [str(size)], **({"pageToken": [token]} if token else {})}
    assert request.headers["authorization"] == "Bearer x"


def test_a_nested_name_and_a_mask_are_as_rest_writes_them() -> None:
    given_ = messages.UpdateTopicRequest.pb()(
        topic={"name": "projects/p/topics/t", "labels": {"a": "b"}},
        update_mask=field_mask_pb2.FieldMask(paths=["labels", "message_retention_duration"]),
    )
    request = transcoding.to_http(PUBLISHER["UpdateTopic"], given_, {})

    assert (request.method, request.path) == ("PATCH", "/pubsub/v1/projects/p/topics/t")
    assert request.json() == {"topic": {"labels": {"a": "b"}}, "updateMask": "labels,messageRetentionDuration"}


def test_the_binding_that_fits_is_taken() -> None:
    rules = ({"method": "get", "uri": "/v1/{name=a/*}"}, {"method": "get", "uri": "/v1/{name=b/*/c/*}:read"})
    topic = messages.GetTopicRequest.pb()
    method = methods.Method("x.Y/Z", messages.Topic.pb(), topic, rules)
    assert transcoding.to_http(method, messages.Topic.pb()(name="b/1/c/2"), {}).path == "/v1/b/1/c/2:read"


@pytest.mark.parametrize("name", ["", "topics/t", "projects/p/topics/t/more"])
def test_a_malformed_name_is_refused_before_it_is_asked(name: str) -> None:
    with pytest.raises(transcoding.Untranscodable, match="GetTopic"):
        transcoding.to_http(PUBLISHER["GetTopic"], messages.GetTopicRequest.pb()(topic=name), {})


def test_fields_that_the_package_does_not_know_are_left_out_of_an_answer() -> None:
    seen = transcoding.from_json(messages.Topic.pb(), b'{"name": "projects/p/topics/t", "ofTomorrow": {"a": [1]}}')
    assert seen.name == "projects/p/topics/t"
    assert transcoding.from_json(messages.Topic.pb(), b"") == messages.Topic.pb()()


def test_an_operation_carries_the_message_of_an_api_that_was_not_called_yet() -> None:
    operations = mixins.of_service("google.longrunning.Operations")
    assert operations is not None
    answer = {
        "name": "projects/p/locations/l/operations/o",
        "done": True,
        "response": {"@type": "type.googleapis.com/google.cloud.workflows.v1.Workflow", "name": "w"},
    }
    seen = transcoding.from_json(operations["GetOperation"].response, json.dumps(answer).encode())
    assert seen.response.type_url.endswith("google.cloud.workflows.v1.Workflow")


@pytest.mark.parametrize("name", ["projects/p/instances/i", "projects/p/instances/i/operations"])
def test_operations_are_listed_by_their_parent_or_by_their_collection(name: str) -> None:
    operations = mixins.of_service("google.longrunning.Operations")
    assert operations is not None
    asked = transcoding.to_http(operations["ListOperations"], operations_pb2.ListOperationsRequest(name=name), {})
    assert asked.path == "/v1/projects/p/instances/i/operations"


def test_an_error_keeps_its_code_its_words_and_its_details() -> None:
    status = statuses.of_response(invalid_argument("no", {"ack_deadline_seconds": "10 to 600"}).response())

    assert (status.code.name, status.message) == ("INVALID_ARGUMENT", "no")
    whole = status_pb2.Status.FromString(dict(status.trailing)["grpc-status-details-bin"])
    violation = error_details_pb2.BadRequest()
    assert whole.details[0].Unpack(violation)
    assert violation.field_violations[0].field == "ack_deadline_seconds"


@pytest.mark.parametrize(
    ("response", "code"),
    [
        (not_found("x").response(), "NOT_FOUND"),
        (not_found("x").response("legacy"), "NOT_FOUND"),
        (Response(503, {}, b"<html>"), "UNAVAILABLE"),
        (Response(500, {}, b""), "INTERNAL"),
        (Response.of({"error": "invalid_grant"}, 400), "INVALID_ARGUMENT"),
    ],
)
def test_an_error_in_any_shape_is_a_status(response: Any, code: str) -> None:
    assert statuses.of_response(response).code.name == code


def test_details_of_an_unknown_type_are_left_out() -> None:
    status = statuses.of_error("ABORTED", "x", [{"@type": "type.googleapis.com/some.Other", "a": 1}])
    assert not status_pb2.Status.FromString(dict(status.trailing)["grpc-status-details-bin"]).details


def test_rules_stand_one_a_line_with_their_comment(tmp_path: Path) -> None:
    files = {package.rules for package in PACKAGES.values() if package.rules}
    assert {path.stem for path in Path(methods.__file__).parent.glob("rules/*.rules")} == files
