"""Subscriptions that Pub/Sub itself writes: rows by a schema, and objects."""

from __future__ import annotations

import base64
import io
import json
from decimal import Decimal
from typing import Any

import fastavro
import pytest

from tests.integration.sandbox_process import Sandbox
from tests.support.waiting import eventually

P = "/pubsub/v1/projects/exports"
TICK = {
    "type": "record",
    "name": "Tick",
    "fields": [
        {"name": "symbol", "type": "string"},
        {"name": "price", "type": "string"},
        {"name": "bid", "type": ["null", "string"], "default": None},
    ],
}
MOST = 1000


def made(sandbox: Sandbox, method: str, path: str, document: Any) -> Any:
    response = sandbox.request(method, path, document)
    assert response.status == 200, response.body
    return response.json()


def publish(sandbox: Sandbox, topic: str, *messages: bytes) -> None:
    encoded = [{"data": base64.b64encode(each).decode(), "attributes": {"k": "v"}} for each in messages]
    made(sandbox, "POST", f"{P}/topics/{topic}:publish", {"messages": encoded})


@pytest.fixture(scope="module")
def ticks(sandbox: Sandbox) -> str:
    definition = {"type": "AVRO", "definition": json.dumps(TICK)}
    made(sandbox, "POST", f"{P}/schemas?schemaId=tick", definition)
    settings = {"schemaSettings": {"schema": "projects/exports/schemas/tick", "encoding": "JSON"}}
    made(sandbox, "PUT", f"{P}/topics/ticks", settings)
    return "projects/exports/topics/ticks"


@pytest.fixture(scope="module")
def bucket(sandbox: Sandbox) -> str:
    made(sandbox, "POST", "/storage/v1/b?project=exports", {"name": "exports-archive"})
    return "exports-archive"


def test_fields_of_the_topic_s_schema_become_columns(sandbox: Sandbox, ticks: str) -> None:
    datasets = "/bigquery/v2/projects/exports/datasets"
    made(sandbox, "POST", datasets, {"datasetReference": {"projectId": "exports", "datasetId": "d"}})
    columns = [
        {"name": "symbol", "type": "STRING", "mode": "REQUIRED"},
        {"name": "price", "type": "NUMERIC"},
        {"name": "bid", "type": "NUMERIC"},
        {"name": "note", "type": "STRING"},
    ]
    reference = {"projectId": "exports", "datasetId": "d", "tableId": "ticks"}
    made(sandbox, "POST", f"{datasets}/d/tables", {"tableReference": reference, "schema": {"fields": columns}})
    config = {"table": "exports.d.ticks", "useTopicSchema": True}
    made(sandbox, "PUT", f"{P}/subscriptions/rows", {"topic": ticks, "bigqueryConfig": config})
    publish(sandbox, "ticks", b'{"symbol": "TCS", "price": "3500.05", "bid": {"string": "3500"}}')
    publish(sandbox, "ticks", b'{"symbol": "INFY", "price": "1500", "bid": null}')
    data = f"{datasets}/d/tables/ticks/data"
    rows = eventually(lambda: found if len(found := sandbox.get(data).get("rows", [])) == 2 else [])
    found = {
        symbol["v"]: (Decimal(price["v"]), bid["v"] and Decimal(bid["v"]), note["v"])
        for symbol, price, bid, note in (row["f"] for row in rows)
    }
    assert found == {"INFY": (1500, None, None), "TCS": (Decimal("3500.05"), 3500, None)}


def objects(sandbox: Sandbox, bucket: str, prefix: str) -> list[Any]:
    return list(sandbox.get(f"/storage/v1/b/{bucket}/o?prefix={prefix}").get("items", []))


def content(sandbox: Sandbox, bucket: str, name: str) -> bytes:
    path = f"/storage/v1/b/{bucket}/o/{name.replace('/', '%2F').replace('+', '%2B')}?alt=media"
    return bytes(sandbox.request("GET", path).body)


