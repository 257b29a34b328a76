"""google-cloud-pubsub over REST, unchanged, against the sandbox."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.protobuf import duration_pb2, field_mask_pb2
from google.pubsub_v1.services.publisher import PublisherClient
from google.pubsub_v1.services.schema_service import SchemaServiceClient
from google.pubsub_v1.services.subscriber import SubscriberClient
from google.pubsub_v1.types import Encoding, Schema

from tests.integration.sandbox_process import Sandbox

PROJECT = "projects/pubsub-client"
AVRO = json.dumps({"type": "record", "name": "Bar", "fields": [{"name": "close", "type": "double"}]})


def _client(kind: Any, sandbox: Sandbox) -> Any:
    return kind(credentials=AnonymousCredentials(), transport="rest", client_options={"api_endpoint": sandbox.url})


@pytest.fixture(scope="module")
def publisher(sandbox: Sandbox) -> Any:
    return _client(PublisherClient, sandbox)


@pytest.fixture(scope="module")
def subscriber(sandbox: Sandbox) -> Any:
    return _client(SubscriberClient, sandbox)


@pytest.fixture(scope="module")
def schemas(sandbox: Sandbox) -> Any:
    return _client(SchemaServiceClient, sandbox)


Make = Callable[..., tuple[str, str]]


@pytest.fixture
def pair(publisher: Any, subscriber: Any, request: pytest.FixtureRequest) -> Iterator[Make]:
    made: list[tuple[str, str]] = []

    def make(**settings: Any) -> tuple[str, str]:
        number = len(made)
        stem = request.node.name.replace("[", "-").replace("]", "")[:200]
        topic, subscription = f"{PROJECT}/topics/{stem}-{number}", f"{PROJECT}/subscriptions/{stem}-{number}"
        publisher.create_topic(name=topic)
        subscriber.create_subscription(request={"name": subscription, "topic": topic, **settings})
        made.append((topic, subscription))
        return topic, subscription

    yield make
    for topic, subscription in made:
        subscriber.delete_subscription(subscription=subscription)
        publisher.delete_topic(topic=topic)


def _pull(subscriber: Any, subscription: str, most: int = 100) -> list[Any]:
    answer = subscriber.pull(request={"subscription": subscription, "max_messages": most, "return_immediately": True})
    return list(answer.received_messages)


def test_new_subscription_has_googles_defaults(subscriber: Any, pair: Make) -> None:
    _, name = pair()
    seen = subscriber.get_subscription(subscription=name)
    assert seen.ack_deadline_seconds == 10
    assert seen.message_retention_duration.total_seconds() == 604800
    assert seen.expiration_policy.ttl.total_seconds() == 2678400
    assert seen.state == seen.State.ACTIVE


def test_publish_pull_acknowledge(publisher: Any, subscriber: Any, pair: Make) -> None:
    topic, name = pair()
    messages = [{"data": b"one", "attributes": {"k": "v"}}, {"data": b"two"}]
    ids = list(publisher.publish(topic=topic, messages=messages).message_ids)
    received = _pull(subscriber, name)
    assert [each.message.message_id for each in received] == ids
    assert (received[0].message.data, dict(received[0].message.attributes)) == (b"one", {"k": "v"})
    assert _pull(subscriber, name) == []
    subscriber.acknowledge(subscription=name, ack_ids=[received[0].ack_id])
    subscriber.modify_ack_deadline(subscription=name, ack_ids=[received[1].ack_id], ack_deadline_seconds=0)
    assert [each.message.data for each in _pull(subscriber, name)] == [b"two"]


def test_pull_waits_for_a_message(publisher: Any, subscriber: Any, pair: Make) -> None:
    topic, name = pair()
    timer = threading.Timer(0.2, lambda: publisher.publish(topic=topic, messages=[{"data": b"late"}]))
    timer.start()
    answer = subscriber.pull(request={"subscription": name, "max_messages": 1})
    timer.join()
    assert [each.message.data for each in answer.received_messages] == [b"late"]


def test_ordering_keys_hold_back_later_messages(publisher: Any, subscriber: Any, pair: Make) -> None:
    topic, name = pair(enable_message_ordering=True)
    messages = [{"data": data, "ordering_key": key} for data, key in ((b"1", "a"), (b"2", "a"), (b"3", "b"))]
    publisher.publish(topic=topic, messages=messages)
    first = _pull(subscriber, name, 1)
    assert [each.message.data for each in first] == [b"1"]
    assert [each.message.data for each in _pull(subscriber, name)] == [b"3"]
    subscriber.modify_ack_deadline(subscription=name, ack_ids=[first[0].ack_id], ack_deadline_seconds=0)
    assert [each.message.data for each in _pull(subscriber, name)] == [b"1", b"2"]


def test_filter_takes_only_matching_messages(publisher: Any, subscriber: Any, pair: Make) -> None:
    topic, name = pair(filter='hasPrefix(attributes.symbol, "TC") AND NOT attributes:skip')
    for attributes in ({"symbol": "TCS"}, {"symbol": "INFY"}, {"symbol": "TCS", "skip": ""}):
        publisher.publish(topic=topic, messages=[{"attributes": attributes}])
    assert [dict(each.message.attributes) for each in _pull(subscriber, name)] == [{"symbol": "TCS"}]


def test_dead_letters_after_the_last_attempt(publisher: Any, subscriber: Any, pair: Make) -> None:
    dead_topic, dead = pair()
    topic, name = pair(dead_letter_policy={"dead_letter_topic": dead_topic, "max_delivery_attempts": 5})
    publisher.publish(topic=topic, messages=[{"data": b"poison"}])
    for attempt in range(1, 6):
        (received,) = _pull(subscriber, name)
        assert received.delivery_attempt == attempt
        subscriber.modify_ack_deadline(subscription=name, ack_ids=[received.ack_id], ack_deadline_seconds=0)
    assert _pull(subscriber, name) == []
    (buried,) = _pull(subscriber, dead)
    assert buried.message.data == b"poison"
    assert buried.message.attributes["CloudPubSubDeadLetterSourceDeliveryCount"] == "5"
    assert buried.message.attributes["CloudPubSubDeadLetterSourceSubscription"] == name.rpartition("/")[2]


def test_update_by_mask_and_refusal_of_what_is_fixed(subscriber: Any, pair: Make) -> None:
    _, name = pair(labels={"a": "b"})
    change = {"name": name, "ack_deadline_seconds": 60, "labels": {}}
    mask = field_mask_pb2.FieldMask(paths=["ack_deadline_seconds", "labels"])
    updated = subscriber.update_subscription(request={"subscription": change, "update_mask": mask})
    assert (updated.ack_deadline_seconds, dict(updated.labels)) == (60, {})
    fixed = field_mask_pb2.FieldMask(paths=["filter"])
    with pytest.raises(exceptions.BadRequest):
        subscriber.update_subscription(
            request={"subscription": {"name": name, "filter": "attributes:x"}, "update_mask": fixed}
        )


def test_deleting_a_topic_orphans_its_subscription_and_drops_its_grants(publisher: Any, subscriber: Any) -> None:
    topic, name = f"{PROJECT}/topics/goes", f"{PROJECT}/subscriptions/stays"
    publisher.create_topic(name=topic)
    subscriber.create_subscription(request={"name": name, "topic": topic})
    binding = {"role": "roles/pubsub.publisher", "members": ["user:a@example.com"]}
    publisher.set_iam_policy(request={"resource": topic, "policy": {"bindings": [binding]}})
    publisher.delete_topic(topic=topic)
    assert subscriber.get_subscription(subscription=name).topic == "_deleted-topic_"
    publisher.create_topic(name=topic)
    assert not publisher.get_iam_policy(request={"resource": topic}).bindings
    assert list(publisher.list_topic_subscriptions(topic=topic)) == []
    publisher.delete_topic(topic=topic)
    subscriber.delete_subscription(subscription=name)


def test_lists_come_in_pages(publisher: Any) -> None:
    names = [f"projects/pubsub-pages/topics/t{number:02}x" for number in range(5)]
    for name in names:
        publisher.create_topic(name=name)
    found = publisher.list_topics(request={"project": "projects/pubsub-pages", "page_size": 2})
    assert [topic.name for topic in found] == names


@pytest.mark.parametrize("topic", ["ab", "goog-topic", "1abc", "a" * 256])
def test_ids_google_refuses_are_refused(publisher: Any, topic: str) -> None:
    with pytest.raises(exceptions.BadRequest):
        publisher.create_topic(name=f"{PROJECT}/topics/{topic}")


def test_what_is_not_served_says_so(sandbox: Sandbox, pair: Make) -> None:
    topic, _ = pair()
    body = {"topic": topic, "messageTransforms": [{"aiInference": {"endpoint": "e"}}]}
    answer = sandbox.request("PUT", f"/v1/{PROJECT}/subscriptions/inferred", body)
    assert (answer.status, answer.json()["error"]["status"]) == (501, "UNIMPLEMENTED")


def test_topic_schema_refuses_messages_that_do_not_fit(publisher: Any, schemas: Any) -> None:
    schema = schemas.create_schema(
        parent=PROJECT, schema=Schema(type_=Schema.Type.AVRO, definition=AVRO), schema_id="bar"
    )
    topic = f"{PROJECT}/topics/with-schema"
    publisher.create_topic(
        request={"name": topic, "schema_settings": {"schema": schema.name, "encoding": Encoding.JSON}}
    )
    publisher.publish(topic=topic, messages=[{"data": b'{"close": 1.5}'}])
    with pytest.raises(exceptions.BadRequest):
        publisher.publish(topic=topic, messages=[{"data": b'{"close": "high"}'}])
    wider = AVRO.replace('"double"', '["null", "double"]')
    second = schemas.commit_schema(
        name=schema.name, schema=Schema(name=schema.name, type_=Schema.Type.AVRO, definition=wider)
    )
    assert second.revision_id != schema.revision_id
    publisher.publish(topic=topic, messages=[{"data": b'{"close": null}'}])
    assert len(list(schemas.list_schema_revisions(name=schema.name))) == 2
    schemas.delete_schema(name=schema.name)
    assert publisher.get_topic(topic=topic).schema_settings.schema == "_deleted-schema_"
    publisher.delete_topic(topic=topic)


def test_push_delivers_the_envelope_and_retries(publisher: Any, subscriber: Any, pair: Make) -> None:
    seen: list[tuple[dict[str, Any], str]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            seen.append((body, self.headers.get("authorization", "")))
            self.send_response(500 if len(seen) == 1 else 204)
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_port}/hook"
    token = {"service_account_email": "push@example.com"}
    topic, name = pair(
        push_config={"push_endpoint": endpoint, "oidc_token": token},
        retry_policy={"minimum_backoff": duration_pb2.Duration(nanos=100_000_000)},
    )
    (identity,) = publisher.publish(topic=topic, messages=[{"data": b"hi", "attributes": {"k": "v"}}]).message_ids
    until = time.monotonic() + 20
    while len(seen) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    server.shutdown()
    body, authorization = seen[1]
    assert body["subscription"] == name
    assert (body["message"]["data"], body["message"]["messageId"]) == ("aGk=", identity)
    assert body["message"]["attributes"] == {"k": "v"}
    assert authorization.startswith("Bearer ")


def test_bigquery_subscription_writes_rows(sandbox: Sandbox, publisher: Any, pair: Make) -> None:
    datasets = "/bigquery/v2/projects/pubsub-client/datasets"
    reference = {"projectId": "pubsub-client", "datasetId": "sink"}
    assert sandbox.request("POST", datasets, {"datasetReference": reference}).status == 200
    table = {
        "tableReference": {**reference, "tableId": "raw"},
        "schema": {"fields": [{"name": "data", "type": "STRING"}]},
    }
    assert sandbox.request("POST", f"{datasets}/sink/tables", table).status == 200
    topic, _ = pair(bigquery_config={"table": "pubsub-client.sink.raw"})
    publisher.publish(topic=topic, messages=[{"data": b"row"}])
    until = time.monotonic() + 20
    rows: list[Any] = []
    while not rows and time.monotonic() < until:
        rows = sandbox.get(f"{datasets}/sink/tables/raw/data").get("rows", [])
    assert [row["f"][0]["v"] for row in rows] == ["row"]
