"""BigQuery's lesser parts, from YAML to the validation: keys, row access, a materialized view, routines,
what reads a dataset of another subproject, a function that a service carries out; and a topic that a bucket fills."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.support.checkout import Checkout

pytestmark = [pytest.mark.whole, pytest.mark.slow, pytest.mark.terraform, pytest.mark.timeout(600)]

BASE = """
apis:
  - bigquery.googleapis.com
  - bigqueryconnection.googleapis.com
  - cloudkms.googleapis.com
  - iam.googleapis.com
  - pubsub.googleapis.com
  - run.googleapis.com
  - storage.googleapis.com
subprojects:
  data:
    service_accounts: {reader: {}}
    kms_keys: {tables: {used_by: [bigquery], deletion_protection: false}}
    datasets:
      prices:
        kms_key: tables
        default_collation: und:ci
        case_insensitive: true
        tables:
          ticks:
            schema: ticks.json
            primary_key: [symbol]
            row_access_policies:
              all: {filter: "TRUE", grantees: [reader, "group:quants@example.com"]}
        materialized_views:
          counts:
            query: SELECT symbol, COUNT(*) AS n FROM `${project_id}.prices.ticks` GROUP BY symbol
            refresh_interval_minutes: 60
            grants: {read: {role: roles/bigquery.dataViewer, members: [reader]}}
        routines:
          twice: {body: x * 2, arguments: [{name: x, type: FLOAT64}], returns: FLOAT64}
          score:
            remote: {connection: functions, service: reading/scorer, path: /score}
            arguments: [{name: x, type: FLOAT64}]
            returns: FLOAT64
        authorized: {views: [reading/reports.doubled], routines: [reading/reports.ticks_of]}
    bigquery_connections: {functions: {calls: [reading/scorer]}}
    buckets: {raw: {}}
  reading:
    service_accounts: {scorer: {}}
    services: {scorer: {image: "scorer:1", service_account: scorer}}
    schemas:
      tick:
        definition: tick.avsc
        grants: {read: {role: roles/pubsub.viewer, members: [data/reader]}}
    topics:
      lines:
        ingestion: {cloud_storage: {bucket: data/raw, match_glob: "**.txt"}}
    datasets:
      reports:
        views:
          doubled:
            query: SELECT `${project_id}.prices.twice`(price) AS price FROM `${project_id}.prices.ticks`
        routines:
          ticks_of:
            type: TABLE_VALUED_FUNCTION
            body: SELECT price FROM `${project_id}.prices.ticks` WHERE symbol = wanted
            arguments: [{name: wanted, type: STRING}]
            grants: {call: {role: roles/bigquery.routineDataViewer, members: [data/reader]}}
"""
TINY = """
project_id: atm-platform-tiny
project_number: "301872649100"
cloud: sandbox
deletion_protection: false
delete_contents: true
"""
TICK = {"type": "record", "name": "Tick", "fields": [{"name": "symbol", "type": "string"}]}
COLUMNS = [{"name": "symbol", "type": "STRING"}, {"name": "price", "type": "FLOAT64"}]


def test_what_is_declared_is_there_and_stays(fresh: Checkout) -> None:
    shutil.rmtree(fresh.root / "envs")
    (fresh.root / "envs").mkdir()
    (fresh.root / "envs/tiny.yaml").write_text(TINY)
    (fresh.root / "envs/base.yaml").write_text(BASE)
    (fresh.root / "envs/tick.avsc").write_text(json.dumps(TICK))
    (fresh.root / "envs/ticks.json").write_text(json.dumps(COLUMNS))

    done = fresh.must("up", "tiny", "--format", "json")

    checks = {check["id"]: check["result"] for check in done.json["validation"]["checks"]}
    assert set(checks.values()) <= {"pass", "skipped"}
    assert checks["reading/services/scorer#agent connection roles/run.invoker"] == "pass"
    assert "nothing to change" in fresh.must("plan", "tiny").out
    fresh.must("destroy", "tiny")
