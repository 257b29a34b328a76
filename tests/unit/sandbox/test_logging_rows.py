"""Log entries as rows of BigQuery."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.apis.bigquery import rows as bigquery_rows
from sandbox.apis.bigquery import schema as bigquery_schema
from sandbox.apis.logging.rows import Mismatch, merged, row, table_id

BASE = {"logName": "projects/p/logs/app", "timestamp": "2026-01-31T09:00:00.123456789Z", "insertId": "1"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


def columns(fields: list[dict[str, Any]], prefix: str = "") -> dict[str, str]:
    found = {}
    for field in fields:
        place = f"{prefix}{field['name']}"
        found[place] = field["type"] + ("*" if field["mode"] == "REPEATED" else "")
        found |= columns(field.get("fields", []), f"{place}.")
    return found


def test_each_field_has_google_s_column() -> None:
    entry = {
        **BASE,
        "resource": {"type": "cloud_run_revision", "labels": {"service_name": "risk"}},
        "labels": {"k8s-pod/App": "risk"},
        "severity": "ERROR",
        "traceSampled": True,
        "httpRequest": {"status": 503, "requestSize": "12", "latency": "0.25s", "requestMethod": "GET"},
        "sourceLocation": {"file": "a.py", "line": "7"},
        "jsonPayload": {"Symbol": "TCS", "price": 7, "late": True, "legs": [{"qty": 1}, {"side": "B"}], "none": None},
    }
    values, fields = row(entry)
    assert columns(fields) == {
        "logName": "STRING",
        "timestamp": "TIMESTAMP",
        "insertId": "STRING",
        "severity": "STRING",
        "traceSampled": "BOOLEAN",
        "httpRequest": "RECORD",
        "httpRequest.status": "INTEGER",
        "httpRequest.requestSize": "INTEGER",
        "httpRequest.latency": "FLOAT",
        "httpRequest.requestMethod": "STRING",
        "sourceLocation": "RECORD",
        "sourceLocation.file": "STRING",
        "sourceLocation.line": "INTEGER",
        "resource": "RECORD",
        "resource.type": "STRING",
        "resource.labels": "RECORD",
        "resource.labels.service_name": "STRING",
        "labels": "RECORD",
        "labels.k8s_pod_app": "STRING",
        "jsonPayload": "RECORD",
        "jsonPayload.symbol": "STRING",
        "jsonPayload.price": "FLOAT",
        "jsonPayload.late": "BOOLEAN",
        "jsonPayload.legs": "RECORD*",
        "jsonPayload.legs.qty": "FLOAT",
        "jsonPayload.legs.side": "STRING",
    }
    assert values["timestamp"] == "2026-01-31T09:00:00.123456Z"
    assert values["httpRequest"]["latency"] == 0.25
    assert values["jsonPayload"]["legs"] == [{"qty": 1.0}, {"side": "B"}]


def test_an_audit_log_has_its_own_column() -> None:
    payload = {
        "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
        "methodName": "SetIamPolicy",
        "request": {"policy": {"bindings": []}},
    }
    values, fields = row({**BASE, "protoPayload": payload})
    assert columns(fields)["protopayload_auditlog.requestJson"] == "STRING"
    assert values["protopayload_auditlog"]["methodName"] == "SetIamPolicy"
    assert json.loads(values["protopayload_auditlog"]["requestJson"]) == payload["request"]


def test_tables_are_called_after_log_and_day() -> None:
    entry = {**BASE, "logName": "projects/p/logs/cloudaudit.googleapis.com%2Fdata_access"}
    assert table_id(entry, partitioned=True) == "cloudaudit_googleapis_com_data_access"
    assert table_id(entry, partitioned=False) == "cloudaudit_googleapis_com_data_access_20260131"


def test_a_column_of_another_type_is_told() -> None:
    one, other = (row({**BASE, "jsonPayload": {"a": {"b": value}}})[1] for value in (1, "text"))
    with pytest.raises(Mismatch, match=r"Field jsonPayload\.a\.b is FLOAT in the table, and STRING in the entry"):
        merged(one, other)


@settings(max_examples=60)
@given(st.dictionaries(st.text(), JSON), st.dictionaries(st.text(), JSON))
def test_any_payload_is_a_row_that_its_columns_take(one: dict[str, Any], other: dict[str, Any]) -> None:
    values, fields = row({**BASE, "jsonPayload": one})
    known = bigquery_schema.normal(fields)
    assert bigquery_rows.check([{"json": values}], known, ignore_unknown=False) == {}
    assert merged(fields, fields) == fields
    try:
        both = merged(fields, row({**BASE, "jsonPayload": other})[1])
    except Mismatch:
        return
    assert bigquery_rows.check([{"json": values}], bigquery_schema.normal(both), ignore_unknown=False) == {}
    assert [field["name"] for field in both][: len(fields)] == [field["name"] for field in fields]
