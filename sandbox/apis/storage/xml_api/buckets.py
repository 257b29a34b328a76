"""Buckets of the XML API: listed, made, deleted, and what is set of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sandbox.apis.storage import buckets, hmac_keys
from sandbox.apis.storage.xml_api import text
from sandbox.apis.storage.xml_api.objects import as_json
from sandbox.control.context import Call
from sandbox.control.errors import ApiError
from sandbox.control.http import Response
from sandbox.control.projects import number


def _project(call: Call) -> str:
    """The project that a request is for: its header's, or that of the HMAC key by which it is signed."""
    given = call.request.headers.get("x-goog-project-id", "")
    return given or hmac_keys.project_of(call, call.request.headers.get("authorization", ""))


async def list_buckets(call: Call) -> Response:
    """GET of the service. Who is of no project, by an HMAC key that isn't known here, is shown all buckets."""
    project = _project(call)
    wanted = number(call.control.projects.resolve(project, call.control.clock())) if project else ""
    found = [
        {"Name": bucket.name, "CreationDate": bucket.document["timeCreated"]}
        for bucket in call.store.select(buckets.COLLECTION)
        if wanted in ("", bucket.document["projectNumber"])
    ]
    owner = {"ID": wanted} if wanted else {}
    return text.answer("ListAllMyBucketsResult", {"Owner": owner, "Buckets": {"Bucket": found}})


async def create(call: Call) -> Response:
    """PUT of a bucket, with its location and storage class where the body names them."""
    project = _project(call)
    if not project:
        raise ApiError(
            "INVALID_REQUEST",
            "The request names no project: sign it with an HMAC key of the sandbox, or send x-goog-project-id.",
            code=400,
        )
    body: dict[str, Any] = {"name": call.params["bucket"]}
    if call.request.body.strip():
        root = text.read(call.request.body, "CreateBucketConfiguration")
        if place := root.findtext("LocationConstraint"):
            body["location"] = place
        if kind := root.findtext("StorageClass"):
            body["storageClass"] = kind
    query = {**as_json(call, "").request.query, "project": [project]}
    await buckets.insert(replace(call, request=replace(call.request, body=json.dumps(body).encode(), query=query)))
    return Response(200, {"location": f"/{call.params['bucket']}"})


async def head(call: Call) -> Response:
    """HEAD of a bucket."""
    document = buckets.of_path(call).document
    told = {"x-goog-bucket-location": document["location"], "x-goog-storage-class": document["storageClass"]}
    return Response(200, {"content-type": text.TYPE, **told})


async def delete(call: Call) -> Response:
    """DELETE of a bucket that is empty."""
    try:
        return await buckets.delete(call)
    except ApiError as error:
        if error.code == 409:
            raise ApiError("BUCKET_NOT_EMPTY", error.message, code=409) from error
        raise