def test_messages_become_an_object_of_lines_once_it_is_full(sandbox: Sandbox, bucket: str) -> None:
    made(sandbox, "PUT", f"{P}/topics/lines", {})
    config = {"bucket": bucket, "filenamePrefix": "lines/", "filenameSuffix": ".txt", "maxMessages": MOST}
    name = f"{P}/subscriptions/lines"
    found = made(sandbox, "PUT", name, {"topic": "projects/exports/topics/lines", "cloudStorageConfig": config})
    shown = found["cloudStorageConfig"]
    assert (shown["textConfig"], shown["maxDuration"], shown["state"]) == ({}, "300s", "ACTIVE")
    publish(sandbox, "lines", *(b"%d" % number for number in range(MOST)))
    (written,) = eventually(lambda: objects(sandbox, bucket, "lines/"))
    assert written["name"].endswith(".txt")
    assert content(sandbox, bucket, written["name"]).splitlines() == [b"%d" % number for number in range(MOST)]
    assert sandbox.request("POST", f"{name}:pull", {"maxMessages": 1}).status == 400


@pytest.mark.parametrize("how", ["writeMetadata", "useTopicSchema", "dataAlone"])
def test_messages_become_an_avro_file(sandbox: Sandbox, bucket: str, ticks: str, how: str) -> None:
    avro = {} if how == "dataAlone" else {how: True}
    prefix = f"{how.lower()}/"
    config = {"bucket": bucket, "filenamePrefix": prefix, "maxBytes": "1000", "avroConfig": avro}
    made(sandbox, "PUT", f"{P}/subscriptions/avro-{how}", {"topic": ticks, "cloudStorageConfig": config})
    messages = [b'{"symbol": "TCS", "price": "%d", "bid": null}' % number for number in range(100)]
    publish(sandbox, "ticks", *messages)
    (written, *_) = eventually(lambda: objects(sandbox, bucket, prefix))
    records: list[Any] = list(fastavro.reader(io.BytesIO(content(sandbox, bucket, written["name"]))))
    assert len(records) == 100
    if how == "useTopicSchema":
        assert records[7] == {"symbol": "TCS", "price": "7", "bid": None}
    else:
        assert records[7]["data"] == messages[7]
    if how == "writeMetadata":
        assert records[7]["attributes"] == {"k": "v"}


@pytest.mark.parametrize(
    ("config", "status"),
    [
        ({"bucket": "no-such-bucket"}, 404),
        ({"bucket": "exports-archive", "maxDuration": "5s"}, 400),
        ({"bucket": "exports-archive", "maxBytes": "1"}, 400),
        ({"bucket": "exports-archive", "filenameSuffix": "x/"}, 400),
        ({"bucket": "exports-archive", "avroConfig": {"useTopicSchema": True, "writeMetadata": True}}, 501),
    ],
)
def test_what_google_refuses_is_refused(
    sandbox: Sandbox, bucket: str, ticks: str, config: dict[str, Any], status: int
) -> None:
    document = {"topic": ticks, "cloudStorageConfig": config}
    assert sandbox.request("PUT", f"{P}/subscriptions/refused", document).status == status


UPPER = {"functionName": "upper", "code": "function upper(message, metadata) { return message; }"}


@pytest.mark.parametrize("kind", ["topics", "subscriptions"])
def test_transforms_are_kept_and_nothing_is_published_through_them(sandbox: Sandbox, kind: str) -> None:
    topic = f"{P}/topics/through-{kind}"
    made(sandbox, "PUT", topic, {})
    thing = topic if kind == "topics" else f"{P}/subscriptions/through"
    if kind == "subscriptions":
        made(sandbox, "PUT", thing, {"topic": topic.removeprefix("/pubsub/v1/")})
    noun = kind.removesuffix("s")
    for disabled, status in ((False, 501), (True, 200)):
        changed = {noun: {"messageTransforms": [{"javascriptUdf": UPPER, "disabled": disabled}]}}
        made(sandbox, "PATCH", f"{thing}?updateMask=messageTransforms", changed)
        assert sandbox.get(thing)["messageTransforms"][0]["javascriptUdf"] == UPPER
        assert sandbox.request("POST", f"{topic}:publish", {"messages": [{"data": "eA=="}]}).status == status
    wrong = {noun: {"messageTransforms": [{"javascriptUdf": {**UPPER, "functionName": "lower"}}]}}
    assert sandbox.request("PATCH", f"{thing}?updateMask=messageTransforms", wrong).status == 400
