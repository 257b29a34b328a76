"""`envctl export monitoring`: rules and dashboards whose queries are PromQL, over metrics that the base has."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from envctl.environments import LoadedEnvironment
from envctl.exports.monitoring import monitoring

from .conftest import ROOT

TOLD_BY_PROMETHEUS = {"up"}
TOLD_BY_THE_CLIENT = {"process_resident_memory_bytes", "process_cpu_seconds_total"}


@pytest.fixture(scope="module")
def files(small: LoadedEnvironment, root: Path) -> dict[str, str]:
    return dict(monitoring(small, root).files)


@pytest.fixture(scope="module")
def alerts(files: dict[str, str]) -> list[dict[str, Any]]:
    groups = [group for name in files if "/rules/" in name for group in yaml.safe_load(files[name])["groups"]]
    return [rule for group in groups for rule in group["rules"]]


def panels(files: dict[str, str], subproject: str) -> list[dict[str, Any]]:
    return list(json.loads(files[f"grafana/dashboards/{subproject}.json"])["panels"])


def queries(files: dict[str, str], alerts: list[dict[str, Any]]) -> Iterator[str]:
    yield from (rule["expr"] for rule in alerts)
    for subproject in ("desk", "trading"):
        for panel in panels(files, subproject):
            yield from (target["expr"].replace("$__rate_interval", "5m") for target in panel.get("targets", []))


def test_every_query_is_promql_over_metrics_that_there_are(files: dict[str, str], alerts: list[dict[str, Any]]) -> None:
    source = "".join((ROOT / "shared_services/service" / name).read_text() for name in ("calls.py", "metrics.py"))
    recorded = {rule["record"] for rule in alerts if "record" in rule}
    assert recorded
    for query in queries(files, alerts):
        promql_parser.parse(query)
        for name in set(re.findall(r"([a-z_:0-9]+)\{", query)):
            family = re.sub(r"_(bucket|count|sum)$", "", name)
            plain = re.sub(r"^(http|grpc)_", "_", family)  # the code writes f"{protocol}_requests_total"
            known = name in TOLD_BY_PROMETHEUS | TOLD_BY_THE_CLIENT
            assert known or f'"{family}"' in source or f'}}{plain}"' in source, f"{name} in {query}"


def test_objectives_burn_at_two_speeds_as_googles_monitoring_has_it(alerts: list[dict[str, Any]]) -> None:
    burning = {rule["alert"]: rule for rule in alerts if rule.get("alert", "").startswith("BudgetBurns")}
    assert set(burning) == {"BudgetBurnsFast", "BudgetBurnsSlow"}
    fast = burning["BudgetBurnsFast"]
    record = "slo:router_availability:errors"
    assert fast["expr"] == f"{record}:1h > (14.4 * 0.001) and {record}:5m > (14.4 * 0.001)"
    assert fast["labels"] == {
        "severity": "critical",
        "subproject": "trading",
        "objective": "router/availability",
        "affected": "router",
    }
    latency = [rule for rule in alerts if rule.get("record") == "slo:router_latency:errors:5m"]
    assert 'le="0.25"' in latency[0]["expr"]  # the bucket that 200 ms are within


def test_what_the_services_do_not_tell_is_named(small: LoadedEnvironment, root: Path) -> None:
    (note,) = monitoring(small, root).notes
    assert "router/slower is measured by Google's Monitoring alone" in note


def test_promtool_takes_the_rules_and_they_fire_when_they_should(files: dict[str, str], tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not here (Debian: apt-get install prometheus)")
    rules = tmp_path / "rules"
    rules.mkdir()
    for name, text in files.items():
        if "/rules/" in name:
            (rules / Path(name).name).write_text(text)
    (tmp_path / "prometheus.yml").write_text(files["prometheus/prometheus.yml"])
    series = 'http_requests_total{{service="router",status="{}"}}'
    test = {
        "rule_files": [str(rules / "trading.yml")],
        "tests": [
            {
                "interval": "1m",
                "input_series": [
                    {"series": series.format("200"), "values": "0+98x120"},
                    {"series": series.format("500"), "values": "0+2x120"},
                    {"series": 'up{service="router"}', "values": "1x60 0x60"},
                ],
                "alert_rule_test": [
                    {"eval_time": "50m", "alertname": "ServiceDown", "exp_alerts": []},
                    {
                        "eval_time": "100m",
                        "alertname": "ServiceDown",
                        "exp_alerts": [
                            {
                                "exp_labels": {"service": "router", "severity": "critical", "subproject": "trading"},
                                "exp_annotations": {"summary": "router doesn't answer"},
                            }
                        ],
                    },
                ],
                "promql_expr_test": [
                    {
                        "expr": "round(slo:router_availability:errors:5m, 0.001)",
                        "eval_time": "100m",
                        "exp_samples": [{"labels": '{service="router"}', "value": 0.02}],
                    },
                    {
                        "expr": 'count(ALERTS{alertname="BudgetBurnsFast",alertstate="firing"})',
                        "eval_time": "100m",
                        "exp_samples": [{"labels": "{}", "value": 1}],
                    },
                ],
            }
        ],
    }
    (tmp_path / "test.yml").write_text(yaml.safe_dump(test))
    for command in (["check", "config", "prometheus.yml"], ["test", "rules", "test.yml"]):
        done = subprocess.run([promtool, *command], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_dashboard_has_a_row_a_service_and_nothing_overlaps(files: dict[str, str]) -> None:
    shown = panels(files, "trading")
    assert [panel["title"] for panel in shown if panel["type"] == "row"] == ["All", "router", "Business"]
    assert len({panel["id"] for panel in shown}) == len(shown)
    cells = [
        (x, y)
        for panel in shown
        for at in [panel["gridPos"]]
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_limits_of_the_yaml_are_lines_of_the_charts(files: dict[str, str]) -> None:
    memory = next(panel for panel in panels(files, "trading") if panel["title"] == "Memory")
    assert memory["fieldConfig"]["defaults"]["thresholds"]["steps"][-1]["value"] == 512 * 1024 * 1024
    assert any(panel["title"] == "gRPC calls/s by status" for panel in panels(files, "trading"))


def test_grafana_finds_its_source_and_its_dashboards(files: dict[str, str]) -> None:
    (source,) = yaml.safe_load(files["grafana/provisioning/datasources/prometheus.yml"])["datasources"]
    assert source["url"] == "${PROMETHEUS_URL}"
    for subproject in ("desk", "trading"):
        shown = json.loads(files[f"grafana/dashboards/{subproject}.json"])
        assert shown["uid"] == f"small-{subproject}"
        assert {panel["datasource"]["uid"] for panel in shown["panels"] if "datasource" in panel} == {"${source}"}
