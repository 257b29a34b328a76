"""A table's rows, as they are now, written to a file of Arrow: what a session of the Storage Read API reads."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pyarrow as pa

from sandbox.runtime.bigquery.arrow import converted
from sandbox.runtime.bigquery.process import is_result


async def snapshot(asked: dict[str, Any], caller: Any, ctx: Any) -> dict[str, Any]:
    """Write the file that is asked for; how many rows each of its batches has, and the bytes of all.

    Args:
        asked: `project`, `dataset` and `table`; the `fields` that are wanted; `restriction`, `sample` (percent) and
            `time` (RFC 3339), each perhaps empty; the `path` of the file and `most`, the bytes of a batch.
        caller: who asks, by whom policies of rows go.
        ctx: the engine.
    """
    names = [field["name"] for field in asked["fields"]]
    if is_result(asked["dataset"], asked["table"]):
        rows = _results(asked["table"]).select(names)
    else:
        executor: Any = import_module("bqemulator.jobs.executor")
        statement = _statement(asked, names)
        rows = await executor._run_single_sql(asked["project"], statement, None, ctx, caller=caller)
    bridge: Any = import_module("bqemulator.storage.arrow_bridge")
    table = converted(rows, asked["fields"], bridge.wkb_to_wkt)
    batches = []
    with pa.OSFile(asked["path"], "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        for batch in _batches(table, asked["most"]):
            writer.write_batch(batch)
            batches.append(batch.num_rows)
        size = sink.tell()
    return {"batches": batches, "bytes": table.nbytes, "file": size}


def results(asked: dict[str, Any]) -> dict[str, Any]:
    """A query's result by its `table`: its schema, and rows from `offset` on, at most `limit`, as REST writes them."""
    executor: Any = import_module("bqemulator.jobs.executor")
    bridge: Any = import_module("bqemulator.storage.arrow_bridge")
    table = _results(asked["table"])
    return {
        "fields": executor.build_response_schema(table.schema),
        "total": table.num_rows,
        "rows": bridge.arrow_table_to_bq_rows(table, asked["offset"], asked["limit"]),
    }


def _statement(asked: dict[str, Any], names: list[str]) -> str:
    columns = ", ".join(f"`{name}`" for name in names)
    text = f"SELECT {columns} FROM `{asked['project']}`.`{asked['dataset']}`.`{asked['table']}`"  # noqa: S608 - checked
    if asked["time"]:
        text += f" FOR SYSTEM_TIME AS OF TIMESTAMP '{asked['time']}'"
    if asked["sample"]:
        text += f" TABLESAMPLE SYSTEM ({asked['sample']} PERCENT)"
    if asked["restriction"]:
        text += f" WHERE (\n{asked['restriction']}\n)"
    return text


def _results(table: str) -> pa.Table:
    for job, rows in import_module("bqemulator.jobs.executor").JOB_RESULTS.items():
        if f"anon{job.replace('-', '')}" == table and rows.num_columns:
            return rows
    raise LookupError(table)


def _batches(table: pa.Table, most: int) -> Iterator[pa.RecordBatch]:
    """Batches that have `most` bytes or little more, each of at least one row."""
    if not table.num_rows:
        return
    each = max(1, table.num_rows * most // max(table.nbytes, 1))
    for batch in table.combine_chunks().to_batches(max_chunksize=each):
        yield from _halves(batch, 2 * most)


def _halves(batch: pa.RecordBatch, most: int) -> Iterator[pa.RecordBatch]:
    if batch.nbytes <= most or batch.num_rows == 1:
        yield batch
        return
    middle = batch.num_rows // 2
    yield from _halves(batch.slice(0, middle), most)
    yield from _halves(batch.slice(middle), most)
