"""Who may do what."""

from __future__ import annotations

import re

from ...plans.grants import PUBLIC
from ..model import Ground, Rule, Subject

_PRIMITIVE = ("roles/owner", "roles/editor", "roles/viewer")
# Who holds them on the project can make themselves anything.
_POWERFUL = re.compile(
    r"roles/(.*[aA]dmin.*|iam\.serviceAccountTokenCreator|iam\.serviceAccountUser|iam\.workloadIdentityUser|"
    r"resourcemanager\.projectMover|deploymentmanager\.editor|cloudbuild\.builds\.editor)"
)
# Google's own agents, which Google gives what they need.
_AGENT = re.compile(
    r"serviceAccount:(service-\d+@(gcp-sa-[a-z0-9-]+|[a-z0-9-]+)\.iam\.gserviceaccount\.com"
    r"|\d+@cloudservices\.gserviceaccount\.com|\d+@cloudbuild\.gserviceaccount\.com)"
)
_AGENT_ROLES = re.compile(r"roles/[a-zA-Z0-9.]+[sS]erviceAgent|roles/editor")


def _public(subject: Subject, _ground: Ground) -> str | None:
    if subject["member"] in PUBLIC:
        return f"{subject['role']} is given to {subject['member']}: anybody at all"
    return None


def _of_google(subject: Subject) -> bool:
    return bool(_AGENT.fullmatch(str(subject["member"]))) and bool(_AGENT_ROLES.fullmatch(str(subject["role"])))


def _primitive(subject: Subject, _ground: Ground) -> str | None:
    if subject["on"] == "project" and subject["role"] in _PRIMITIVE and not _of_google(subject):
        return f"{subject['role']} on the whole project for {subject['member']}"
    return None


def _powerful(subject: Subject, _ground: Ground) -> str | None:
    if subject["on"] == "project" and _POWERFUL.fullmatch(str(subject["role"])) and not _of_google(subject):
        return f"{subject['role']} on the whole project for {subject['member']}"
    return None


def _key(subject: Subject, _ground: Ground) -> str | None:
    return "a service account has a key, which is a password that never changes"


def _impersonated(subject: Subject, ground: Ground) -> str | None:
    member, own = str(subject["member"]), f"@{ground.project}.iam.gserviceaccount.com"
    outside = member.startswith("serviceAccount:") and not member.endswith(own) and not _AGENT.fullmatch(member)
    if subject["on"] == "service_accounts" and "serviceAccountTokenCreator" in str(subject["role"]) and outside:
        return f"{member} of another project may act as the account"
    return None


RULES = (
    Rule(
        "ATM-IAM-001",
        "critical",
        "Nothing is given to the public",
        "allUsers and allAuthenticatedUsers are everybody, the latter with any Google account.",
        "name who needs it; what people reach comes through the gateway",
        ("grants",),
        ("member", "role"),
        _public,
    ),
    Rule(
        "ATM-IAM-002",
        "high",
        "No basic roles on the project",
        "Owner, editor and viewer reach everything, also what comes later.",
        "give the roles that the work needs, on the things that it needs",
        ("grants",),
        ("member", "role"),
        _primitive,
    ),
    Rule(
        "ATM-IAM-003",
        "high",
        "No administrator's roles on the whole project",
        "Whoever holds them can give themselves anything else.",
        "give the role on the thing itself; or write an exception with its owner and its end",
        ("grants",),
        ("member", "role"),
        _powerful,
    ),
    Rule(
        "ATM-IAM-004",
        "high",
        "Service accounts have no keys",
        "A key is a password that never changes and is easily copied.",
        "use workload identity, as GitHub's workflows do",
        ("account_keys",),
        (),
        _key,
    ),
    Rule(
        "ATM-IAM-005",
        "high",
        "No account of another project acts as one of ours",
        "What happens in that project is out of our sight.",
        "use an account of this project",
        ("grants",),
        ("member", "role"),
        _impersonated,
    ),
)
