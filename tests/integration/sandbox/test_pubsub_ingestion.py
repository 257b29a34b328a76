"""Topics that are filled from buckets."""

from __future__ import annotations

import base64
from typing import Any

from tests.integration.sandbox.test_pubsub_exports import made
from tests.integration.sandbox_process import Sandbox
from tests.support.waiting import eventually

P = "/pubsub/v1/projects/ingestion"


def upload(sandbox: Sandbox, bucket: str, name: str, content: bytes) -> None:
    path = f"/upload/storage/v1/b/{bucket}/o?uploadType=media&name={name}"
    response = sandbox.request("POST", path, body=content, headers={"content-type": "text/plain"})
    assert response.status == 200, response.body


def filled(sandbox: Sandbox, name: str, settings: dict[str, Any]) -> None:
    source = {"bucket": "ingestion-raw", "textFormat": {}, **settings}
    made(sandbox, "PUT", f"{P}/topics/{name}", {"ingestionDataSourceSettings": {"cloudStorage": source}})
    made(sandbox, "PUT", f"{P}/subscriptions/{name}", {"topic": f"projects/ingestion/topics/{name}"})


def pulled(sandbox: Sandbox, name: str) -> list[bytes]:
    answer = made(sandbox, "POST", f"{P}/subscriptions/{name}:pull", {"maxMessages": 100, "returnImmediately": True})
    return [base64.b64decode(one["message"]["data"]) for one in answer.get("receivedMessages", [])]


def test_new_objects_become_messages_each_once(sandbox: Sandbox) -> None:
    made(sandbox, "POST", "/storage/v1/b?project=ingestion", {"name": "ingestion-raw"})
    filled(sandbox, "lines", {"matchGlob": "ticks/**.txt", "textFormat": {"delimiter": ";"}})
    upload(sandbox, "ingestion-raw", "other.txt", b"never")
    upload(sandbox, "ingestion-raw", "ticks/2026/a.txt", b"one;two;")
    assert eventually(lambda: pulled(sandbox, "lines")) == [b"one", b"two"]
    # A change looks into the bucket again, and takes nothing twice.
    body = {"topic": {"messageRetentionDuration": "600s"}, "updateMask": "messageRetentionDuration"}
    made(sandbox, "PATCH", f"{P}/topics/lines", body)
    upload(sandbox, "ingestion-raw", "ticks/b.txt", b"three")
    assert eventually(lambda: pulled(sandbox, "lines")) == [b"three"]


def test_what_cannot_be_read_is_refused(sandbox: Sandbox) -> None:
    for settings, status in (
        ({"awsKinesis": {"streamArn": "x"}}, 501),
        ({"cloudStorage": {"bucket": "ingestion-gone", "textFormat": {}}}, 404),
        ({"cloudStorage": {"bucket": "ingestion-raw"}}, 400),
        ({"cloudStorage": {"bucket": "ingestion-raw", "avroFormat": {}}}, 501),
    ):
        answer = sandbox.request("PUT", f"{P}/topics/refused", {"ingestionDataSourceSettings": settings})
        assert answer.status == status, answer.body
