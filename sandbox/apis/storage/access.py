"""Access control lists: who a list names, the predefined ones, and where the lists of buckets and objects are kept.

An entry is of an entity and a role. A bucket's list is none of its own: as at Google it is what the IAM policy has in
the legacy roles of buckets. An object's, and a bucket's default for new objects, lie in their documents.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.storage import documents
from sandbox.control import iam, projects
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.store import Resource

Entries = list[dict[str, str]]

BUCKET_ROLES = ("READER", "WRITER", "OWNER")
OBJECT_ROLES = ("READER", "OWNER")
_LEGACY = {role: f"roles/storage.legacyBucket{role.capitalize()}" for role in BUCKET_ROLES}
_PUBLIC = ("allUsers", "allAuthenticatedUsers")
_TEAM = re.compile(r"project-(owners|editors|viewers)-(.+)")
_PERSON = re.compile(r"(user|group)-([^@\s]+@[^@\s]+)|(domain)-([\w.-]+\.[\w.-]+)")
_MORE = "Read more at https://cloud.google.com/storage/docs/uniform-bucket-level-access"
_TO_OTHERS = {
    "authenticatedRead": [("allAuthenticatedUsers", "READER")],
    "publicRead": [("allUsers", "READER")],
    "publicReadWrite": [("allUsers", "WRITER")],
}


def uniform(bucket: Resource) -> bool:
    """Whether IAM alone rules a bucket."""
    return bool(bucket.document["iamConfiguration"]["uniformBucketLevelAccess"]["enabled"])


def check_lists(bucket: Resource, refusal: str) -> None:
    """400 with Google's words where a bucket has no lists, `refusal` being what can't be done."""
    if uniform(bucket):
        raise invalid_argument(f"{refusal} when uniform bucket-level access is enabled. {_MORE}")


def entity(control: Control, given: object) -> str:
    """An entity in the form that is kept. Raises ApiError 400 for one that can't be."""
    text = str(given or "")
    if text in _PUBLIC:
        return text
    if team := _TEAM.fullmatch(text):
        number = projects.number(control.projects.resolve(team[2], control.clock()))
        return f"project-{team[1]}-{number}"
    if not _PERSON.fullmatch(text):
        raise invalid_argument(f"Invalid entity: '{text}'. It is user-EMAIL, group-EMAIL, domain-NAME or alike.")
    return text.lower()


def entries(control: Control, bucket: Resource, given: object, roles: tuple[str, ...]) -> Entries:
    """A list of a request, checked: one entry an entity, the last of them. Raises ApiError 400 and 412."""
    if not isinstance(given, list):
        raise invalid_argument("An access control list is a list of entities and roles.")
    found: dict[str, str] = {}
    for item in given:
        if not isinstance(item, dict) or str(item.get("role")).upper() not in roles:
            raise invalid_argument(f"An entry needs an entity and a role of {', '.join(roles)}.")
        name = entity(control, item.get("entity"))
        _check_public(bucket, name)
        found[name] = str(item["role"]).upper()
    return [{"entity": name, "role": role} for name, role in found.items()]


def _check_public(bucket: Resource, name: str) -> None:
    if name in _PUBLIC and bucket.document["iamConfiguration"].get("publicAccessPrevention") == "enforced":
        raise ApiError(
            "FAILED_PRECONDITION",
            "The member bindings allUsers and allAuthenticatedUsers are not allowed since public access prevention is "
            "enforced.",
            code=412,
            reason="conditionNotMet",
        )


def owner(bucket: Resource) -> str:
    """Who owns a bucket, and what is in it: the sandbox takes any credential, so nobody in person does."""
    return f"project-owners-{bucket.document['projectNumber']}"


def predefined(bucket: Resource, name: str, kind: str) -> Entries:
    """The list that a predefined one stands for; `kind` is what it is for: `bucket`, `object` or `default`."""
    owners, number = owner(bucket), bucket.document["projectNumber"]
    project = [(owners, "OWNER"), (f"project-editors-{number}", "OWNER"), (f"project-viewers-{number}", "READER")]
    known: dict[str, list[tuple[str, str]]] = {"private": [], "projectPrivate": project}
    known |= {key: value for key, value in _TO_OTHERS.items() if kind == "bucket" or key != "publicReadWrite"}
    if kind != "bucket":
        known |= {"bucketOwnerRead": [(owners, "READER")], "bucketOwnerFullControl": [(owners, "OWNER")]}
    if name not in known:
        raise invalid_argument(f"Invalid predefined ACL: '{name}'. It is one of {', '.join(sorted(known))}.")
    for given, _ in known[name]:
        _check_public(bucket, given)
    found = dict(known[name])
    if kind != "default":
        found = {owners: "OWNER", **found, **({owners: "OWNER"} if owners in found else {})}
    return [{"entity": given, "role": role} for given, role in found.items()]


