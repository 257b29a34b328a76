"""What looks at the platform, applied by Terraform to a sandbox: planned empty, proven, and each tampering found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from envctl.clouds import Endpoints, SandboxToken
from envctl.environments.load import LoadedEnvironment, load
from envctl.environments.render import write
from envctl.output import Report, Result
from envctl.validation import validate_now

from sandbox.control.projects import number
from tests.integration.provider.root import Root
from tests.integration.sandbox_process import Sandbox

# ruff: noqa: E501 - a line a case is easier to read
pytestmark = [pytest.mark.whole, pytest.mark.terraform]
REPOSITORY = Path(__file__).resolve().parents[3]
P = "projects/atm-observed"
BASE = """\
apis: [iam.googleapis.com, bigquery.googleapis.com, billingbudgets.googleapis.com, logging.googleapis.com, monitoring.googleapis.com, pubsub.googleapis.com]
notification_channels:
  ops: {email: ops@example.com, display_name: Operators}
  queue: {topic: engine/alerts}
  phone: {enabled: false, sms: "+919812345678"}
log_sinks:
  audit:
    dataset: engine/audit
    filter: logName:"cloudaudit.googleapis.com"
    exclusions: {noise: {filter: severity<INFO}}
  live: {topic: engine/alerts}
log_buckets:
  _Default: {retention_days: 60}
  trail: {retention_days: 1825, analytics: true, views: {orders: {filter: LOG_ID("orders")}}}
audit_logs:
  bigquery.googleapis.com: {log_types: [DATA_READ, DATA_WRITE], exempted: [engine/engine]}
budget:
  billing_account: 012345-6789AB-CDEF01
  amount: 20000
  currency: INR
  thresholds: [{percent: 80}, {percent: 100, basis: FORECASTED_SPEND}]
  topic: engine/alerts
  channels: [ops]
subprojects:
  engine:
    datasets: {audit: {}}
    log_metrics:
      orders/sent: {filter: jsonPayload.event="order_sent", labels: {symbol: {extractor: EXTRACT(jsonPayload.symbol)}}}
      latency: {filter: x, value_extractor: EXTRACT(a), unit: ms, buckets: {offset: 0, width: 5, count: 10}}
    service_accounts: {engine: {}}
    topics: {alerts: {}, signals: {}}
    subscriptions:
      signals-dead: {topic: signals}
    alert_policies:
      dead-letters:
        severity: WARNING
        channels: [ops, queue]
        runbook: https://example.com/dead-letters
        conditions: [{name: dead letters, undelivered: {subscription: signals-dead}}]
      errors:
        documentation: Look at the log of ${project_id}.
        auto_close: 1800s
        channels: [ops]
        conditions:
          - name: 5xx
            threshold:
              filter: metric.type="a/b" AND resource.type="cloud_run_revision"
              value: 0.01
              duration: 300s
              aggregations: [{per_series_aligner: ALIGN_RATE, cross_series_reducer: REDUCE_SUM}]
          - {name: silent, absent: {filter: metric.type="a/b" AND resource.type="x", duration: 600s}}
          - {name: slow, promql: {query: up == 0, duration: 60s}}
      halted:
        rate_limit: 300s
        conditions: [{name: halted, log_match: {filter: jsonPayload.event="kill_switch"}}]
    uptime_checks:
      front: {host: www.example.com, period: 60s, content: ok, headers: {Accept: text/plain}, alert_channels: [ops]}
    slo_services:
      engine:
        slos:
          served: {goal: 0.999, rolling_days: 28, availability: engine/engine, burn_alerts: {channels: [ops]}}
          quick: {goal: 0.95, calendar_period: WEEK, latency: {service: engine/engine, milliseconds: 200}}
          complete: {goal: 0.998, rolling_days: 28, ratio: {good: metric.type="g", total: metric.type="t"}}
          steady: {goal: 0.9, rolling_days: 7, windows: {mean_in_range: {filter: metric.type="d", max: 5}}}
    dashboards:
      main: {standard: true}
      own: {file: dashboards/own.json}
