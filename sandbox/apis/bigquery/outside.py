"""BigQuery v2: routines that BigQuery does not carry out itself: remote functions, and procedures for Spark.

A remote function is called here too, at its endpoint, with an ID token of its connection's account. Spark is not run: a
procedure for it is kept and checked, and says so when it is called.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.bigqueryconnection import connections
from sandbox.apis.oauth2 import EMAIL
from sandbox.control.context import Control
from sandbox.control.errors import invalid_argument, not_found, unimplemented
from sandbox.runtime.bigquery import remote

SPARK = ("PYTHON", "JAVA", "SCALA")
_NAME = re.compile(
    r"(?:projects/)?(?P<project>[^/.]+)[/.](?:locations/)?(?P<location>[^/.]+)[/.](?:connections/)?(?P<id>[^/.]+)"
)


def is_outside(document: dict[str, Any]) -> bool:
    """Whether a routine is one of these."""
    return bool(document.get("remoteFunctionOptions") or document.get("sparkOptions"))


def told(control: Control, location: str, document: dict[str, Any]) -> dict[str, Any]:
    """The routine as the engine has it: in SQL, with a body that calls the endpoint, or says that there is no Spark.

    Raises ApiError for what BigQuery refuses of such a routine: 400, and 404 for a connection that isn't there.
    """
    if not document.get("remoteFunctionOptions"):
        _check_spark(document)
        _connection(control, location, document["sparkOptions"], "spark")
        text = "The sandbox does not run Spark: it keeps such procedures, and checks them."
        return {**document, "language": "SQL", "definitionBody": f"BEGIN SELECT ERROR('{text}'); END"}
    _check_remote(document)
    options = document["remoteFunctionOptions"]
    connection = _connection(control, location, options, "cloudResource")
    routine = {
        "endpoint": options["endpoint"],
        "account": connection["cloudResource"]["serviceAccountId"],
        "user": EMAIL,
        "location": location,
        "batch": int(options.get("maxBatchingRows") or 0),
        "context": options.get("userDefinedContext") or {},
    }
    given = document.get("arguments") or []
    if not all(each.get("name") and (each.get("dataType") or {}).get("typeKind") for each in given):
        raise invalid_argument("An argument of a remote function needs a name and a dataType.")
    arguments = [(each["name"], each["dataType"]["typeKind"]) for each in given]
    body = remote.said(routine, arguments, document["returnType"]["typeKind"])
    return {**document, "language": "SQL", "definitionBody": body}


def _check_remote(document: dict[str, Any]) -> None:
    options = document["remoteFunctionOptions"]
    if document["routineType"] != "SCALAR_FUNCTION":
        raise invalid_argument("A remote function is a SCALAR_FUNCTION.")
    if document.get("language"):
        raise invalid_argument("A remote function has no language.")
    if document.get("definitionBody"):
        raise invalid_argument("A remote function has no definition body.")
    if not str(options.get("endpoint", "")).startswith(("https://", "http://")):
        raise invalid_argument(f"Invalid endpoint of a remote function: {options.get('endpoint', '')}")
    kinds = [each.get("dataType", {}).get("typeKind") for each in document.get("arguments") or []]
    for kind in (*kinds, document.get("returnType", {}).get("typeKind")):
        if kind == "BIGNUMERIC":
            raise unimplemented("The sandbox does not implement remote functions of BIGNUMERIC.")
        if kind not in remote.KINDS:
            raise invalid_argument(f"Remote functions don't support the type {kind or '(none)'}.")
    if not re.fullmatch(r"\d{1,18}", str(options.get("maxBatchingRows", "0"))):
        raise invalid_argument(f"Invalid value for maxBatchingRows: {options['maxBatchingRows']}")


def _check_spark(document: dict[str, Any]) -> None:
    options, language = document["sparkOptions"], document.get("language")
    if document["routineType"] != "PROCEDURE":
        raise invalid_argument("Spark options are only allowed for procedures.")
    if language not in SPARK:
        raise invalid_argument(f"A procedure for Spark is in {', '.join(SPARK)}.")
    files = [bool(options.get("mainFileUri")), bool(document.get("definitionBody") or options.get("mainClass"))]
    if sum(files) != 1:
        other = "a definition body" if language == "PYTHON" else "a mainClass"
        raise invalid_argument(f"A procedure for Spark in {language} has either a mainFileUri or {other}.")
    if options.get("mainClass") and language == "PYTHON":
        raise invalid_argument("A procedure for Spark in PYTHON has no mainClass.")
    if document.get("definitionBody") and language != "PYTHON":
        raise invalid_argument(f"A procedure for Spark in {language} has no definition body.")
    if options.get("mainClass") and not options.get("jarUris"):
        raise invalid_argument("A procedure for Spark with a mainClass has jarUris.")


def _connection(control: Control, location: str, options: dict[str, Any], kind: str) -> dict[str, Any]:
    """The connection's document. It is of the routine's location, and of the kind that such a routine needs."""
    name = str(options.get("connection", ""))
    parts = _NAME.fullmatch(name)
    if parts is None:
        raise invalid_argument(f'Invalid connection "{name}": it is PROJECT.LOCATION.CONNECTION.')
    if parts["location"].lower() != location.lower():
        raise invalid_argument(f"The connection {name} is not in the routine's location, {location}.")
    project = control.projects.resolve(parts["project"], control.clock())
    place = f"projects/{project}/locations/{parts['location'].lower()}"
    found = connections.find(control, f"{place}/connections/{parts['id']}")
    if found is None:
        raise not_found(f"Not found: Connection {parts['project']}.{parts['location']}.{parts['id']}")
    if kind not in found.document:
        raise invalid_argument(f"The connection {name} is not of the kind that this routine needs: {kind}.")
    document: dict[str, Any] = found.document
    return document
