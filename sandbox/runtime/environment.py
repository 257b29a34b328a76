"""The environment of what runs: nothing is inherited, everything is named here."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import sandbox

RESERVED = frozenset({"PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"})
"""Names that a container may not set, since Cloud Run does."""

RESERVED_IN_JOBS = frozenset(
    {"CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION", "CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_ATTEMPT", "CLOUD_RUN_TASK_COUNT"}
)


def base(home: Path) -> dict[str, str]:
    """What any process of this Python needs, with a home of its own."""
    return {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin")),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONPATH": os.pathsep.join(_roots()),
        "PYTHONUNBUFFERED": "1",
        **({"VIRTUAL_ENV": sys.prefix} if sys.prefix != sys.base_prefix else {}),
    }


def _roots() -> list[str]:
    """Where the services and the sandbox are imported from, in this process too."""
    found = find_spec("services")
    services = list(found.submodule_search_locations or ()) if found else []
    return list(dict.fromkeys(str(Path(place).parent) for place in (*services, *sandbox.__path__)))


def endpoints(url: str, project: str) -> dict[str, str]:
    """Variables by which Google's clients reach the sandbox at `url`, and the project they work in.

    There is none for Pub/Sub's REST interface in its Python client (`PUBSUB_EMULATOR_HOST` means gRPC, and refuses
    REST), so the one that gcloud reads is given, and `SANDBOX_URL` for a client's `api_endpoint`.
    """
    return {
        "SANDBOX_URL": url,
        "GOOGLE_CLOUD_PROJECT": project,
        "STORAGE_EMULATOR_HOST": url,
        "BIGQUERY_EMULATOR_HOST": url,
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB": f"{url}/",
    }


def service(
    home: Path, url: str, project: str, name: str, revision: str, port: int | None, variables: Mapping[str, str]
) -> dict[str, str]:
    """The environment of an instance of a Cloud Run service: the container's own variables win over the endpoints."""
    return {
        **base(home),
        **endpoints(url, project),
        **variables,
        "HOST": "127.0.0.1",
        **({} if port is None else {"PORT": str(port)}),  # a side-car has none
        "K_SERVICE": name,
        "K_REVISION": revision,
        "K_CONFIGURATION": name,
    }


def worker(
    home: Path, url: str, project: str, pool: str, revision: str, variables: Mapping[str, str]
) -> dict[str, str]:
    """The environment of an instance of a worker pool."""
    return {
        **base(home),
        **endpoints(url, project),
        **variables,
        "CLOUD_RUN_WORKER_POOL": pool,
        "CLOUD_RUN_WORKER_POOL_REVISION": revision,
    }


def task(
    home: Path,
    url: str,
    project: str,
    job: str,
    execution: str,
    index: int,
    attempt: int,
    count: int,
    variables: Mapping[str, str],
) -> dict[str, str]:
    """The environment of a task of a Cloud Run job."""
    return {
        **base(home),
        **endpoints(url, project),
        **variables,
        "CLOUD_RUN_JOB": job,
        "CLOUD_RUN_EXECUTION": execution,
        "CLOUD_RUN_TASK_INDEX": str(index),
        "CLOUD_RUN_TASK_ATTEMPT": str(attempt),
        "CLOUD_RUN_TASK_COUNT": str(count),
    }
