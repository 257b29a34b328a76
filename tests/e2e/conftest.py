"""Checkouts for the tests: one whose platform is up and a small one, both shared; and fresh ones."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.checkout import Checkout, Result, checkout, clone


@pytest.fixture(scope="session")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Checkout, Result]]:
    """A fresh clone on which `make up` was run, and what it answered.

    It is the newcomer's and everybody's: a platform takes minutes to come up, so there is one.
    """
    made = clone(tmp_path_factory.mktemp("up") / "platform")
    # Of the packages' bytecode only what runs is made: most are for tests, which aren't run there.
    variables = {"PYTHON": str(Path(sys.base_prefix) / "bin/python3"), "UV_COMPILE_BYTECODE": "0"}
    try:
        yield made, made.run(["make", "--no-print-directory", "up", "ENV=local --format json"], variables, timeout=840)
    finally:
        if (made.programs / "envctl").exists():
            made.envctl("down")


@pytest.fixture
def platform(up: tuple[Checkout, Result]) -> Checkout:
    """A checkout whose platform is up, as declared; a test that changes it mends it."""
    made, result = up
    assert result.code == 0, result.out + result.err
    return made


SMALL = """
apis: [bigquery.googleapis.com, iam.googleapis.com, pubsub.googleapis.com, run.googleapis.com, storage.googleapis.com]
subprojects:
  shared-services:
    service_accounts: {auth-service: {}, shared-services: {}}
    buckets:
      config:
        grants:
          write: {role: roles/storage.objectUser, members: [shared-services]}
          read: {role: roles/storage.objectViewer, members: [auth-service]}
    datasets:
      platform_logs:
        tables:
          service_logs: {schema: schemas/service_logs.json, time_partitioning: {type: DAY, field: timestamp}}
    topics:
      alerts: {retention: 604800s, grants: {publish: {role: roles/pubsub.publisher, members: [shared-services]}}}
      config-changed: {retention: 86400s, grants: {publish: {role: roles/pubsub.publisher, members: [shared-services]}}}
    subscriptions:
      config-changed-auth-service: {topic: config-changed, retention: 3600s}
    services:
      auth-service:
        service_account: auth-service
        image: asia-south1-docker.pkg.dev/${project_id}/services/auth:latest
"""
SMALL_LOCAL = """
cloud: sandbox
project_id: atm-local
project_number: "128724250667"
deletion_protection: false
"""


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A checkout whose `local` is one small subproject that is up, for what needs no more; a test mends its changes."""
    made = checkout(tmp_path_factory.mktemp("small"))
    shutil.rmtree(made.root / "envs/subprojects")
    for environment in ("dev", "staging", "prod"):
        (made.root / f"envs/{environment}.yaml").unlink()
    (made.root / "envs/base.yaml").write_text(SMALL)
    (made.root / "envs/local.yaml").write_text(SMALL_LOCAL)
    try:
        made.must("up", "local")
        yield made
    finally:
        made.envctl("down")


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Checkout]:
    """A checkout on which nothing was run yet."""
    made = checkout(tmp_path)
    try:
        yield made
    finally:
        made.envctl("down")
