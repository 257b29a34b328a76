"""The variables of the Terraform root: an environment with every reference, file, template and default resolved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, assert_never
from urllib.parse import urlsplit

from .callers import let_agents_call
from .dashboards import standard_dashboard
from .files import Files
from .models import Environment, Subproject
from .models.base import FileContent, Model, Reference, Template
from .models.bigquery_routines import standard_type
from .models.events import Trigger
from .models.github import Github
from .models.logging import AuditLog, LogBucket
from .models.network import Network
from .pinned import Build, pin
from .references import Index, Target, is_principal
from .structure import Marker, Shape, marked
from .templates import fill
from .triggers import ATTEMPT_DEADLINE, GRANT, triggers

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_LOCATED = (
    "bigquery_connections",
    "taxonomies",
    "scheduled_queries",
    "buckets",
    "datasets",
    "kms_keys",
    "repositories",
    "triggers",
)
_EXPORTS = ("bigquery", "cloud_storage")
_PROTECTED = ("kms_keys", "sql_instances", "redis_instances", "services", "jobs", "worker_pools", "workflows", "queues")


def to_tfvars(
    name: str, environment: Environment, index: Index, files: Files, builds: Mapping[str, Build]
) -> dict[str, Any]:
    """The variables that `infra/variables.tf` declares. Every field is there, null where nothing is set."""
    resolver = _Resolver(name, environment, index, files)
    subprojects = {key: resolver.subproject(key, sub) for key, sub in environment.subprojects.items()}
    for subproject in subprojects.values():
        pin(subproject, builds)
    let_agents_call(environment, subprojects)
    return {
        "environment": name,
        "project_id": environment.project_id,
        "project_number": environment.project_number,
        "region": environment.region,
        "labels": all_labels(name, environment),
        "apis": list(environment.apis),
        "state": {"bucket": state_bucket(environment), "prefix": environment.state.prefix},
        "github": resolver.github(environment.github),
        "network": resolver.network(environment.network),
        "notification_channels": {
            key: resolver.shared(channel, "notification_channels", key)
            for key, channel in environment.notification_channels.items()
        },
        "log_sinks": {key: resolver.shared(sink, "log_sinks", key) for key, sink in environment.log_sinks.items()},
        "log_buckets": {key: resolver.log_bucket(key, one) for key, one in environment.log_buckets.items()},
        "audit_logs": {key: resolver.audit_log(key, log) for key, log in environment.audit_logs.items()},
        "deny_policies": {
            key: resolver.shared(policy, "deny_policies", key) for key, policy in environment.deny_policies.items()
        },
        "budget": resolver.shared(environment.budget, "budget"),
        "subprojects": subprojects,
    }


def state_bucket(environment: Environment) -> str:
    """The bucket that holds Terraform's state."""
    return environment.state.bucket or f"{environment.project_id}-tfstate"


def all_labels(name: str, environment: Environment) -> dict[str, str]:
    """The labels that everything in an environment carries."""
    return {**environment.labels, "environment": name, "managed-by": "terraform"}


def bucket_name(environment: Environment, key: str, name: str | None) -> str:
    """A bucket's name, which is unique in the world: by default the project id and the key."""
    return name or f"{environment.project_id}-{key}"


def certificate_name(key: str, domains: list[str]) -> str:
    """A certificate's name: other domains are another certificate, which is there before the old one goes.

    >>> certificate_name("gateway", ["api.example.com"])
    'gateway-d0c43d38'
    """
    return f"{key}-{hashlib.sha256(' '.join(sorted(domains)).encode()).hexdigest()[:8]}"


