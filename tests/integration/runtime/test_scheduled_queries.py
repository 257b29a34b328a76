"""Scheduled queries run: Google's clients, unchanged, over REST and gRPC, and sandboxes that are killed."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery
from google.cloud import bigquery_datatransfer_v1 as transfer

from tests.integration.runtime.running import make_client
from tests.integration.sandbox_process import Sandbox

_STATES = transfer.TransferState


@pytest.fixture(scope="module", params=["rest", "grpc"])
def transfers(sandbox: Sandbox, request: pytest.FixtureRequest) -> Any:
    kind = transfer.DataTransferServiceClient
    if request.param == "grpc":
        return sandbox.over_grpc(kind)
    return kind(credentials=AnonymousCredentials(), transport="rest", client_options={"api_endpoint": sandbox.url})


@pytest.fixture
def place(client: bigquery.Client) -> str:
    return f"projects/{client.project}/locations/us"


@pytest.fixture
def config(transfers: Any, scratch: str, place: str) -> Iterator[Callable[..., Any]]:
    """Makes configurations of scheduled queries; without a schedule they run by hand."""
    made = []

    def make(query: str, **fields: Any) -> Any:
        parameters = {"query": query, **fields.pop("params", {})}
        if not fields.get("schedule"):
            fields["schedule_options"] = {"disable_auto_scheduling": True}
        if "destination_table_name_template" in parameters:
            fields["destination_dataset_id"] = scratch.partition(".")[2]
        whole = {"display_name": "nightly", "data_source_id": "scheduled_query", "params": parameters, **fields}
        made.append(transfers.create_transfer_config(parent=place, transfer_config=whole))
        return made[-1]

    yield make
    for each in made:
        transfers.delete_transfer_config(name=each.name)


def ended(transfers: Any, run: Any) -> Any:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        found = transfers.get_transfer_run(name=run.name)
        if found.state in (_STATES.SUCCEEDED, _STATES.FAILED):
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within 30 s: {found}")


def run_at(transfers: Any, config: Any, *times: str) -> list[Any]:
    """Runs by hand for these times, ended."""
    found = []
    for each in times:
        asked = {"parent": config.name, "requested_run_time": datetime.fromisoformat(each)}
        found += transfers.start_manual_transfer_runs(asked).runs
    return [ended(transfers, run) for run in found]


def rows(client: bigquery.Client, table: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(row.values()) for row in client.list_rows(table))


def test_runs_write_the_tables_that_their_time_names(
    transfers: Any, config: Any, client: bigquery.Client, scratch: str
) -> None:
    name = f"day_{os.urandom(3).hex()}"
    template = f'{name}_{{run_date}}_{{run_time-1h|"%Y%m%d"}}'
    made = config(
        "SELECT @run_time AS at, @run_date AS day, 'TCS' AS symbol",
        params={
            "destination_table_name_template": template,
            "write_disposition": "WRITE_TRUNCATE",
            "partitioning_field": "day",
        },
    )
    for _ in range(2):
        (run,) = run_at(transfers, made, "2026-01-31T00:30:00Z")
        assert (run.state, run.error_status.code, run.schedule) == (_STATES.SUCCEEDED, 0, "")
        assert (run.run_time, run.params["query"]) == (datetime(2026, 1, 31, 0, 30, tzinfo=UTC), made.params["query"])
        assert run.start_time <= run.end_time
    table = f"{scratch}.{name}_20260131_20260130"
    at = datetime(2026, 1, 31, 0, 30, tzinfo=UTC)
    assert rows(client, table) == [(at, at.date(), "TCS")]
    assert client.get_table(table).time_partitioning.field == "day"
    job = client.get_job(f"scheduled_query_{run.name.rpartition('/')[2]}")
    assert (job.state, job.error_result) == ("DONE", None)
    said = [(each.severity.name, each.message_text) for each in transfers.list_transfer_logs(parent=run.name)]
    assert said[-1][0] == "INFO" and "completed successfully. Number of records: 1" in said[-1][1]
    assert transfers.get_transfer_config(name=made.name).state == _STATES.SUCCEEDED


def test_statements_and_scripts_run_too(transfers: Any, config: Any, client: bigquery.Client, scratch: str) -> None:
    table = f"{scratch}.log_{os.urandom(3).hex()}"
    client.query(f"CREATE TABLE `{table}` (day DATE, lots INT64)").result()
    insert = config(f"INSERT INTO `{table}` VALUES (@run_date, 1)")  # noqa: S608
    script = config(f"DECLARE n INT64 DEFAULT 7; INSERT INTO `{table}` SELECT @run_date, n;")
    for made in (insert, script):
        (run,) = run_at(transfers, made, "2026-01-31T00:30:00Z")
        assert run.state == _STATES.SUCCEEDED, run.error_status
    assert rows(client, table) == [(date(2026, 1, 31), 1), (date(2026, 1, 31), 7)]


def test_a_run_that_fails_says_why(transfers: Any, config: Any) -> None:
    (run,) = run_at(transfers, made := config("SELECT * FROM nowhere.at_all"), "2026-01-31T00:30:00Z")
    assert run.state == _STATES.FAILED
    assert run.error_status.code in (3, 5) and "nowhere" in run.error_status.message
    severities = [transfer.TransferMessage.MessageSeverity.ERROR]
    (said,) = transfers.list_transfer_logs(transfer.ListTransferLogsRequest(parent=run.name, message_types=severities))
    assert said.message_text == run.error_status.message
    failed = transfer.ListTransferRunsRequest(parent=made.name, states=[_STATES.FAILED])
    assert [each.name for each in transfers.list_transfer_runs(failed)] == [run.name]
    none = transfer.ListTransferRunsRequest(parent=made.name, states=[_STATES.SUCCEEDED, _STATES.PENDING])
    assert list(transfers.list_transfer_runs(none)) == []
    transfers.delete_transfer_run(name=run.name)
    assert list(transfers.list_transfer_runs(parent=made.name)) == []


def test_a_range_has_a_run_for_each_time_of_the_schedule(transfers: Any, config: Any) -> None:
    made = config("SELECT @run_date", schedule="every mon,wed 03:30")
    assert made.next_run_time.strftime("%H:%M") == "03:30" and made.next_run_time.isoweekday() in (1, 3)
    span = {"start_time": datetime(2026, 1, 1, tzinfo=UTC), "end_time": datetime(2026, 1, 12, 3, 30, tzinfo=UTC)}
    asked = {"parent": made.name, "requested_time_range": span}
    begun = [ended(transfers, run) for run in transfers.start_manual_transfer_runs(asked).runs]
    assert [run.run_time.day for run in begun] == [5, 7]
    latest = transfer.ListTransferRunsRequest(parent=made.name, run_attempt="LATEST", page_size=1)
    assert [run.run_time.day for run in transfers.list_transfer_runs(latest)] == [7, 5]


def test_what_is_by_schedule_runs_by_itself(transfers: Any, config: Any, place: str) -> None:
    made = config("SELECT 1 AS one", schedule="every 24 hours")
    (run,) = next(found for _ in range(500) if (found := list(transfers.list_transfer_runs(parent=made.name))))
    run = ended(transfers, run)
    assert (run.schedule, run.state) == ("every 24 hours", _STATES.SUCCEEDED)
    now = transfers.get_transfer_config(name=made.name)
    assert now.next_run_time - run.run_time == timedelta(hours=24)
    now.disabled = True
    now = transfers.update_transfer_config(transfer_config=now, update_mask={"paths": ["disabled"]})
    assert now.next_run_time is None
    with pytest.raises(exceptions.BadRequest, match="disabled"):
        run_at(transfers, now, "2026-01-31T00:30:00Z")
    later = {"start_time": datetime(2040, 1, 1, 7, 7, tzinfo=UTC), "end_time": datetime(2040, 1, 1, 7, 8, tzinfo=UTC)}
    now.disabled, now.schedule, now.schedule_options = False, "every 5 minutes", later
    paths = {"paths": ["disabled", "schedule", "schedule_options"]}
    now = transfers.update_transfer_config(transfer_config=now, update_mask=paths)
    assert now.next_run_time == later["start_time"]
    without = f"projects/{place.split('/')[1]}"
    assert made.name in [each.name for each in transfers.list_transfer_configs(parent=without)]
    found = transfers.get_transfer_config(name=f"{without}/transferConfigs/{now.name.rpartition('/')[2]}")
    assert (found.name, found.schedule) == (now.name, "every 5 minutes")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"schedule": "0 3 * * *"}, "can't be read"),
        ({"schedule": "every 4 minutes"}, "5 minutes"),
        ({"params": {"destination_table_name_template": "t_{date}"}}, "brace"),
        ({"params": {"write_disposition": "REPLACE"}}, "WRITE_TRUNCATE"),
        ({"notification_pubsub_topic": "ends"}, "topics"),
    ],
)
def test_what_can_not_run_is_refused(config: Any, fields: dict[str, Any], why: str) -> None:
    with pytest.raises(exceptions.BadRequest, match=why):
        config("SELECT 1", **fields)


def test_a_topic_is_told_how_runs_end(transfers: Any, config: Any, sandbox: Sandbox, client: bigquery.Client) -> None:
    owner = f"projects/{client.project}"
    topic, pull = f"{owner}/topics/ends-{os.urandom(3).hex()}", f"{owner}/subscriptions/ends-{os.urandom(3).hex()}"
    sandbox.request("PUT", f"/pubsub/v1/{topic}", {})
    sandbox.request("PUT", f"/pubsub/v1/{pull}", {"topic": topic})
    (run,) = run_at(transfers, config("SELECT 1", notification_pubsub_topic=topic), "2026-01-31T00:30:00Z")
    got = sandbox.request("POST", f"/pubsub/v1/{pull}:pull", {"maxMessages": 1}).json()["receivedMessages"][0][
        "message"
    ]
    told = json.loads(base64.b64decode(got["data"]))
    assert (told["name"], told["state"]) == (run.name, "SUCCEEDED")
    assert got["attributes"] == {"eventType": "TRANSFER_RUN_FINISHED", "payloadFormat": "JSON_API_V1"}


# Long enough that the sandbox dies in one of its runs.
_SLOW = """INSERT INTO kept.log
SELECT DATE_ADD(@run_date, INTERVAL MOD(COUNT(*), 2) DAY)
FROM UNNEST(GENERATE_ARRAY(1, 1500)) a CROSS JOIN UNNEST(GENERATE_ARRAY(1, 1500)) b"""


def test_kill_nine_loses_no_run_and_runs_none_twice(own_sandbox: Sandbox) -> None:
    sandbox = own_sandbox.start()
    client = make_client(sandbox)
    client.create_dataset("kept")
    client.query("CREATE TABLE kept.log (day DATE)").result()
    base = "/bigquerydatatransfer/v1"
    appended = {"query": "SELECT @run_date AS day", "destination_table_name_template": "added"}
    made = []
    for parameters in ({"query": _SLOW}, {**appended, "write_disposition": "WRITE_APPEND"}):
        fields = {"displayName": "n", "dataSourceId": "scheduled_query", "schedule": "1 of jan 00:00"}
        whole = {**fields, "destinationDatasetId": "kept", "params": parameters}
        place = f"{base}/projects/{client.project}/locations/us/transferConfigs"
        name = sandbox.request("POST", place, whole).json()["name"]
        span = {"requestedTimeRange": {"startTime": "2001-01-01T00:00:00Z", "endTime": "2004-01-01T00:00:00Z"}}
        assert len(sandbox.request("POST", f"{base}/{name}:startManualRuns", span).json()["runs"]) == 3
        made.append(name)
    time.sleep(0.3)
    sandbox.kill()
    sandbox.start()
    until = time.monotonic() + 60
    states: list[str] = []
    while set(states) != {"SUCCEEDED"} and time.monotonic() < until:
        time.sleep(0.05)
        states = [run["state"] for name in made for run in sandbox.get(f"{base}/{name}/runs")["transferRuns"]]
    assert states == ["SUCCEEDED"] * 6
    for table in ("log", "added"):
        assert [row[0].year for row in rows(make_client(sandbox), f"kept.{table}")] == list(range(2001, 2004))