def requested(call: Call, bucket: Resource, given: object, parameter: str) -> Entries | None:
    """The list that a request has for a new object, or for one that it changes; None where it says nothing."""
    name = call.query(parameter)
    if not name and given is None:
        return None
    check_lists(bucket, "Cannot insert legacy ACL for an object")
    if name:
        return predefined(bucket, name, "object")
    found = entries(call.control, bucket, given, OBJECT_ROLES)
    return put(found, owner(bucket), "OWNER")


def put(standing: Entries, name: str, role: str | None) -> Entries:
    """A list with another role of an entity; None takes it out."""
    kept = [item for item in standing if item["entity"] != name]
    if role is None:
        return kept
    if len(kept) == len(standing):
        return [*standing, {"entity": name, "role": role}]
    return [{"entity": name, "role": role} if item["entity"] == name else item for item in standing]


def default_of(bucket: Resource) -> Entries:
    """The list that a bucket has for new objects."""
    found: Entries | None = bucket.document.get("defaultObjectAcl")
    return predefined(bucket, "projectPrivate", "default") if found is None else found


def of_new(bucket: Resource) -> Entries:
    """The list of an object whose writer names none."""
    found = default_of(bucket)
    return found if any(item["entity"] == owner(bucket) for item in found) else put(found, owner(bucket), "OWNER")


def of_bucket(control: Control, policy_name: str) -> Entries:
    """A bucket's list: the legacy roles of its policy, the project's teams first."""
    policy, found = control.store.policy(policy_name) or {}, dict[str, str]()
    for role in BUCKET_ROLES:
        for binding in policy.get("bindings", []):
            if binding["role"] == _LEGACY[role] and "condition" not in binding:
                found |= {name: role for member in binding["members"] if (name := _entity_of(member))}
    teams = [f"project-{team}-" for team in ("owners", "editors", "viewers")]

    def place(name: str) -> tuple[int, str]:
        return next((at for at, team in enumerate(teams) if name.startswith(team)), len(teams)), name

    return [{"entity": name, "role": found[name]} for name in sorted(found, key=place)]


def put_bucket(control: Control, policy_name: str, wanted: Entries) -> None:
    """Make a bucket's list be this one, in its policy."""
    policy = control.store.policy(policy_name) or {}
    bindings = [
        {**item, "members": [member for member in item["members"] if not _entity_of(member)]}
        if item["role"] in _LEGACY.values() and "condition" not in item
        else item
        for item in policy.get("bindings", [])
    ]
    for item in wanted:
        role = _LEGACY[item["role"]]
        member = iam.check_member(control, _member_of(control, item["entity"]))
        bindings.append({"role": role, "members": [member]})
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for item in bindings:
        standing = merged.setdefault((item["role"], str(item.get("condition"))), {**item, "members": []})
        standing["members"] = sorted({*standing["members"], *item["members"]})
    kept = [item for item in merged.values() if item["members"]]
    control.store.put_policy(policy_name, {**policy, "bindings": kept, "serial": policy.get("serial", 0) + 1})


def _member_of(control: Control, name: str) -> str:
    if team := _TEAM.fullmatch(name):
        project = control.projects.resolve(team[2], control.clock())
        return f"project{team[1].removesuffix('s').capitalize()}:{project}"
    kind, dash, rest = name.partition("-")
    if kind == "user" and rest.endswith("gserviceaccount.com"):
        kind = "serviceAccount"
    return f"{kind}:{rest}" if dash else name


def _entity_of(member: str) -> str:
    """The entity of a policy's member; empty for one that lists can't name."""
    kind, _, rest = member.partition(":")
    if member in _PUBLIC:
        return member
    if kind in ("projectOwner", "projectEditor", "projectViewer"):
        return f"project-{kind.removeprefix('project').lower()}s-{projects.number(rest)}"
    kind = "user" if kind == "serviceAccount" else kind
    return f"{kind}-{rest}" if kind in ("user", "group", "domain") else ""


def shown(entry: dict[str, str], kind: str, metageneration: int) -> dict[str, Any]:
    """An entry as an answer; `kind` is `bucket` or `object`."""
    document: dict[str, Any] = {"kind": f"storage#{kind}AccessControl", **entry}
    name = entry["entity"]
    if team := _TEAM.fullmatch(name):
        document["projectTeam"] = {"projectNumber": team[2], "team": team[1]}
    elif name.startswith(("user-", "group-")):
        document["email"] = name.partition("-")[2]
    elif name.startswith("domain-"):
        document["domain"] = name.partition("-")[2]
    return {**document, "etag": documents.etag(metageneration)}
