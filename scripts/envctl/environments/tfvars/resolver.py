"""An environment's models as the variables of the Terraform root: references, files, templates, defaults resolved."""

from __future__ import annotations

import json
from typing import Any, assert_never

from ..dashboards import standard_dashboard
from ..files import Files
from ..models import Environment, Subproject
from ..models.base import FileContent, Model, Reference, Template
from ..models.bigquery_routines import standard_type
from ..models.events import Trigger
from ..models.github import Github
from ..models.logging import AuditLog, LogBucket
from ..models.network import Network
from ..references import Index, is_principal
from ..structure import Marker, Shape, marked
from ..templates import fill
from .defaults import fill_defaults
from .http_targets import add_triggers, schedule, task_target
from .names import full_name, service_address
from .values import compact

_EXPORTS = ("bigquery", "cloud_storage")


class Resolver:
    """Resolves the models of one environment at their places.

    Args:
        name: the environment's name.
        environment: the validated environment.
        index: everything that can be referred to.
        files: the contents of the files that it names.
    """

    def __init__(self, name: str, environment: Environment, index: Index, files: Files) -> None:
        self._environment = environment
        self._index = index
        self._files = files
        self._values = {"environment": name, "project_id": environment.project_id, "region": environment.region}
        # All at once: a model that is dumped by itself has a serialiser built for it, which takes longer than the rest.
        self._dumped = environment.model_dump(by_alias=True)

    def shared(self, declared: Model | None, field: str, *below: str) -> dict[str, Any] | None:
        """What belongs to the environment and to no subproject, such as its network; its paths are full ones."""
        return None if declared is None else self._resolved(declared, "", field, *below)

    def github(self, declared: Github | None) -> dict[str, Any] | None:
        """Who is trusted, with the GitHub Environment's name."""
        data = self.shared(declared, "github")
        if data is not None:
            data["environment"] = data["environment"] or self._values["environment"]
        return data

    def network(self, declared: Network | None) -> dict[str, Any] | None:
        """The network, each of its parts in its region."""
        data = self.shared(declared, "network")
        if data is not None:
            for kind in ("subnets", "addresses", "nats", "connectors"):
                for thing in data[kind].values():
                    thing["region"] = thing["region"] or self._environment.region
        return data

    def log_bucket(self, key: str, declared: LogBucket) -> dict[str, Any]:
        """A log bucket with its location."""
        default = "global" if key == "_Default" else self._environment.region
        return {**self._resolved(declared, "", "log_buckets", key), "location": declared.location or default}

    def audit_log(self, key: str, declared: AuditLog) -> dict[str, Any]:
        """Which accesses are recorded, the exempted members as IAM writes them."""
        return self._resolved(declared, "", "audit_logs", key)

    def subproject(self, key: str, declared: Subproject) -> dict[str, Any]:
        """A subproject with everything resolved."""
        data = self._resolved(declared, key, "subprojects", key)
        add_triggers(self._environment, declared, data, lambda path: self._account(path, key))
        fill_defaults(self._environment, data)
        for dataset in data["datasets"].values():
            for routine in dataset["routines"].values():
                self._write_routine(routine)
        data["schedules"] = {name: schedule(given) for name, given in data["schedules"].items()}
        for name, trigger in data["triggers"].items():
            self._of_bucket(key, declared.triggers[name], trigger)
            if trigger["service"] is not None:
                trigger["service"] = trigger["service"].rpartition("/")[2]  # Eventarc takes the name
        for name, queue in data["queues"].items():
            queue["name"] = queue["name"] or name
            queue["target"] = None if queue["target"] is None else task_target(queue["target"])
        data["bucket_notifications"] = {
            f"{bucket}/{name}": {"bucket": fields["name"], **notification}
            for bucket, fields in data["buckets"].items()
            for name, notification in fields.pop("notifications").items()
        }
        data |= _subscriptions(data["subscriptions"])
        for kind in ("alert_policies", "uptime_checks"):
            for name, thing in data[kind].items():
                thing["display_name"] = thing["display_name"] or f"{key}: {name}"
        data["dashboards"] = {name: self._dashboard(key, one, data) for name, one in data["dashboards"].items()}
        return data

    def _of_bucket(self, key: str, declared: Trigger, data: dict[str, Any]) -> None:
        """A trigger's bucket as one of its criteria; Cloud Storage's events are where the bucket is."""
        name = data.pop("bucket")
        if declared.bucket is not None:
            target = self._index.get("buckets", declared.bucket, key)
            bucket = self._environment.subprojects[target.subproject].buckets[target.id]
            data["criteria"]["bucket"] = name
            data["location"] = declared.location or (bucket.location or self._environment.region).lower()

    def _dashboard(self, key: str, declared: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        """A dashboard's text: of its file, or made from what the subproject declares."""
        made = standard_dashboard(declared["display_name"] or key, data) if declared["standard"] else None
        return {"json": declared["file"] if made is None else compact(made)}

    def _resolved(self, declared: Model, subproject: str, field: str, *below: str) -> dict[str, Any]:
        """The values of a model at its place in the environment, with the markers below it resolved."""
        data: dict[str, Any] = self._dumped[field]
        for key in below:
            data = data[key]
        for path, marker, text in list(marked(Shape(model=type(declared), marked=True), data)):
            holder: Any = data
            for part in path[:-1]:
                holder = holder[part]
            holder[path[-1]] = self._resolve(marker, text, subproject)
        return data

    def _resolve(self, marker: Marker, text: str, subproject: str) -> str:
        if isinstance(marker, Template):
            return fill(text, self._values)
        if isinstance(marker, FileContent):
            if marker.format == "json":
                return json.dumps(self._files.json(text), separators=(",", ":"))
            return self._files.text(text)
        if isinstance(marker, Reference):
            if marker.principals and is_principal(text):
                return text
            target = self._index.get(marker.kind, text, subproject)
            name = full_name(self._environment, marker.kind, target)
            return f"serviceAccount:{name}" if marker.principals else name
        assert_never(marker)

    def _write_routine(self, routine: dict[str, Any]) -> None:
        """The text of a routine, and its types as the API has them."""
        text = routine.pop("body_file")
        if text is not None:
            # A `${…}` in JavaScript is JavaScript's own.
            routine["body"] = fill(text, self._values) if routine["language"] == "SQL" else text
        for holder in (*routine["arguments"], *routine["returns_table"]):
            if holder["type"] is not None:
                holder["type"] = compact(standard_type(holder["type"]))
        if routine["returns"] is not None:
            routine["returns"] = compact(standard_type(routine["returns"]))
        if (remote := routine["remote"]) is not None:
            service, path = remote.pop("service"), remote.pop("path")
            if service is not None:
                remote["endpoint"] = f"{service_address(self._environment, service)}{path}"

    def _account(self, path: str, subproject: str) -> str:
        return full_name(self._environment, "service_accounts", self._index.get("service_accounts", path, subproject))


def _subscriptions(all_of_them: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Subscriptions by who delivers: a puller, a push to a service, or a writer into tables and buckets."""
    kinds = {"subscriptions": (), "push_subscriptions": ("push",), "export_subscriptions": _EXPORTS}
    found: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
    for name, one in all_of_them.items():
        kind = "push_subscriptions" if one["push"] else "subscriptions"
        if any(one[field] for field in _EXPORTS):
            kind = "export_subscriptions"
        others = {"push", *_EXPORTS}.difference(kinds[kind])
        found[kind][name] = {field: value for field, value in one.items() if field not in others}
    return found
