"""A compose file: an environment's services as containers on one machine."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

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
    services: dict[str, Any] = {}
    secrets: dict[str, Any] = {}
    volumes: dict[str, Any] = {}
    notes: list[str] = []
    for one in found:
        services[one.name] = _service(one, loaded, known, context, needs.get(one.name, []))
        mounted, own, named, said = _mounts(one.values, one.values)
        services[one.name] |= mounted
        secrets |= own
        volumes |= named
        notes += [f"{one.path}: {what}" for what in said]
        for name, sidecar in one.containers():
            services[f"{one.name}-{name}"] = _sidecar(one, sidecar)
    services |= _monitoring()
    document: dict[str, Any] = {"name": f"{_platform(loaded)}-{loaded.name}", "services": services}
    if volumes:
        document["volumes"] = volumes
    document["secrets"] = {"google-credentials": {"file": "${GOOGLE_CREDENTIALS_FILE:-/dev/null}"}, **secrets}
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


def _mounts(
    main: Mapping[str, Any], values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any], list[str]]:
    """What a container mounts: its own part, the secrets and volumes of the file, and what there is nothing for."""
    own: dict[str, Any] = {"volumes": [], "tmpfs": ["/tmp"], "secrets": ["google-credentials"]}  # noqa: S108
    secrets: dict[str, Any] = {}
    volumes: dict[str, Any] = {}
    notes: list[str] = []
    for place, mount in values["mounts"].items():
        volume = main["volumes"][mount["volume"]]
        if volume["secret"] is not None:
            secret = volume["secret"]["secret"]
            secrets[secret] = {"file": f"./secrets/{secret}"}
            notes.append(f"put the secret {secret} into the file secrets/{secret}, readable for the user {user()}")
            for file in volume["secret"]["items"] or {secret: None}:
                own["secrets"].append({"source": secret, "target": f"{place}/{file}"})
        elif volume["memory"] is not None:
            size = volume["memory"]["size_limit"]
            own["tmpfs"].append(f"{place}:size={mebibytes(size)}m" if size else place)
        elif volume["nfs"] is not None:
            nfs = volume["nfs"]
            options = {"type": "nfs", "o": f"addr={nfs['server']}", "device": f":{nfs['path']}"}
            volumes[mount["volume"]] = {"driver_opts": options}
            own["volumes"].append(f"{mount['volume']}:{place}{':ro' if nfs['read_only'] else ''}")
        elif volume["bucket"] is not None:
            volumes[mount["volume"]] = {}
            own["volumes"].append(f"{mount['volume']}:{place}")
            notes.append(f"the bucket at {place} is an empty folder here")
        else:
            notes.append(f"the Cloud SQL sockets at {place} are left out")
    kept = {field: value for field, value in own.items() if value}
    return (kept if values["mounts"] else {}), secrets, volumes, notes


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
