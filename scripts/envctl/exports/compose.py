"""A compose file: an environment's services as containers on one machine."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..environments import LoadedEnvironment
from ..environments.models.run_containers import cpus, mebibytes, start_order
from .model import Export
from .monitoring import monitoring
from .workloads import Workload, addresses, user, workloads
from .yaml_text import yaml_text

FILE = "compose.yaml"
_PROMETHEUS = "docker.io/prom/prometheus:v3.5.0"
_GRAFANA = "docker.io/grafana/grafana:12.1.0"
EXAMPLE = ".env.example"
_CREDENTIALS = "/run/secrets/google-credentials"
_HEAD = """\
{name} on one machine; written by `envctl export compose {name}`, change envs/ instead.

  cp .env.example .env   and put the secrets' values in
  docker compose up --build --wait
  docker compose run --rm NAME                    (a job)
  docker compose --profile monitoring up --wait   (Prometheus and Grafana too, at 127.0.0.1:9090 and :3000)

Every service listens on 127.0.0.1 alone, at the port of its config/services/NAME.yaml. What is in the cloud, such as
buckets and topics, is not here: with GOOGLE_CREDENTIALS_FILE in .env the services reach the environment's own."""
_CHECK = ["CMD", "python", "-m", "services.healthcheck"]


class _Mount(NamedTuple):
    """Something mounted: in which list of the container, what of it; and by which name the file declares what."""

    kind: str
    attached: dict[str, Any]
    name: str
    declared: dict[str, Any]
    note: str = ""


def compose(loaded: LoadedEnvironment, root: Path, folder: Path) -> Export:
    """The compose file of an environment.

    Args:
        loaded: the environment.
        root: the checkout, which images are built from.
        folder: where the file will lie.
    """
    found = workloads(loaded, root)
    known = addresses(found, "http://{name}:8080")
    context = os.path.relpath(root, folder)
    needs = _acyclic(found)
    declared: dict[str, dict[str, Any]] = {
        "services": {},
        "volumes": {},
        "secrets": {"google-credentials": {"file": "${GOOGLE_CREDENTIALS_FILE:-/dev/null}"}},
    }
    notes: list[str] = []
    for one in found:
        containers = {one.name: (_service(one, loaded, known, context, needs.get(one.name, [])), one.values)}
        for name, sidecar in one.containers():
            containers[f"{one.name}-{name}"] = (_sidecar(one, sidecar), sidecar)
        for name, (made, values) in containers.items():
            declared["services"][name] = made
            for mount in _mounted(one, values):
                if mount.kind:
                    made.setdefault(mount.kind, []).append(mount.attached)
                    declared[mount.kind][mount.name] = mount.declared
                if mount.note:
                    notes.append(f"{one.path}: {mount.note}")
    declared["services"] |= _monitoring()
    named = {key: part for key, part in declared.items() if part}
    document: dict[str, Any] = {"name": f"{_platform(loaded)}-{loaded.name}", **named}
    files = {FILE: yaml_text(document, _HEAD.format(name=loaded.name)), EXAMPLE: _example(found)}
    watching = monitoring(loaded, root)
    return Export({**files, **watching.files}, (*notes, *watching.notes))


def _monitoring() -> dict[str, Any]:
    """Prometheus and Grafana over the files beside the compose file: anybody here may look, nobody may change."""
    closed = {
        "profiles": ["monitoring"],
        "restart": "unless-stopped",
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
    }
    anybody = {
        "GF_AUTH_ANONYMOUS_ENABLED": "true",
        "GF_AUTH_ANONYMOUS_ORG_ROLE": "Viewer",
        "GF_AUTH_BASIC_ENABLED": "false",
        "GF_AUTH_DISABLE_LOGIN_FORM": "true",
    }
    return {
        "prometheus": {
            "image": _PROMETHEUS,
            "ports": ["127.0.0.1:9090:9090"],
            "volumes": ["./prometheus:/etc/prometheus:ro"],
            **closed,
        },
        "grafana": {
            "image": _GRAFANA,
            "environment": {**anybody, "PROMETHEUS_URL": "http://prometheus:9090"},
            "ports": ["127.0.0.1:3000:3000"],
            "volumes": [
                "./grafana/provisioning:/etc/grafana/provisioning:ro",
                "./grafana/dashboards:/var/lib/grafana/dashboards:ro",
            ],
            "depends_on": ["prometheus"],
            **closed,
        },
    }


