"""`CREATE FUNCTION … REMOTE WITH CONNECTION`, which the engine doesn't know: carried out as the request that means it.

By https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language#create_remote_function_statement
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.bigquery.statements import Reader, allowed, carried_out, options, place_of
from sandbox.control.asking import ask
from sandbox.control.context import Control
from sandbox.control.errors import invalid_argument, unimplemented

MEANT = re.compile(r"\bREMOTE\s+WITH\s+CONNECTION\b", re.I)

_OPTIONS = {
    "endpoint": "endpoint",
    "max_batching_rows": "maxBatchingRows",
    "user_defined_context": "userDefinedContext",
}


async def carry_out(control: Control, project: str, query: dict[str, Any]) -> str:
    """Do what a query's statement says, if it is one of these. Returns what the engine is to run, which may be nothing.

    Raises:
        ApiError: as the request that means the same.
    """
    text = str(query.get("query", ""))
    if not MEANT.search(text):
        return text
    reader = Reader(text)
    if not reader.take("CREATE"):
        raise unimplemented("The sandbox makes remote functions only by a statement of its own, not in a script.")
    replace = reader.take("OR", "REPLACE")
    if not reader.take("FUNCTION"):
        raise unimplemented(f"The sandbox does not implement this part of the statement: {reader.rest()[:60]}")
    lenient = reader.take("IF", "NOT", "EXISTS")
    name, document = _read(reader)
    if query.get("dryRun"):
        return carried_out(text)
    owner, dataset, routine = place_of(name, query, project)
    collection = f"/bigquery/v2/projects/{owner}/datasets/{dataset}/routines"
    reference = {"projectId": owner, "datasetId": dataset, "routineId": routine}
    if replace:
        with allowed(404):
            await ask(control, "PUT", f"{collection}/{routine}", document)
            return carried_out(text)
    with allowed(409 if lenient else 0):
        await ask(control, "POST", collection, {**document, "routineReference": reference})
    return carried_out(text)


def _read(reader: Reader) -> tuple[tuple[str, ...], dict[str, Any]]:
    name = reader.name()
    arguments = [_argument(each) for each in reader.parentheses().split(",") if each.strip()]
    returned = reader.word() if reader.take("RETURNS") else ""
    if not reader.take("REMOTE", "WITH", "CONNECTION"):
        raise unimplemented(f"The sandbox does not implement this part of the statement: {reader.rest()[:60]}")
    remote: dict[str, Any] = {"connection": ".".join(reader.name())}
    document: dict[str, Any] = {"routineType": "SCALAR_FUNCTION", "arguments": arguments}
    if returned:
        document["returnType"] = {"typeKind": _kind(returned)}
    for option, value in (options(reader.parentheses()) if reader.take("OPTIONS") else {}).items():
        if option == "description":
            document["description"] = value
        elif option in _OPTIONS:
            remote[_OPTIONS[option]] = _said(option, value)
        else:
            raise unimplemented(f"The sandbox does not implement the option {option} of remote functions.")
    if (not reader.take(";") and not reader.ended()) or reader.rest():
        raise unimplemented("The sandbox makes remote functions only by a statement of its own, not in a script.")
    return name, {**document, "remoteFunctionOptions": remote}


def _argument(text: str) -> dict[str, Any]:
    name, _, kind = text.strip().partition(" ")
    return {"name": name.strip("`"), "dataType": {"typeKind": _kind(kind)}}


def _kind(text: str) -> str:
    word = text.strip().upper()
    return {"INTEGER": "INT64", "BOOLEAN": "BOOL", "DECIMAL": "NUMERIC"}.get(word, word)


def _said(option: str, value: Any) -> Any:
    if option == "max_batching_rows":
        return str(value)
    if option != "user_defined_context":
        return value
    if not isinstance(value, list) or not all(isinstance(each, tuple) and len(each) == 2 for each in value):
        raise invalid_argument("user_defined_context is an array of pairs.", reason="invalidQuery")
    return {str(key): str(said) for key, said in value}
