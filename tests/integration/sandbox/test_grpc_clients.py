"""Google's clients over gRPC, unchanged, against the sandbox."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
from google.api_core import exceptions
from google.cloud import eventarc_v1, pubsub_v1, resourcemanager_v3, secretmanager_v1, workflows_v1
from google.longrunning import operations_pb2
from google.pubsub_v1.types import Encoding, Schema, StreamingPullRequest

from shared_services.cloud.publisher import Publisher
from tests.integration.sandbox_process import Sandbox

PROJECT = "projects/grpc-clients"
PLACE = f"{PROJECT}/locations/asia-south1"


@pytest.fixture(scope="module")
def address(sandbox: Sandbox) -> str:
    return str(sandbox.document["grpc"])


@pytest.fixture(scope="module", autouse=True)
def emulator(address: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBSUB_EMULATOR_HOST", address)
        yield


@pytest.fixture(scope="module")
def publisher(emulator: None) -> Any:
    return pubsub_v1.PublisherClient()


@pytest.fixture(scope="module")
def subscriber(emulator: None) -> Any:
    return pubsub_v1.SubscriberClient()


Make = Callable[..., tuple[str, str]]


@pytest.fixture
def pair(publisher: Any, subscriber: Any, request: pytest.FixtureRequest) -> Make:
    def make(**settings: Any) -> tuple[str, str]:
        stem = request.node.name.replace("[", "-").replace("]", "")[:200]
        topic, subscription = f"{PROJECT}/topics/{stem}", f"{PROJECT}/subscriptions/{stem}"
        publisher.create_topic(name=topic)
        subscriber.create_subscription(request={"name": subscription, "topic": topic, **settings})
        return topic, subscription

    return make


def _client(kind: Any, address: str) -> Any:
    return kind(transport=kind.get_transport_class("grpc")(channel=grpc.insecure_channel(address)))


class Stream:
    """A streaming pull, spoken by hand."""

    def __init__(self, subscriber: Any, subscription: str, **first: Any) -> None:
        self._requests: queue.Queue[StreamingPullRequest | None] = queue.Queue()
        self.say(subscription=subscription, **{"stream_ack_deadline_seconds": 10, **first})
        self.answers = subscriber.streaming_pull(iter(self._requests.get, None), timeout=20)

    def say(self, **request: Any) -> None:
        self._requests.put(StreamingPullRequest(**request))

    def end(self) -> None:
        self._requests.put(None)


def test_a_subscriber_gets_what_is_published_and_again_what_it_gives_back(
    publisher: Any, subscriber: Any, pair: Make
) -> None:
    topic, subscription = pair()
    wanted = {str(number).encode() for number in range(300)}
    taken: list[bytes] = []
    refused: set[bytes] = set()
    done = threading.Event()

    def take(message: Any) -> None:
        if message.data.endswith(b"7") and message.data not in refused:
            refused.add(message.data)
            message.nack()
            return
        assert message.attributes == {"of": "bars"}
        message.ack()
        taken.append(message.data)
        if len(taken) >= len(wanted):
            done.set()

    subscribing = subscriber.subscribe(subscription, take)
    for future in [publisher.publish(topic, each, of="bars") for each in sorted(wanted)]:
        future.result(10)
    assert done.wait(20)
    subscribing.cancel()
    subscribing.result(10)
    assert set(taken) == wanted
    assert len(refused) == 30
    assert not subscriber.pull(
        request={"subscription": subscription, "max_messages": 10, "return_immediately": True}
    ).received_messages


def test_one_pull_at_a_time_works_too(publisher: Any, subscriber: Any, pair: Make) -> None:
    topic, subscription = pair()
    publisher.publish(topic, b"one").result(10)
    (received,) = subscriber.pull(subscription=subscription, max_messages=5).received_messages
    assert received.message.data == b"one"
    assert received.message.publish_time.timestamp() > 0
    subscriber.acknowledge(subscription=subscription, ack_ids=[received.ack_id])


def test_a_stream_holds_no_more_than_it_wants_however_they_are_acknowledged(
    publisher: Any, subscriber: Any, pair: Make
) -> None:
    topic, subscription = pair()
    for number in range(5):
        publisher.publish(topic, str(number).encode()).result(10)
    stream = Stream(subscriber, subscription, max_outstanding_messages=2)
    held = next(stream.answers).received_messages
    assert [each.message.data for each in held] == [b"0", b"1"]

    stream.say(ack_ids=[held[0].ack_id])
    (third,) = next(stream.answers).received_messages
    assert third.message.data == b"2"

    subscriber.acknowledge(subscription=subscription, ack_ids=[held[1].ack_id, third.ack_id])
    assert [each.message.data for each in next(stream.answers).received_messages] == [b"3", b"4"]
    stream.end()
    assert list(stream.answers) == []


def test_a_stream_tells_what_became_of_acks_where_delivery_is_exactly_once(
    publisher: Any, subscriber: Any, pair: Make
) -> None:
    topic, subscription = pair(enable_exactly_once_delivery=True)
    publisher.publish(topic, b"x").result(10)
    stream = Stream(subscriber, subscription)
    answer = next(stream.answers)
    (received,) = answer.received_messages
    assert answer.subscription_properties.exactly_once_delivery_enabled

    stream.say(modify_deadline_ack_ids=[received.ack_id], modify_deadline_seconds=[60])
    assert next(stream.answers).modify_ack_deadline_confirmation.ack_ids == [received.ack_id]
    stream.say(ack_ids=[received.ack_id])
    assert next(stream.answers).acknowledge_confirmation.ack_ids == [received.ack_id]
    stream.say(ack_ids=[received.ack_id])
    assert next(stream.answers).acknowledge_confirmation.invalid_ack_ids == [received.ack_id]
    stream.end()


def test_messages_of_one_key_come_one_after_the_other(publisher: Any, subscriber: Any, pair: Make) -> None:
    topic, subscription = pair(enable_message_ordering=True)
    ordered = pubsub_v1.PublisherClient(
        publisher_options=pubsub_v1.types.PublisherOptions(enable_message_ordering=True)
    )
    for number in range(20):
        ordered.publish(topic, str(number).encode(), ordering_key="TCS")
    got: list[int] = []
    done = threading.Event()

    def take(message: Any) -> None:
        got.append(int(message.data))
        message.ack()
        if len(got) == 20:
            done.set()

    subscribing = subscriber.subscribe(subscription, take)
    assert done.wait(20)
    subscribing.cancel()
    assert got == list(range(20))


def test_a_stream_ends_with_its_subscription(subscriber: Any, pair: Make) -> None:
    _, subscription = pair()
    stream = Stream(subscriber, subscription)
    subscriber.delete_subscription(subscription=subscription)
    with pytest.raises(exceptions.NotFound):
        next(stream.answers)
    stream.end()


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"stream_ack_deadline_seconds": 5}, exceptions.InvalidArgument),
        ({"modify_deadline_ack_ids": ["a"]}, exceptions.InvalidArgument),
        ({"ack_ids": ["nonsense"]}, exceptions.InvalidArgument),
    ],
)
def test_a_stream_refuses_what_pubsub_refuses(subscriber: Any, pair: Make, request_: Any, error: Any) -> None:
    _, subscription = pair()
    stream = Stream(subscriber, subscription, **request_)
    with pytest.raises(error):
        next(stream.answers)
    stream.end()


def test_a_fault_meets_calls_and_streams(sandbox: Sandbox, subscriber: Any, pair: Make) -> None:
    _, subscription = pair()
    rule = {"service": "pubsub", "method": "GET", "path": f"v1/{subscription}", "status": 403}
    sandbox.request("POST", "/sandbox/faults", rule)
    try:
        with pytest.raises(exceptions.PermissionDenied, match="Injected"):
            subscriber.get_subscription(subscription=subscription)
        with pytest.raises(exceptions.PermissionDenied):
            next(Stream(subscriber, subscription).answers)
    finally:
        sandbox.request("DELETE", "/sandbox/faults")


def test_errors_have_their_code_and_details(publisher: Any, subscriber: Any, pair: Make) -> None:
    topic, _ = pair()
    with pytest.raises(exceptions.NotFound, match="does not exist"):
        publisher.get_topic(topic=f"{PROJECT}/topics/none")
    with pytest.raises(exceptions.AlreadyExists):
        publisher.create_topic(name=topic)
    with pytest.raises(exceptions.InvalidArgument) as refused:
        subscriber.create_subscription(name=f"{PROJECT}/subscriptions/bad", topic=topic, ack_deadline_seconds=5)
    assert refused.value.details[0].field_violations[0].field == "ack_deadline_seconds"


def test_policies_lists_and_updates_work(publisher: Any, subscriber: Any, pair: Make) -> None:
    topic, subscription = pair()
    policy = publisher.get_iam_policy(request={"resource": topic})
    policy.bindings.add(role="roles/pubsub.publisher", members=["user:one@example.com"])
    publisher.set_iam_policy(request={"resource": topic, "policy": policy})
    assert publisher.get_iam_policy(request={"resource": topic}).bindings[0].role == "roles/pubsub.publisher"
    assert list(publisher.list_topic_subscriptions(topic=topic)) == [subscription]
    assert topic in [each.name for each in publisher.list_topics(request={"project": PROJECT, "page_size": 2})]
    changed = publisher.update_topic(topic={"name": topic, "labels": {"a": "b"}}, update_mask={"paths": ["labels"]})
    assert changed.labels == {"a": "b"}


def test_the_library_goes_on_where_the_variable_is_set(subscriber: Any, pair: Make) -> None:
    topic, subscription = pair()
    with Publisher(topic) as publisher:
        publisher.publish({"symbol": "TCS"}).result(10)
    (received,) = subscriber.pull(subscription=subscription, max_messages=5).received_messages
    assert received.message.data == b'{"symbol":"TCS"}'


def test_schemas_work(emulator: None) -> None:
    schemas = pubsub_v1.SchemaServiceClient()
    avro = '{"type": "record", "name": "Bar", "fields": [{"name": "close", "type": "double"}]}'
    made = schemas.create_schema(parent=PROJECT, schema=Schema(type_="AVRO", definition=avro), schema_id="bars")
    request = {"parent": PROJECT, "name": made.name, "message": b'{"close": 1.5}', "encoding": Encoding.JSON}
    schemas.validate_message(request=request)
    with pytest.raises(exceptions.InvalidArgument):
        schemas.validate_message(request={**request, "message": b"{}"})


def test_first_calls_at_once_wait_for_one_import(address: str) -> None:
    request = b"\n\x15projects/grpc-clients"
    with grpc.insecure_channel(address) as channel:
        services = (
            "run.v2.Services",
            "run.v2.Jobs",
            "run.v2.Revisions",
            "run.v2.Executions",
            "scheduler.v1.CloudScheduler",
        )
        names = {"run.v2.Services": "ListServices", "run.v2.Jobs": "ListJobs", "run.v2.Revisions": "ListRevisions"}
        names |= {"run.v2.Executions": "ListExecutions", "scheduler.v1.CloudScheduler": "ListJobs"}
        asked = [
            channel.unary_unary(f"/google.cloud.{each}/{names[each]}").future(request, timeout=20) for each in services
        ]
        assert {each.code() for each in asked} == {grpc.StatusCode.INVALID_ARGUMENT}  # a parent without a location


def test_long_operations_locations_and_secrets_work(address: str) -> None:
    workflows = _client(workflows_v1.WorkflowsClient, address)
    source = "main:\n  steps:\n  - a:\n      return: 1\n"
    operation = workflows.create_workflow(parent=PLACE, workflow_id="flow", workflow={"source_contents": source})
    assert operation.result(20).name == f"{PLACE}/workflows/flow"
    request = operations_pb2.GetOperationRequest(name=operation.operation.name)
    assert workflows.get_operation(request).done
    assert workflows.get_location(request={"name": PLACE}).location_id == "asia-south1"

    secrets = _client(secretmanager_v1.SecretManagerServiceClient, address)
    made = secrets.create_secret(parent=PROJECT, secret_id="key", secret={"replication": {"automatic": {}}})
    secrets.add_secret_version(parent=made.name, payload={"data": b"\x00\xff"})
    assert secrets.access_secret_version(name=f"{made.name}/versions/latest").payload.data == b"\x00\xff"
    assert not secrets.get_iam_policy(request={"resource": made.name}).bindings


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("some.other.v1.Service/Do", "does not know the gRPC service"),
        ("google.pubsub.v1.Publisher/Nonsense", "does not implement google.pubsub.v1.Publisher/Nonsense"),
        ("google.cloud.datacatalog.v1.PolicyTagManager/GetTaxonomy", "pip install google-cloud-datacatalog"),
    ],
)
def test_what_is_not_served_says_so(address: str, method: str, said: str) -> None:
    with grpc.insecure_channel(address) as channel, pytest.raises(grpc.RpcError) as refused:
        channel.unary_unary(f"/{method}")(b"", timeout=20)
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert said in refused.value.details()


def test_projects_and_triggers_are_read_and_written(address: str) -> None:
    projects = _client(resourcemanager_v3.ProjectsClient, address)
    assert projects.get_project(name=PROJECT).project_id == PROJECT.partition("/")[2]
    policy = projects.get_iam_policy(request={"resource": PROJECT})
    policy.bindings.add(role="roles/viewer", members=["user:ann@example.com"])
    assert projects.set_iam_policy(request={"resource": PROJECT, "policy": policy}).bindings == policy.bindings
    made = projects.create_project(project={"project_id": "grpc-made", "display_name": "Made"}).result(20)
    assert (made.project_id, made.display_name) == ("grpc-made", "Made")

    _client(workflows_v1.WorkflowsClient, address).create_workflow(
        parent=PLACE, workflow_id="told", workflow={"source_contents": "main:\n  steps:\n  - a:\n      return: 1\n"}
    ).result(20)
    triggers = _client(eventarc_v1.EventarcClient, address)
    trigger = {
        "event_filters": [{"attribute": "type", "value": "google.cloud.pubsub.topic.v1.messagePublished"}],
        "destination": {"workflow": f"{PLACE}/workflows/told"},
        "service_account": f"eventarc@{PROJECT.partition('/')[2]}.iam.gserviceaccount.com",
    }
    made = triggers.create_trigger(parent=PLACE, trigger_id="told", trigger=trigger).result(20)
    assert made.transport.pubsub.topic.startswith(f"{PROJECT}/topics/")
    assert [each.name for each in triggers.list_triggers(parent=PLACE)] == [made.name]
    triggers.delete_trigger(name=made.name).result(20)