def _service(
    one: Workload, loaded: LoadedEnvironment, known: Mapping[str, str], context: str, needs: list[str]
) -> dict[str, Any]:
    values = one.values
    made: dict[str, Any] = {"image": values["image"]}
    if one.image is not None:
        arguments = {"SERVICE": one.image.package}
        made["build"] = {"context": context, "dockerfile": one.image.dockerfile, "args": arguments}
    if one.kind == "jobs":
        made["profiles"] = ["jobs"]
    made |= _command(values)
    others = {path: address for path, address in known.items() if path != one.path}
    made["environment"] = {
        **_variables(values),
        **({"K_SERVICE": one.name, "PORT": "8080"} if one.kind == "services" else {"CLOUD_RUN_JOB": one.name}),
        **({"GRPC_PORT": str(one.grpc_port)} if one.grpc_port else {}),
        "GOOGLE_CLOUD_PROJECT": loaded.declared.project_id,
        "GOOGLE_APPLICATION_CREDENTIALS": _CREDENTIALS,
        "PLATFORM_SERVICES": json.dumps(others, separators=(",", ":"), sort_keys=True),
    }
    if one.kind == "worker_pools":
        made["environment"]["CLOUD_RUN_WORKER_POOL"] = made["environment"].pop("CLOUD_RUN_JOB")
    if one.kind == "services":
        ports = [(one.port, values["port"]), *([(one.grpc_port, one.grpc_port)] if one.grpc_port else [])]
        made["ports"] = [f"127.0.0.1:{outside}:{inside}" for outside, inside in ports]
    if needs:
        made["depends_on"] = {name: {"condition": "service_healthy"} for name in needs}
    if one.kind == "services" and one.image is not None:
        probe = values["startup_probe"] or {"period_seconds": 5, "failure_threshold": 12}
        liveness = values["liveness_probe"] or {"period_seconds": 30}
        made["healthcheck"] = {
            "test": _CHECK,
            "interval": f"{liveness['period_seconds']}s",
            "timeout": "5s",
            "retries": 3,
            "start_period": f"{probe['period_seconds'] * probe['failure_threshold']}s",
        }
    return made | _bounds(values, "no" if one.kind == "jobs" else "unless-stopped", ours=one.image is not None)


def _sidecar(one: Workload, values: Mapping[str, Any]) -> dict[str, Any]:
    """A side-car shares the main container's addresses, so it is started after it."""
    made = {
        "image": values["image"],
        **_command(values),
        "environment": _variables(values),
        "network_mode": f"service:{one.name}",
        "depends_on": {one.name: {"condition": "service_started"}},
    }
    return made | _bounds(values, "unless-stopped", ours=False)


