"""What holds data: who reaches it, where it is, how it is locked, and that no secret lies open."""

from __future__ import annotations

from typing import get_args

from envctl.environments.models.policy import Keyed
from envctl.redaction import is_secret_name

from ..model import Ground, Rule, Subject

_LOCATED = (
    "buckets",
    "datasets",
    "repositories",
    "services",
    "jobs",
    "worker_pools",
    "workflows",
    "sql_instances",
    "redis_instances",
    "schedules",
    "triggers",
    "addresses",
)
KEYED = get_args(Keyed)
LABELLED = (
    "buckets",
    "datasets",
    "tables",
    "topics",
    "subscriptions",
    "secrets",
    "repositories",
    "services",
    "jobs",
    "worker_pools",
    "workflows",
    "sql_instances",
    "redis_instances",
)
_PLACEHOLDER = "unset"


def _uniform(subject: Subject, _ground: Ground) -> str | None:
    return None if subject["uniform_access"] is True else "access is decided object by object"


def _prevented(subject: Subject, _ground: Ground) -> str | None:
    found = subject["public_access_prevention"]
    return None if found == "enforced" else f"public access prevention is {found or 'inherited'}: it may become public"


def _region(subject: Subject, ground: Ground) -> str | None:
    found = str(subject["location"] or "").lower()
    if found in ("", "global") or any(found == one or found.startswith(f"{one}-") for one in ground.regions):
        return None
    return f"it is in {found}, and may be in {', '.join(ground.regions)} only"


def _cmek(subject: Subject, ground: Ground) -> str | None:
    if subject.kind not in ground.cmek or subject["kms_key"]:
        return None
    return "it has no key of ours"


def _labels(subject: Subject, ground: Ground) -> str | None:
    found = subject["labels"] or {}
    if all(map(found.get, ground.labels)):
        return None
    missing = [label for label in ground.labels if not found.get(label)]
    return f"it lacks the labels {', '.join(missing)}"


def _in_state(subject: Subject, _ground: Ground) -> str | None:
    if subject["secret"] in (None, "", _PLACEHOLDER):
        return None
    return "a secret's value is in Terraform's state"


def _in_clear(subject: Subject, ground: Ground) -> str | None:
    found = []
    for container in subject["containers"] or ():
        for variable in container.get("env") or ():
            value = variable.get("value")
            if value not in (None, "") and is_secret_name(str(variable.get("name")), ground.secrets):
                found.append(str(variable.get("name")))
    return f"the value of {', '.join(sorted(found))} stands in clear" if found else None


RULES = (
    Rule(
        "ATM-GCS-001",
        "high",
        "Buckets have uniform access",
        "Access by object is seen by no policy and no audit.",
        "leave uniform access on",
        ("buckets",),
        ("uniform_access",),
        _uniform,
    ),
    Rule(
        "ATM-GCS-002",
        "high",
        "Buckets can't become public",
        "Public access prevention refuses a grant to the public, whoever makes it.",
        "take public_access out",
        ("buckets",),
        ("public_access_prevention",),
        _prevented,
    ),
    Rule(
        "ATM-KEY-001",
        "high",
        "What the YAML asks for has a key of ours",
        "Data under our own key can be locked by us alone.",
        "name a key as kms_key",
        KEYED,
        ("kms_key",),
        _cmek,
    ),
    Rule(
        "ATM-LAB-001",
        "low",
        "Everything carries the platform's labels",
        "Costs and owners are told by them.",
        "leave the labels to the modules; a thing made by hand is imported",
        LABELLED,
        ("labels",),
        _labels,
    ),
    Rule(
        "ATM-LOC-001",
        "high",
        "Things are where they may be",
        "Market data and orders stay in the country; and each crossing of regions is paid for.",
        "use a region that policy.regions allows",
        _LOCATED,
        ("location",),
        _region,
    ),
    Rule(
        "ATM-SEC-001",
        "critical",
        "No secret in Terraform's state",
        "Whoever reads the state, a plan or the tfvars reads it.",
        "put the value in as a version by hand, and rotate this one",
        ("secret_versions", "sql_users"),
        ("secret",),
        _in_state,
    ),
    Rule(
        "ATM-SEC-002",
        "critical",
        "No secret among plain variables",
        "Whoever may look at the service, the YAML or a plan reads it.",
        "name it under secrets, from Secret Manager, and rotate this one",
        ("services", "jobs", "worker_pools"),
        ("containers",),
        _in_clear,
    ),
)
