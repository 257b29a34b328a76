"""Objects that are made of other objects: copies and compositions."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote

from sandbox.apis.storage import buckets, encryption, object_routes, objects
from sandbox.apis.storage.objects import Objects
from sandbox.apis.storage.preconditions import Preconditions
from sandbox.apis.storage.rows import Object
from sandbox.apis.storage.xml_api import text
from sandbox.apis.storage.xml_api.objects import as_json, check_http, etag, metadata, told
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.http import Response

SOURCE = "x-goog-copy-source"


def _named(headers: Any) -> tuple[str, str, str]:
    """The bucket, name and generation that `x-goog-copy-source` names; S3's tools say `versionId`."""
    path, _, query = headers[SOURCE].partition("?")
    bucket, _, name = unquote(path).lstrip("/").partition("/")
    asked = parse_qs(query)
    generation = asked.get("generation") or asked.get("versionId") or [""]
    return bucket, name, headers.get(f"{SOURCE}-generation") or generation[-1]


def source_of(call: Call) -> Object:
    """The object that is copied. Raises ApiError 404, 412, and 400 for a wrong key."""
    headers = call.request.headers
    bucket, name, generation = _named(headers)
    source = call.control.part(Objects).find(bucket, name, int(generation) if generation.isdigit() else None)
    if source is None:
        raise objects.missing(bucket, name)
    check_http(headers, source, prefix=f"{SOURCE}-")
    Preconditions.of(_source_conditions(headers), "ifSource").check(source.generation, source.metageneration)
    encryption.check_content(source, headers, encryption.SOURCE)
    return source


async def copy(call: Call) -> Response:
    """PUT with `x-goog-copy-source`: metadata is the source's, or by its directive the request's."""
    headers = call.request.headers
    bucket, name, generation = _named(headers)
    directive = headers.get("x-goog-metadata-directive", "COPY").upper()
    if directive not in ("COPY", "REPLACE"):
        raise invalid_argument(f"Invalid x-goog-metadata-directive: '{directive}'")
    target = (call.params["bucket"], call.params["object"])
    if target == (bucket, name) and directive == "COPY" and not generation:
        raise ApiError("INVALID_REQUEST", "A copy of an object to itself must replace its metadata.", code=400)
    source = source_of(call)
    asked = as_json(call, name, "destinationPredefinedAcl")
    query_ = {**asked.request.query, **_source_conditions(headers)}
    if generation:
        query_["sourceGeneration"] = [generation]
    body = json.dumps(_fields(headers, directive, source)).encode()
    asked = replace(
        asked,
        request=replace(asked.request, body=body, query=query_),
        params={"bucket": bucket, "object": name, "target_bucket": target[0], "target": target[1]},
    )
    _, made = await object_routes.copied(asked)
    return text.answer("CopyObjectResult", {"LastModified": made.document["updated"], "ETag": etag(made)}, told(made))


def _fields(headers: Any, directive: str, source: Object) -> dict[str, Any]:
    """What a copy is given; nothing is all that the source has. A storage class is the request's either way."""
    given = metadata(headers)
    if directive == "REPLACE":
        return {"metadata": {}, **given}
    if "storageClass" not in given:
        return {}
    kept = {key: source.document[key] for key in objects.WRITABLE if key in source.document and key != "kmsKeyName"}
    return {**kept, "storageClass": given["storageClass"]}


def _source_conditions(headers: Any) -> dict[str, list[str]]:
    known = {"generation": "ifSourceGenerationMatch", "metageneration": "ifSourceMetagenerationMatch"}
    return {
        name: [headers[header]] for kind, name in known.items() if (header := f"{SOURCE}-if-{kind}-match") in headers
    }


async def compose(call: Call) -> Response:
    """PUT with `compose`: the objects that a ComposeRequest names, one after the other."""
    root = text.read(call.request.body, "ComposeRequest")
    sources = []
    for component in root.findall("Component"):
        source: dict[str, Any] = {"name": component.findtext("Name", "")}
        if generation := component.findtext("Generation"):
            source["generation"] = generation
        if wanted := component.findtext("IfGenerationMatch"):
            source["objectPreconditions"] = {"ifGenerationMatch": wanted}
        sources.append(source)
    body = {"sourceObjects": sources, "destination": metadata(call.request.headers)}
    asked = as_json(call, call.params["object"], "destinationPredefinedAcl")
    await object_routes.compose(replace(asked, request=replace(asked.request, body=json.dumps(body).encode())))
    made = call.control.part(Objects).find(buckets.of_path(call).name, call.params["object"])
    return Response(200, told(made) if made is not None else {})