"""
SERVICE = """\
    services:
      engine: {image: example.com/engine:1, service_account: engine}
"""


@dataclass
class Applied:
    """The environment, applied."""

    root: Root
    sandbox: Sandbox
    environment: LoadedEnvironment
    variables: str

    def actions(self) -> dict[str, list[str]]:
        """What a plan would change."""
        self.root.run("plan", "-input=false", "-no-color", self.variables, "-out=plan")
        shown = json.loads(self.root.run("show", "-json", "plan").stdout)
        found = {change["address"]: change["change"]["actions"] for change in shown["resource_changes"]}
        return {address: actions for address, actions in found.items() if actions != ["no-op"]}

    def restore(self) -> None:
        """Apply what is declared: the next test starts from there, in whatever order they run."""
        self.root.run("apply", "-auto-approve", "-input=false", "-no-color", self.variables)

    def call(self, method: str, path: str, document: Any = None) -> Any:
        """One call that succeeds."""
        answer = self.sandbox.request(method, f"/{path}", document)
        assert answer.status == 200, f"{method} {path}: {answer.status} {answer.body!r}"
        return answer.json()


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Applied]:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH")
    folder = tmp_path_factory.mktemp("observed")
    sandbox = Sandbox(folder / "state").start()
    for name in ("modules", "infra"):
        ignored = shutil.ignore_patterns(".terraform*", "backend.tf")
        shutil.copytree(REPOSITORY / name, folder / name, ignore=ignored)
    (folder / "envs" / "dashboards").mkdir(parents=True)
    own = {"displayName": "Own", "gridLayout": {"widgets": [{"title": "a < b", "blank": {}}]}}
    (folder / "envs" / "dashboards" / "own.json").write_text(json.dumps(own, indent=2))
    head = BASE.replace("[iam", "[run.googleapis.com, iam")
    (folder / "envs" / "base.yaml").write_text(head.replace("    alert_policies:", f"{SERVICE}    alert_policies:"))
    text = f'project_id: atm-observed\nproject_number: "{number("atm-observed")}"\n'
    (folder / "envs" / "dev.yaml").write_text(text)
    environment = load("dev", folder)
    rendered = write(environment, folder / "build").tfvars
    root = Root(folder / "infra", sandbox.reattach, "atm-observed")
    made = Applied(root, sandbox, environment, f"-var-file={rendered}")
    root.run("init", "-input=false", "-no-color")
    made.restore()
    yield made
    sandbox.stop()


@pytest.fixture(scope="module")
def validated(applied: Applied) -> Callable[[], Report]:
    return lambda: validate_now(applied.environment, Endpoints(applied.sandbox.url), SandboxToken(), services=False)


def not_passed(report: Report) -> list[str]:
    known = ("engine/services", "engine/service_accounts")  # the image can't be started here
    return [
        f"{check.result} {check.id}"
        for check in report.checks
        if check.result is not Result.PASS and not check.id.startswith(known)
    ]


def test_the_plan_is_empty_after_apply(applied: Applied) -> None:
    assert applied.actions() == {}


def test_all_that_is_declared_is_proven(validated: Callable[[], Report]) -> None:
    report = validated()
    assert not_passed(report) == []
    ids = {check.id.partition("#")[0] for check in report.checks}
    assert "engine/burn_alerts/engine.served.fast" in ids
    assert "project/notification_channels/phone" not in ids


TAMPERINGS: list[tuple[str, str, str, Any, str]] = [
    # The list and the name in it, the field, the tampering, the finding.
    ("v3:notificationChannels", "Operators", "labels", {"email_address": "eve@example.com"}, "project/notification_channels/ops#email"),
    ("v3:notificationChannels", "queue", "enabled", False, "project/notification_channels/queue#enabled"),
    ("v3:alertPolicies", "engine: dead-letters", "notificationChannels", [], "engine/alert_policies/dead-letters#channels"),
    ("v3:alertPolicies", "engine: dead-letters", "severity", "CRITICAL", "engine/alert_policies/dead-letters#severity"),
    ("v3:alertPolicies", "engine: errors", "enabled", False, "engine/alert_policies/errors#enabled"),
    ("v3:alertPolicies", "engine: errors", "combiner", "AND", "engine/alert_policies/errors#combiner"),
    ("v3:alertPolicies", "engine: errors", "documentation", {"content": "x"}, "engine/alert_policies/errors#documentation"),
    ("v3:alertPolicies", "engine: errors", "alertStrategy", {"autoClose": "3600s"}, "engine/alert_policies/errors#auto_close"),
    ("v3:alertPolicies", "engine: front is down", "enabled", False, "engine/uptime_alerts/front#enabled"),
    ("v3:alertPolicies", "engine/served burns its error budget: fast", "enabled", False, "engine/burn_alerts/engine.served.fast#enabled"),
    ("v3:uptimeCheckConfigs", "engine: front", "period", "300s", "engine/uptime_checks/front#period"),
    ("v3:uptimeCheckConfigs", "engine: front", "contentMatchers", [{"content": "up", "matcher": "CONTAINS_STRING"}], "engine/uptime_checks/front#content"),
    ("v3:services/engine/serviceLevelObjectives", "served", "goal", 0.9, "engine/slos/engine.served#goal"),
    ("v3:services/engine/serviceLevelObjectives", "quick", "calendarPeriod", "DAY", "engine/slos/engine.quick#calendar_period"),
    ("v3:services", "engine", "displayName", "x", "engine/slo_services/engine#display_name"),
    ("v1:dashboards", "engine", "mosaicLayout", {"columns": 48, "tiles": []}, "engine/dashboards/main#json content"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "called", "field", "tampered", "finding"), TAMPERINGS, ids=[t[4] for t in TAMPERINGS]
)
def test_a_changed_setting_is_found_and_nothing_else(
    applied: Applied,
    validated: Callable[[], Report],
    place: str,
    called: str,
    field: str,
    tampered: Any,
    finding: str,
) -> None:
    version, _, path = place.partition(":")
    listed = applied.call("GET", f"monitoring/{version}/{P}/{path}")[path.rpartition("/")[2]]
    (found,) = [one for one in listed if one["displayName"] == called]
    url = f"monitoring/{version}/{found['name']}"

    def patch(value: Any) -> None:
        if version == "v1":
            applied.call("PATCH", url, {**applied.call("GET", url), field: value})
        else:
            applied.call("PATCH", f"{url}?updateMask={field}", {field: value})

    patch(tampered)
    report = validated()
    patch(found[field])
    assert not_passed(report) == [f"fail {finding}"]


def test_a_condition_that_was_changed_is_found(applied: Applied, validated: Callable[[], Report]) -> None:
    policies = applied.call("GET", f"monitoring/v3/{P}/alertPolicies")["alertPolicies"]
    (policy,) = [one for one in policies if one["displayName"] == "engine: dead-letters"]
    url = f"monitoring/v3/{policy['name']}?updateMask=conditions"
    changed = json.loads(json.dumps(policy["conditions"]))
    changed[0]["conditionThreshold"]["thresholdValue"] = 100
    applied.call("PATCH", url, {"conditions": changed})
    report = validated()
    applied.call("PATCH", url, {"conditions": policy["conditions"]})
    assert not_passed(report) == ["fail engine/alert_policies/dead-letters#conditions"]


def test_an_alert_that_is_gone_is_one_finding(applied: Applied, validated: Callable[[], Report]) -> None:
    policies = applied.call("GET", f"monitoring/v3/{P}/alertPolicies")["alertPolicies"]
    (policy,) = [one for one in policies if one["displayName"] == "engine: halted"]
    applied.call("DELETE", f"monitoring/v3/{policy['name']}")
    failed = [check.id for check in validated().checks if check.result is Result.FAIL]
    assert [id_ for id_ in failed if "service" not in id_] == ["engine/alert_policies/halted#exists"]
    assert list(applied.actions()) == ['module.monitoring["engine"].google_monitoring_alert_policy.this["halted"]']
    applied.restore()
    assert not_passed(validated()) == []


OTHERS: list[tuple[str, str, Any, str]] = [
    # The path, the field, the tampering, the finding.
    (f"logging/v2/{P}/metrics/orders%2Fsent", "filter", "x", "engine/log_metrics/orders/sent#filter"),
    (f"logging/v2/{P}/metrics/latency", "bucketOptions", {"explicitBuckets": {"bounds": [1]}}, "engine/log_metrics/latency#buckets"),
    (f"logging/v2/{P}/sinks/audit", "filter", "x", "project/log_sinks/audit#filter"),
    (f"logging/v2/{P}/sinks/audit", "exclusions", [], "project/log_sinks/audit#exclusions"),
    (f"logging/v2/{P}/sinks/live", "destination", f"pubsub.googleapis.com/{P}/topics/x", "project/log_sinks/live#destination"),
    (f"logging/v2/{P}/sinks/live", "disabled", True, "project/log_sinks/live#switched on"),
    (f"logging/v2/{P}/locations/global/buckets/_Default", "retentionDays", 30, "project/log_buckets/_Default#retention_days"),
    (f"logging/v2/{P}/locations/asia-south1/buckets/trail", "description", "x", "project/log_buckets/trail#description"),
    (f"logging/v2/{P}/locations/asia-south1/buckets/trail/views/orders", "filter", "x", "project/log_buckets/trail#views"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "field", "tampered", "finding"), OTHERS, ids=[t[3] for t in OTHERS])
def test_a_changed_setting_of_the_logs_is_found(
    applied: Applied, validated: Callable[[], Report], path: str, field: str, tampered: Any, finding: str
) -> None:
    before = applied.call("GET", path)

    def write(document: dict[str, Any]) -> None:
        if "/metrics/" in path:
            applied.call("PUT", path, document)
        else:
            applied.call("PATCH", f"{path}?updateMask={field}&uniqueWriterIdentity=true", document)

    write({**before, field: tampered})
    report = validated()
    write(before)
    assert not_passed(report) == [f"fail {finding}"]


def test_a_budget_and_an_audit_log_that_were_changed_are_found(
    applied: Applied, validated: Callable[[], Report]
) -> None:
    (budget,) = applied.call("GET", "billingbudgets/v1/billingAccounts/012345-6789AB-CDEF01/budgets")["budgets"]
    more = {"specifiedAmount": {"currencyCode": "INR", "units": "90000"}}
    applied.call("PATCH", f"billingbudgets/v1/{budget['name']}?updateMask=amount", {"amount": more})
    url = f"cloudresourcemanager/v1/{P}"
    policy = applied.call("POST", f"{url}:getIamPolicy", {"options": {"requestedPolicyVersion": 3}})
    mask = "bindings,etag,auditConfigs"
    applied.call("POST", f"{url}:setIamPolicy", {"policy": {**policy, "auditConfigs": []}, "updateMask": mask})
    found = not_passed(validated())
    assert "fail project/budget/012345-6789AB-CDEF01#amount" in found
    assert "fail project/audit_logs/bigquery.googleapis.com#exists" in found
    actions = applied.actions()
    assert actions['module.budget.google_billing_budget.this["budget"]'] == ["update"]
    assert actions['module.logging.google_project_iam_audit_config.this["bigquery.googleapis.com"]'] == ["create"]
    applied.restore()
    assert not_passed(validated()) == []
