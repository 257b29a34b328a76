"""Where the engine is asked for what the Storage API needs of it: a table's rows in a file, streams and their rows.

The sandbox alone asks: it has checked what it asks for, in a line of JSON, rows of Arrow behind it. Answers are JSON,
and errors have the form of BigQuery's.
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from sandbox.runtime.bigquery import partition, storage_reads
from sandbox.runtime.bigquery.application import on_application
from sandbox.runtime.bigquery.jobs import listed, rename, write_text
from sandbox.runtime.bigquery.process import STORAGE
from sandbox.runtime.bigquery.sizes import size
from sandbox.runtime.bigquery.streams import StreamError, Streams


def add_storage() -> None:
    """Let the engine answer below `/storage`."""
    on_application(_routes)


def _routes(app: Any, ctx: Any) -> None:
    import duckdb
    from bqemulator.row_access.identity import resolve_caller_from_headers
    from starlette.requests import Request
    from starlette.responses import JSONResponse

    streams = Streams(ctx)

    async def storage(request: Request) -> JSONResponse:
        head, _, data = (await request.body()).partition(b"\n")
        asked = json.loads(head)
        verb = request.path_params["verb"]
        try:
            if verb == "read":
                caller = resolve_caller_from_headers(request.headers)
                answer = await storage_reads.snapshot(asked, caller, ctx)
            elif verb == "results":
                answer = storage_reads.results(asked)
            elif verb == "jobs":
                answer = listed(asked, ctx)
            elif verb == "written":
                answer = write_text(asked, ctx)
            elif verb == "renamed":
                answer = rename(asked, ctx)
            elif verb == "size":
                answer = size(asked, ctx)
            elif verb == "partition":
                answer = partition.rows(asked, ctx)
            elif verb == "delete":
                answer = await partition.delete(asked, ctx)
            elif verb == "append":
                rows = pa.ipc.open_stream(data).read_all()
                answer = await streams.append(asked, rows)
            elif verb == "create":
                answer = await streams.create(asked)
            elif verb == "find":
                answer = streams.find(asked["name"]).document()
            elif verb == "finalize":
                answer = await streams.finalize(asked["name"])
            elif verb == "flush":
                answer = await streams.flush(asked["name"], asked["offset"])
            else:
                place = (asked["project"], asked["dataset"], asked["table"])
                answer = await streams.commit(place, asked["streams"], asked["now"])
        except StreamError as error:
            return JSONResponse(_refusal(error.message, error.status, error.code), 400)
        except LookupError:
            return JSONResponse(_refusal("Not found: the result of a query", "NOT_FOUND", "TABLE_NOT_FOUND"), 400)
        except ValueError as error:
            return JSONResponse(_refusal(str(error), "INVALID_ARGUMENT", ""), 400)
        except duckdb.Error as error:
            return JSONResponse(_refusal(str(error).split("\n")[0], "INVALID_ARGUMENT", ""), 400)
        return JSONResponse(answer)

    app.add_route(f"{STORAGE}/{{verb}}", storage, methods=["POST"])


def _refusal(message: str, status: str, storage: str) -> dict[str, Any]:
    errors = [{"reason": "invalid", "message": message}]
    return {"error": {"code": 400, "message": message, "errors": errors, "status": status, "storage": storage}}
