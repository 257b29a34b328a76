"""Remote functions: rows are sent to an HTTP endpoint, a batch at a time, as BigQuery sends them.

A remote function is a function in SQL here whose body calls one of ours with what its routine says and with
a JSON array of each row's arguments. By https://cloud.google.com/bigquery/docs/remote-functions#input_format
"""

from __future__ import annotations

import base64
import json
import os
import uuid
from datetime import time
from functools import partial
from importlib import import_module
from time import sleep
from time import time as now
from typing import Any

from sandbox.control.id_token import unsigned
from sandbox.runtime.bigquery.stops import running_job

# Types of replies, by what DuckDB and Arrow call them. A text is read by Arrow: a cast in SQL may look at it twice, and
# each look would be a call.
KINDS = {
    "BOOL": ("BOOLEAN", ("bool_",)),
    "INT64": ("BIGINT", ("int64",)),
    "FLOAT64": ("DOUBLE", ("float64",)),
    "NUMERIC": ("DECIMAL(38, 9)", ("decimal128", 38, 9)),
    "STRING": ("VARCHAR", ("string",)),
    "BYTES": ("BLOB", ("binary",)),
    "DATE": ("DATE", ("date32",)),
    "DATETIME": ("TIMESTAMP", ("timestamp", "us")),
    "TIME": ("TIME", ("time64", "us")),
    "TIMESTAMP": ("TIMESTAMPTZ", ("timestamp", "us", "UTC")),
    "JSON": ("VARCHAR", ("string",)),
}
_NAME = "bq_remote_"
_RETRIED = frozenset({408, 429, 500, 503, 504})  # of which BigQuery says that it sends them again
_TRIES = 3
_FIRST_WAIT = 0.1  # seconds
_TIMEOUT = 60.0  # seconds that an endpoint may take for a batch


def add_remote(connection: Any) -> None:
    """Let a database call remote functions."""
    for kind, (gives, _) in KINDS.items():
        connection.create_function(
            _NAME + kind,
            partial(_called, kind),
            ["VARCHAR", "VARCHAR"],
            gives,
            type="arrow",
            null_handling="special",
            side_effects=True,
        )


def said(routine: dict[str, Any], arguments: list[tuple[str, str]], returns: str) -> str:
    """The body of a remote function, in GoogleSQL.

    Args:
        routine: `endpoint`, `account`, `user`, `location`, and where there are, `batch` (its most rows) and `context`.
        arguments: names and types.
        returns: the type.

    >>> print(said({"endpoint": "https://f"}, [("n", "INT64")], "BYTES"))
    bq_remote_BYTES('{"endpoint": "https://f"}', CONCAT('[', TO_JSON_STRING(CAST(n AS INT64)), ']'))
    """
    # A cast to BYTES would encode a text, which a value of that type isn't.
    values = [name if kind == "BYTES" else f"CAST({name} AS {kind})" for name, kind in arguments]
    texts = [f"TO_JSON_STRING({value})" for value in values]
    row = ", ".join(["'['", ", ', ', ".join(texts), "']'"] if texts else ["'[]'"])
    called = f"{_NAME}{returns}({_literal(json.dumps(routine))}, CONCAT({row}))"
    return f"PARSE_JSON({called})" if returns == "JSON" else called


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _called(kind: str, routines: Any, arguments: Any) -> Any:
    """The replies to a vector of rows. They are all of one routine, which is a constant of the function's body."""
    rows = arguments.to_pylist()
    routine = json.loads(routines[0].as_py())
    most = routine.get("batch") or len(rows)
    batches = [rows[start : start + most] for start in range(0, len(rows), most)]
    address = _here(routine["endpoint"])
    return _read(kind, [reply for batch in batches for reply in _replies(routine, address, batch)])


def _read(kind: str, replies: list[Any]) -> Any:
    """Values of JSON as those of a type, which texts are too.

    >>> _read("INT64", [1, "2", None]).to_pylist()
    [1, 2, None]
    """
    arrow = import_module("pyarrow")
    try:
        if kind == "BYTES":
            found = [None if each is None else base64.b64decode(each, validate=True) for each in replies]
            return arrow.array(found, "binary")
        if kind == "TIME":
            return arrow.array([None if each is None else time.fromisoformat(each) for each in replies], "time64[us]")
        plain = [each if isinstance(each, str) and kind != "JSON" else _text(each) for each in replies]
        made, *how = KINDS[kind][1]
        return arrow.array(plain, "string").cast(getattr(arrow, str(made))(*how))
    except (ValueError, TypeError) as error:
        raise ValueError(f"The remote function gave what is no {kind}: {error}") from None


def _text(value: Any) -> str | None:
    return None if value is None else json.dumps(value)


def _replies(routine: dict[str, Any], address: str, batch: list[str]) -> list[Any]:
    project, _, job = running_job().partition(":")
    asked = {
        "requestId": str(uuid.uuid4()),
        "caller": f"//bigquery.googleapis.com/projects/{project}/jobs/{project}:{routine['location']}.{job}",
        "sessionUser": routine["user"],
        **({"userDefinedContext": routine["context"]} if routine.get("context") else {}),
    }
    content = json.dumps(asked)[:-1] + f', "calls": [{", ".join(batch)}]}}'
    answer = _posted(address, content, unsigned(routine["account"], routine["endpoint"], now()))
    found, where = _document(answer), routine["endpoint"]
    if answer.status_code != 200 or "errorMessage" in found:
        said = f" with error message: {found['errorMessage']}" if found.get("errorMessage") else ""
        raise ValueError(f"Received response code {answer.status_code} from endpoint {where}{said}")
    replies = found.get("replies")
    if not isinstance(replies, list) or len(replies) != len(batch):
        count = len(replies) if isinstance(replies, list) else "no"
        raise ValueError(f"The remote function's endpoint {where} gave {count} replies to {len(batch)} calls.")
    return replies


def _here(url: str) -> str:
    """Where an endpoint is on this machine, if it is one of Google Cloud's; only the sandbox knows."""
    sandbox = os.environ.get("SANDBOX_URL")
    if sandbox is None or not url.startswith("https://"):
        return url
    answer = import_module("httpx").get(f"{sandbox}/sandbox/where", params={"url": url}, trust_env=False)
    if answer.status_code != 200:
        raise ValueError(f"The remote function's endpoint {url}: {answer.json()['error']['message']}")
    return str(answer.json()["url"])


def _posted(url: str, content: str, token: str) -> Any:
    httpx = import_module("httpx")
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    with httpx.Client(trust_env=False, timeout=_TIMEOUT) as client:
        for attempt in range(_TRIES):
            try:
                answer = client.post(url, content=content, headers=headers)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                if attempt == _TRIES - 1:
                    said = f"{type(error).__name__}: {error}"
                    raise ValueError(f"The remote function's endpoint {url} could not be reached: {said}") from None
            else:
                if answer.status_code not in _RETRIED or attempt == _TRIES - 1:
                    return answer
            sleep(_FIRST_WAIT * 2**attempt)
    raise AssertionError


def _document(answer: Any) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