class _Resolver:
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
        self._add_triggers(key, declared, data)
        self._fill_defaults(data)
        data["schedules"] = {name: self._schedule(schedule) for name, schedule in data["schedules"].items()}
        for name, trigger in data["triggers"].items():
            self._of_bucket(key, declared.triggers[name], trigger)
            if trigger["service"] is not None:
                trigger["service"] = trigger["service"].rpartition("/")[2]  # Eventarc takes the name
        for name, queue in data["queues"].items():
            queue["name"] = queue["name"] or name
            queue["target"] = None if queue["target"] is None else _task_target(queue["target"])
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
        return {"json": declared["file"] if made is None else _compact(made)}

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
            name = self._name(marker.kind, target)
            return f"serviceAccount:{name}" if marker.principals else name
        assert_never(marker)

    def _name(self, kind: str, target: Target) -> str:
        project, region = self._environment.project_id, self._environment.region
        match kind:
            case "service_accounts":
                return f"{target.id}@{project}.iam.gserviceaccount.com"
            case "topics" | "schemas":
                return f"projects/{project}/{kind}/{target.id}"
            case "workflows":
                return f"projects/{project}/locations/{region}/workflows/{target.id}"
            case "kms_keys":
                key = self._environment.subprojects[target.subproject].kms_keys[target.id]
                ring = f"projects/{project}/locations/{key.location or region}/keyRings/{target.subproject}"
                return f"{ring}/cryptoKeys/{target.id}"
            case "sql_instances":
                return f"{project}:{region}:{target.id}"
            case "bigquery_connections":
                connection = self._environment.subprojects[target.subproject].bigquery_connections[target.id]
                return f"projects/{project}/locations/{connection.location or region}/connections/{target.id}"
            case "datasets":
                return f"projects/{project}/datasets/{target.id}"
            case "dataset_views" | "dataset_routines":
                dataset, _, part = target.id.partition(".")
                below = "tables" if kind == "dataset_views" else "routines"
                return f"projects/{project}/datasets/{dataset}/{below}/{part}"
            case "secrets" | "subscriptions":
                return target.id
            case "buckets":
                bucket = self._environment.subprojects[target.subproject].buckets[target.id]
                return bucket_name(self._environment, target.id, bucket.name)
            case "services":
                return target.path
        raise ValueError(f"references to {kind} have no rule")

    def _fill_defaults(self, data: dict[str, Any]) -> None:
        environment = self._environment
        for key, balancer in data["load_balancers"].items():
            balancer["certificate"] = balancer["certificate"] or certificate_name(key, balancer["domains"])
        for key, bucket in data["buckets"].items():
            bucket["name"] = bucket_name(environment, key, bucket["name"])
            for thing in (bucket, *bucket["managed_folders"].values()):
                _default(thing, "force_destroy", environment.delete_contents)
        for dataset in data["datasets"].values():
            _default(dataset, "delete_contents_on_destroy", environment.delete_contents)
            for routine in dataset["routines"].values():
                self._write_routine(routine)
        for secret in data["secrets"].values():
            _default(secret, "placeholder", environment.secret_placeholders)
        for kind in _LOCATED:
            for thing in data[kind].values():
                thing["location"] = thing["location"] or environment.region
        for key, taxonomy in data["taxonomies"].items():
            _default(taxonomy, "display_name", key)
            taxonomy["location"] = taxonomy["location"].lower()
            for path, tag in taxonomy["tags"].items():
                _default(tag, "display_name", path.rpartition("/")[2])
        protected = [thing for kind in _PROTECTED for thing in data[kind].values()]
        for dataset in data["datasets"].values():
            protected += [
                thing
                for kind in ("tables", "external_tables", "views", "materialized_views")
                for thing in dataset[kind].values()
            ]
            for table in dataset["tables"].values():
                # BigQuery gives new tables the dataset's default; said outright, it holds for older ones too.
                partitioning = table["time_partitioning"]
                if partitioning is not None and partitioning["expiration_days"] is None:
                    partitioning["expiration_days"] = dataset["default_partition_expiration_days"]
        for thing in protected:
            _default(thing, "deletion_protection", environment.deletion_protection)
        for kind in ("services", "jobs", "worker_pools"):
            for thing in data[kind].values():
                if thing["vpc_access"] is not None:
                    self._name_way(thing["vpc_access"])
        for schedule in data["schedules"].values():
            schedule["time_zone"] = schedule["time_zone"] or environment.time_zone
            _default(schedule, "paused", environment.pause_schedules)
        for query in data["scheduled_queries"].values():
            _default(query, "paused", environment.pause_schedules)

    def _write_routine(self, routine: dict[str, Any]) -> None:
        """The text of a routine, and its types as the API has them."""
        text = routine.pop("body_file")
        if text is not None:
            # A `${…}` in JavaScript is JavaScript's own.
            routine["body"] = fill(text, self._values) if routine["language"] == "SQL" else text
        for holder in (*routine["arguments"], *routine["returns_table"]):
            if holder["type"] is not None:
                holder["type"] = _compact(standard_type(holder["type"]))
        if routine["returns"] is not None:
            routine["returns"] = _compact(standard_type(routine["returns"]))

    def _name_way(self, access: dict[str, Any]) -> None:
        """The full names of a subnet or a connector."""
        place = f"projects/{self._environment.project_id}"
        if access["subnet"] is not None:
            access["subnet"] = f"{place}/regions/{self._environment.region}/subnetworks/{access['subnet']}"
        if access["connector"] is not None and "/" not in access["connector"]:
            access["connector"] = f"{place}/locations/{self._environment.region}/connectors/{access['connector']}"

    def _add_triggers(self, key: str, declared: Subproject, data: dict[str, Any]) -> None:
        """The schedules within jobs and workflows as schedules, and the grants by which they may start the thing."""
        for trigger in triggers(declared):
            thing = data[trigger.kind][trigger.thing]
            given, account = thing["schedule"], self._account(trigger.service_account, key)
            data["schedules"][trigger.id] = {
                "description": f"Starts {trigger.thing}.",
                "cron": given["cron"],
                "time_zone": given["time_zone"],
                "paused": given["paused"],
                "attempt_deadline": ATTEMPT_DEADLINE,
                "retry": given["retry"],
                "http": {
                    **self._start(trigger.kind, trigger.thing, given),
                    "service": None,
                    "path": "/",
                    "method": "POST",
                    "headers": {},
                    "service_account": account,
                },
                "pubsub": None,
            }
            if trigger.kind == "jobs":
                members = [f"serviceAccount:{account}"]
                thing["grants"][GRANT] = {"role": "roles/run.invoker", "members": members, "condition": None}
        for kind in ("jobs", "workflows"):
            for thing in data[kind].values():
                del thing["schedule"]

    def _start(self, kind: str, name: str, schedule: dict[str, Any]) -> dict[str, Any]:
        """What starts a thing: its workflow, or the address that runs a job."""
        place = f"projects/{self._environment.project_id}/locations/{self._environment.region}/{kind}/{name}"
        if kind == "workflows":
            return {"workflow": place, "uri": None, "body": schedule["argument"] or None}
        return {"workflow": None, "uri": f"https://run.googleapis.com/v2/{place}:run", "body": None}

    def _account(self, path: str, subproject: str) -> str:
        return self._name("service_accounts", self._index.get("service_accounts", path, subproject))

    def _schedule(self, schedule: dict[str, Any]) -> dict[str, Any]:
        target = schedule["http"]
        return {**schedule, "http": None if target is None else self._http(target)}

    def _http(self, target: dict[str, Any]) -> dict[str, Any]:
        """A request with its authentication: OAuth for Google's APIs, an ID token for anything else."""
        uri, body, account = target["uri"], target["body"], target["service_account"]
        if target["workflow"] is not None:
            uri = f"https://workflowexecutions.googleapis.com/v1/{target['workflow']}/executions"
            body = {} if body is None else {"argument": _compact(body)}
        headers = dict(target["headers"])
        if body is not None and "content-type" not in {header.lower() for header in headers}:
            headers["Content-Type"] = "application/json"
        return {
            "uri": uri,
            "service": target["service"],
            "path": target["path"],
            "method": target["method"],
            "body": None if body is None else _compact(body),
            "headers": headers,
            **_token(uri, account, None),
        }


def _task_target(target: dict[str, Any]) -> dict[str, Any]:
    """A queue's target with its authentication."""
    account, audience = target.pop("service_account"), target.pop("audience")
    return {**target, **_token(target["uri"], account, audience)}


def _token(uri: str | None, account: str, audience: str | None) -> dict[str, Any]:
    """OAuth for Google's APIs, an ID token for anything else."""
    if uri is not None and _is_google(uri):
        return {"oauth": {"service_account": account, "scope": _SCOPE}, "oidc": None}
    return {"oauth": None, "oidc": {"service_account": account, "audience": audience}}


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


def _default(thing: dict[str, Any], field: str, value: Any) -> None:
    """What a thing leaves to the environment."""
    if thing[field] is None:
        thing[field] = value


def _is_google(uri: str) -> bool:
    host = urlsplit(uri).hostname or ""
    return host == "googleapis.com" or host.endswith(".googleapis.com")


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