def _command(values: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for field, theirs in (("command", "entrypoint"), ("args", "command")):
        if values[field]:
            made[theirs] = [_plain(word) for word in values[field]]
    if values["working_dir"]:
        made["working_dir"] = values["working_dir"]
    return made


def _variables(values: Mapping[str, Any]) -> dict[str, str]:
    """The variables; secrets come from `.env`, which nobody commits."""
    secrets = {name: _asked(str(one["secret"])) for name, one in values["secrets"].items()}
    return {**{name: _plain(text) for name, text in values["env"].items()}, **secrets}


def _asked(secret: str) -> str:
    name = _variable(secret)
    return f"${{{name}:?the secret {secret} is missing in .env}}"


def _variable(secret: str) -> str:
    return secret.upper().replace("-", "_")


def _plain(text: str) -> str:
    """A text as it is meant: compose would fill in what begins with a dollar."""
    return text.replace("$", "$$")


def _bounds(values: Mapping[str, Any], restart: str, *, ours: bool) -> dict[str, Any]:
    limits = {"cpus": f"{cpus(values['cpu']):g}", "memory": f"{mebibytes(values['memory'])}M"}
    made: dict[str, Any] = {
        "restart": restart,
        "stop_grace_period": "10s",  # what Cloud Run gives
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "deploy": {"resources": {"limits": limits}},
    }
    if ours:
        made |= {"user": f"{user()}:{user()}", "read_only": True, "tmpfs": ["/tmp"], "secrets": ["google-credentials"]}  # noqa: S108
    return made


def _mounted(one: Workload, values: Mapping[str, Any]) -> Iterator[_Mount]:
    """What a container mounts, each with what the file declares for it; a service's containers share its volumes."""
    for place, mount in values["mounts"].items():
        volume, name = one.values["volumes"][mount["volume"]], f"{one.name}-{mount['volume']}"
        below = {"volume": {"subpath": mount["sub_path"]}} if mount["sub_path"] else {}
        attached = {"type": "volume", "source": name, "target": place, **below}
        if volume["secret"] is not None:
            secret = volume["secret"]["secret"]
            for file in volume["secret"]["items"] or {secret: None}:
                note = f"put the secret {secret} into the file secrets/{secret}, readable for the user {user()}"
                yield _Mount(
                    "secrets",
                    {"source": secret, "target": f"{place}/{file}"},
                    secret,
                    {"file": f"./secrets/{secret}"},
                    note,
                )
        elif volume["memory"] is not None:
            size = volume["memory"]["size_limit"]
            limit = f",size={mebibytes(size)}m" if size else ""
            options = {"type": "tmpfs", "device": "tmpfs", "o": f"uid={user()},gid={user()}{limit}"}
            yield _Mount("volumes", attached, name, {"driver_opts": options})
        elif volume["nfs"] is not None:
            nfs = volume["nfs"]
            options = {"type": "nfs", "o": f"addr={nfs['server']}", "device": f":{nfs['path']}"}
            yield _Mount("volumes", attached | {"read_only": nfs["read_only"]}, name, {"driver_opts": options})
        elif volume["bucket"] is not None:
            note = f"the bucket at {place} is an empty folder here"
            yield _Mount("volumes", attached | {"read_only": volume["bucket"]["read_only"]}, name, {}, note)
        else:
            yield _Mount("", {}, "", {}, f"the Cloud SQL sockets at {place} are left out")


def _acyclic(found: list[Workload]) -> dict[str, list[str]]:
    """What each service waits for, without what would make services wait for each other."""
    names = {one.name for one in found if one.kind == "services"}
    kept: dict[str, list[str]] = {name: [] for name in names}
    for one in found:
        for need in one.needs if one.kind == "services" else ():
            if need in names:
                kept[one.name].append(need)
                if start_order(kept) is None:
                    kept[one.name].remove(need)
    return kept


def _example(found: list[Workload]) -> str:
    lines = ["# Copied to .env and filled in; never committed."]
    lines += [f"{name}=" for name in sorted(set(_secrets(found)))]
    return "\n".join(
        [
            *lines,
            "# A key file or `gcloud auth application-default login`'s, for what is in the cloud.",
            "#GOOGLE_CREDENTIALS_FILE=",
            "",
        ]
    )


def _secrets(found: list[Workload]) -> Iterator[str]:
    for one in found:
        for values in (one.values, *(sidecar for _, sidecar in one.containers())):
            yield from (_variable(secret["secret"]) for secret in values["secrets"].values())


def _platform(loaded: LoadedEnvironment) -> str:
    return loaded.declared.labels.get("platform", "platform")
