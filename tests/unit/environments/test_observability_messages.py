"""What the models of channels, alerts, objectives, logs and the budget refuse, and how it is said."""

from __future__ import annotations

import pytest

from tests.unit.environments.environment_files import EnvironmentFiles

ALERT = "alert_policies: {{a: {{conditions: [{{name: c, {}}}]{}}}}}"
LOGS = "log_match: {filter: x}"
SLO = "slo_services: {{s: {{slos: {{o: {{goal: 0.9, {}}}}}}}}}"
METRIC = "log_metrics: {{m: {{filter: x, {}}}}}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ALERT.format("absent: {filter: x}, promql: {query: up}", ""), "a condition is one of threshold, absent"),
        (ALERT.format("absent: {filter: x, duration: 150s}", ""), "absent.duration: duration is in whole minutes"),
        (ALERT.format("absent: {filter: x, duration: 60s}", ""), 'duration is between "120s" and "84600s"'),
        (ALERT.format(LOGS, ""), "alert_policies.a: an alert with log_match needs rate_limit"),
        (ALERT.format("absent: {filter: x}", ", rate_limit: 300s"), "rate_limit is for alerts with log_match"),
        (ALERT.format(LOGS, ", rate_limit: 5s"), 'rate_limit is between "300s" and "172800s", not "5s"'),
        ("alert_policies: {a: {conditions: []}}", "has at least 1 entries"),
        (
            f"alert_policies: {{a: {{rate_limit: 300s, conditions: [{{name: c, {LOGS}}}, {{name: d, {LOGS}}}]}}}}",
            "a.conditions: an alert with log_match has that one condition",
        ),
        (ALERT.format("absent: {filter: x}", ", auto_close: 60s"), 'auto_close is between "1800s" and "604800s"'),
        ("uptime_checks: {u: {}}", "uptime_checks.u: an uptime check is of a service or of a host"),
        ("uptime_checks: {u: {host: example.com, body: x}}", "u.method: a request with a body is a POST"),
        ("uptime_checks: {u: {host: example.com, regions: [USA, EUROPE]}}", "runs from three regions at least"),
        ("uptime_checks: {u: {host: example.com, authenticate: true}}", "authenticate is for services of the platform"),
        ("uptime_checks: {u: {host: example.com, timeout: 90s}}", 'timeout is between "1s" and "60s"'),
        ("dashboards: {d: {}}", "dashboards.d: a dashboard is from a file, or standard: true"),
        ("dashboards: {d: {file: d.json, display_name: D}}", "a dashboard from a file has its name there"),
        (SLO.format("rolling_days: 28, ratio: {good: a, bad: b, total: c}"), "a ratio has two of good, bad and total"),
        (SLO.format("rolling_days: 28"), "slos.o: an objective is for one of"),
        (SLO.format("ratio: {good: a, total: c}"), "slos.o: an objective has rolling_days or calendar_period"),
        (SLO.format("rolling_days: 28, windows: {mean_in_range: {filter: x}}"), "has a min, a max or both"),
        (METRIC.format("buckets: {bounds: [1]}"), "m.buckets: buckets are for a distribution"),
        (METRIC.format("value_extractor: EXTRACT(a), buckets: {}"), "have bounds, or a growth_factor, or a width"),
        (METRIC.format("value_extractor: EXTRACT(a), buckets: {bounds: [2, 1]}"), "buckets.bounds: bounds grow"),
        (METRIC.format("value_extractor: EXTRACT(a), buckets: {width: 1}"), "of a width have offset, width and count"),
        (METRIC.format("value_extractor: EXTRACT(a), buckets: {growth_factor: 2}"), "buckets that grow have scale"),
        (METRIC.format("value_extractor: a.b"), '"a.b" is not EXTRACT(field) or REGEXP_EXTRACT(field, regex)'),
    ],
)
def test_what_monitoring_would_refuse_is_refused_here(envs: EnvironmentFiles, text: str, message: str) -> None:
    problems = envs.subprojects(alpha=text).problems()
    assert any(message in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("notification_channels: {c: {}}", "notification_channels.c: a channel is one of email, sms, topic"),
        ("notification_channels: {c: {email: a@b.example, sms: '+911234567'}}", "c: a channel is one of email"),
        ("notification_channels: {c: {sms: '98'}}", '"98" is not a number, such as "+919812345678"'),
        ("notification_channels: {c: {slack: x}}", "c.slack: a slack channel holds a secret (auth_token)"),
        ("log_sinks: {s: {}}", "log_sinks.s: a sink goes to a dataset, a bucket or a topic"),
        ("log_buckets: {b: {retention_days: 0}}", "log_buckets.b.retention_days"),
        ("audit_logs: {run.googleapis.com: {log_types: [DATA_READ, DATA_READ]}}", "each of log_types stands once"),
        ("audit_logs: {run: {log_types: [DATA_READ]}}", '"run" is not an API, such as "run.googleapis.com"'),
    ],
)
def test_what_is_of_the_environment_is_refused_too(envs: EnvironmentFiles, text: str, message: str) -> None:
    problems = envs.dev(f"project_id: atm-dev-1\n{text}\n").problems()
    assert any(message in problem for problem in problems), problems


def test_a_channel_s_secret_is_not_repeated(envs: EnvironmentFiles) -> None:
    envs.dev("project_id: atm-dev-1\nnotification_channels: {c: {slack: xoxb-canary}}\n")
    assert "canary" not in "\n".join(envs.problems())
