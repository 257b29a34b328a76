"""The models and the modules' variables name the same fields."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from envctl.environments.models import Subproject
from envctl.environments.structure import Shape, descend, fields

MODULES = Path(__file__).resolve().parents[3] / "modules"
VARIABLES = {
    "custom_roles": "custom_roles",
    "service_accounts": "service_account",
    "kms_keys": "kms",
    "secrets": "secrets",
    "repositories": "artifact_registry",
    "buckets": "gcs",
    "bigquery_connections": "bigquery_connection",
    "taxonomies": "data_catalog",
    "datasets": "bigquery",
    "sql_instances": "cloud_sql",
    "redis_instances": "memorystore",
    "schemas": "pubsub",
    "topics": "pubsub",
    "subscriptions": "pubsub",
    "services": "cloud_run",
    "jobs": "cloud_run",
    "worker_pools": "cloud_run",
    "load_balancers": "load_balancer",
    "workflows": "workflows",
    "schedules": "scheduler",
    "scheduled_queries": "bigquery_data_transfer",
    "queues": "cloud_tasks",
    "triggers": "eventarc",
    "log_metrics": "logging",
    "alert_policies": "monitoring",
    "uptime_checks": "monitoring",
    "slo_services": "monitoring",
}
# What the root resolves before it hands a thing to a module, and what only the module has for it.
ADDRESSES = {("uptime_checks", "service")}  # the root makes another field of it
RESOLVED = {
    ("buckets", "notifications"),  # a variable of its own
    ("subscriptions", "push"),
    ("schedules", "http"),
    ("queues", "target"),
    ("triggers", "bucket"),  # one of the criteria
}
_TOKEN = re.compile(r'#[^\n]*|"(?:[^"\\]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*|[(){}\[\],=]|[0-9.]+')


class TypeExpression:
    """Reads a variable's type: objects become dicts, anything else None; maps and lists become their element."""

    def __init__(self, text: str) -> None:
        self._tokens = [token for token in _TOKEN.findall(text) if not token.startswith("#")]

    def read(self) -> Any:
        name = self._tokens.pop(0)
        if name in {"map", "list", "set", "optional"}:
            self._expect("(")
            inner = self.read()
            depth = 0
            while depth or self._tokens[0] != ")":  # the default of an optional
                token = self._tokens.pop(0)
                depth += (token in "({[") - (token in ")}]")
            self._expect(")")
            return inner
        if name == "object":
            self._expect("(")
            self._expect("{")
            found = {}
            while self._tokens[0] != "}":
                key = self._tokens.pop(0)
                self._expect("=")
                found[key] = self.read()
                if self._tokens[0] == ",":
                    self._tokens.pop(0)
            self._expect("}")
            self._expect(")")
            return found
        return None

    def _expect(self, token: str) -> None:
        assert self._tokens.pop(0) == token


def module_type(module: str, variable: str) -> Any:
    for file in sorted((MODULES / module).glob("*.tf")):
        match = re.search(
            rf'variable "{variable}" \{{.*?\n  type\s*=\s*(.*?)\n  (default|nullable|validation)',
            file.read_text(),
            re.S,
        )
        if match:
            return TypeExpression(match[1]).read()
    pytest.fail(f"modules/{module} has no variable {variable}")


def model_type(shape: Shape | None) -> Any:
    if shape is None:
        return None
    if shape.model is not None:
        # A switch is acted on by rendering and left out.
        shown = {
            key: field
            for key, field in fields(shape.model).items()
            if not shape.model.model_fields[field.attribute].exclude
        }
        return {key: model_type(field.shape) for key, field in shown.items()}
    return model_type(shape.items)


@pytest.mark.parametrize(("kind", "module"), VARIABLES.items())
def test_a_module_takes_exactly_the_fields_of_its_model(kind: str, module: str) -> None:
    declared, taken = model_type(descend(Subproject, (kind, "x"))), module_type(module, kind)
    for thing, field in RESOLVED:
        if thing == kind:
            assert field in declared
            del declared[field]
            taken.pop(field, None)
    if kind in ("jobs", "workflows"):
        del declared["schedule"]  # it becomes a schedule
    if kind == "datasets":
        del declared["routines"]["body_file"]  # its text is the body
    for thing, field in ADDRESSES:
        if thing == kind:
            del declared[field]
    assert taken == declared
