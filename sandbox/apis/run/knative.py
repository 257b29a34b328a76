"""Cloud Run's resources in the form of its v1 API: Knative's documents, from those of v2 and to them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.apis.run.knative_parts import (
    DEPENDENCIES,
    SECRETS,
    SQL,
    Document,
    containers_v1,
    containers_v2,
    filled,
    interfaces,
)
from sandbox.control import projects
from sandbox.control.errors import invalid_argument, unimplemented

RUN, SERVING, SCALING = "run.googleapis.com/", "serving.knative.dev/", "autoscaling.knative.dev/"
_STATES = {"CONDITION_SUCCEEDED": "True", "CONDITION_FAILED": "False"}
_REASONS = ("reason", "revisionReason", "executionReason")


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation of v1 that is a field of v2: where it is there, and the value's two forms."""

    name: str
    path: str
    read: Callable[[str], Any] = str
    write: Callable[[Any], str] = str


def _flag(value: Any) -> str:
    return "true" if value else "false"


def _is_true(text: str) -> bool:
    return text.lower() == "true"


def _enum(name: str, path: str, prefix: str = "", words: dict[str, str] | None = None) -> Note:
    """A word in small letters and hyphens that is one of an enum."""
    known = words or {}
    back = {value: key for key, value in known.items()}

    def write(value: str) -> str:
        word = value.removeprefix(prefix)
        return back.get(word, word.lower().replace("_", "-"))

    return Note(name, path, lambda text: prefix + known.get(text, text.upper().replace("-", "_")), write)


def _whole(name: str, path: str) -> Note:
    """A value written as JSON."""
    return Note(name, path, json.loads, lambda value: json.dumps(value, separators=(",", ":")))


_INGRESS = {"internal": "INTERNAL_ONLY", "internal-and-cloud-load-balancing": "INTERNAL_LOAD_BALANCER"}
# Of the resource itself.
NOTES = (
    _enum(f"{RUN}ingress", "ingress", "INGRESS_TRAFFIC_", _INGRESS),
    Note(f"{RUN}launch-stage", "launchStage"),
    Note(f"{RUN}description", "description"),
    Note(f"{RUN}client-name", "client"),
    Note(f"{RUN}client-version", "clientVersion"),
    Note(f"{RUN}minScale", "scaling.minInstanceCount", int),
    Note(f"{RUN}maxScale", "scaling.maxInstanceCount", int),
    Note(f"{RUN}manualInstanceCount", "scaling.manualInstanceCount", int),
    _enum(f"{RUN}scalingMode", "scaling.scalingMode"),
    Note(f"{RUN}default-url-disabled", "defaultUriDisabled", _is_true, _flag),
    Note(f"{RUN}invoker-iam-disabled", "invokerIamDisabled", _is_true, _flag),
    Note(f"{RUN}iap-enabled", "iapEnabled", _is_true, _flag),
    _whole(f"{RUN}custom-audiences", "customAudiences"),
)
# Of a template of revisions or executions.
TEMPLATE_NOTES = (
    Note(f"{SCALING}minScale", "scaling.minInstanceCount", int),
    Note(f"{SCALING}maxScale", "scaling.maxInstanceCount", int),
    _enum(f"{RUN}execution-environment", "executionEnvironment", "EXECUTION_ENVIRONMENT_"),
    Note(f"{RUN}vpc-access-connector", "vpcAccess.connector"),
    _enum(f"{RUN}vpc-access-egress", "vpcAccess.egress"),
    _whole(f"{RUN}network-interfaces", "vpcAccess.networkInterfaces"),
    Note(f"{RUN}sessionAffinity", "sessionAffinity", _is_true, _flag),
    Note(f"{RUN}encryption-key", "encryptionKey"),
    Note(f"{RUN}cpu-throttling", "containers.0.resources.cpuIdle", _is_true, _flag),
    Note(f"{RUN}startup-cpu-boost", "containers.0.resources.startupCpuBoost", _is_true, _flag),
)
# What gcloud writes beside them, and what the server does: nothing of v2 follows from it.
_OURS = (SECRETS, DEPENDENCIES, SQL, f"{RUN}client-name", f"{RUN}client-version")
_SERVERS = tuple(
    f"{RUN}{name}"
    for name in ("ingress-status", "operation-id", "urls", "creator", "lastModifier", "build-enable-automatic-updates")
)
_PLACE = "cloud.googleapis.com/location"


def read(document: Any, path: str) -> Any:
    """What stands at a path, `None` where nothing does."""
    for step in path.split("."):
        if isinstance(document, list):
            document = document[int(step)] if int(step) < len(document) else None
        else:
            document = document.get(step) if isinstance(document, dict) else None
    return document


def put(document: Any, path: str, value: Any) -> None:
    """Set what stands at a path; a list's items are there already."""
    *above, last = path.split(".")
    for step in above:
        document = document[int(step)] if isinstance(document, list) else document.setdefault(step, {})
    document[last] = value


def _notes_v1(document: Document, notes: tuple[Note, ...]) -> Document:
    found = {note.name: read(document, note.path) for note in notes}
    return {note.name: note.write(found[note.name]) for note in notes if found[note.name] not in (None, "", [])}


def _notes_v2(annotations: Document, notes: tuple[Note, ...], document: Document, where: str) -> None:
    """Fields for annotations; those that users gave stay annotations. 501 for one of Google's that isn't known."""
    known, kept = {note.name: note for note in notes}, {}
    for name, text in annotations.items():
        if note := known.get(name):
            try:
                put(document, note.path, note.read(text))
            except (ValueError, TypeError, AttributeError) as error:
                raise invalid_argument(f"The annotation {name} can't be '{text}'.", {name: "invalid"}) from error
        elif not name.startswith((RUN, SERVING, SCALING)):
            kept[name] = text
        elif name not in (*_OURS, *_SERVERS) and not name.startswith(SERVING):
            raise unimplemented(f"The sandbox does not implement the annotation {name} of {where}.")
    document.update(filled({"annotations": kept}))


def metadata_v1(document: Document, labels: Document | None = None, notes: tuple[Note, ...] = NOTES) -> Document:
    """`metadata` of a v2 resource."""
    parts = document["name"].split("/")
    annotations = {**(document.get("annotations") or {}), **_notes_v1(document, notes)}
    annotations |= filled(
        {f"{SERVING}creator": document.get("creator"), f"{SERVING}lastModifier": document.get("lastModifier")}
    )
    if f"{RUN}ingress" in annotations:
        annotations[f"{RUN}ingress-status"] = annotations[f"{RUN}ingress"]
    if document.get("urls"):
        annotations[f"{RUN}urls"] = json.dumps(document["urls"])
    return filled(
        {
            "name": parts[-1],
            "namespace": projects.number(parts[1]),
            "uid": document.get("uid"),
            "resourceVersion": document.get("etag"),
            "generation": int(document.get("generation") or 1),
            "creationTimestamp": document.get("createTime"),
            "labels": {**(document.get("labels") or {}), _PLACE: parts[3], **(labels or {})},
            "annotations": annotations,
        }
    )


def metadata_v2(metadata: Document, where: str, notes: tuple[Note, ...] = NOTES) -> Document:
    """What `metadata` says of a v2 resource."""
    document: Document = {}
    _notes_v2(metadata.get("annotations") or {}, notes, document, where)
    return {**document, **filled({"labels": _labels(metadata)})}


def _labels(metadata: Document) -> Document:
    """The labels that a user gave."""
    return {k: v for k, v in (metadata.get("labels") or {}).items() if not k.startswith((SERVING, RUN, _PLACE))}


def template_v1(template: Document) -> Document:
    """A v2 template of revisions as `{metadata, spec}`."""
    annotations = {**(template.get("annotations") or {}), **_notes_v1(template, TEMPLATE_NOTES)}
    containers, volumes = containers_v1(template, annotations)
    metadata = {
        "name": (template.get("revision") or "").rpartition("/")[2],
        "labels": template.get("labels"),
        "annotations": annotations,
    }
    selector = template.get("nodeSelector") or {}
    spec = {
        "containerConcurrency": template.get("maxInstanceRequestConcurrency"),
        "timeoutSeconds": seconds(template.get("timeout")),
        "maxRetries": template.get("maxRetries"),
        "serviceAccountName": template.get("serviceAccount"),
        "containers": containers,
        "volumes": volumes,
        "nodeSelector": filled({f"{RUN}accelerator": selector.get("accelerator")}),
    }
    return {"metadata": filled(metadata), "spec": filled(spec)}


def template_v2(metadata: Document, spec: Document, where: str) -> Document:
    """A v2 template out of `metadata` and `spec`."""
    annotations = metadata.get("annotations") or {}
    template: Document = {"containers": [{}], **containers_v2(spec, annotations)}
    _notes_v2(annotations, TEMPLATE_NOTES, template, where)
    template.update(filled({"labels": _labels(metadata)}))
    if "vpcAccess" in template and "networkInterfaces" in template["vpcAccess"]:
        template["vpcAccess"]["networkInterfaces"] = interfaces(annotations)
    timeout = spec.get("timeoutSeconds")
    return template | filled(
        {
            "revision": metadata.get("name"),
            "maxInstanceRequestConcurrency": spec.get("containerConcurrency"),
            "timeout": f"{timeout}s" if timeout is not None else None,
            "maxRetries": spec.get("maxRetries"),
            "serviceAccount": spec.get("serviceAccountName"),
            "nodeSelector": filled({"accelerator": (spec.get("nodeSelector") or {}).get(f"{RUN}accelerator")}),
        }
    )


def seconds(duration: str | None) -> int | None:
    """Whole seconds of a duration.

    >>> seconds("300s")
    300
    """
    return int(float(duration[:-1])) if duration else None


def conditions_v1(document: Document) -> list[Document]:
    """The conditions, the one that sums up first."""
    found = [document["terminalCondition"]] if "terminalCondition" in document else []
    return [_condition(one) for one in (*found, *(document.get("conditions") or ()))]


def _condition(one: Document) -> Document:
    reason = next((one[name] for name in _REASONS if one.get(name)), "")
    state = _STATES.get(one.get("state", ""), "Unknown")
    made = {"type": one["type"], "status": state, "lastTransitionTime": one.get("lastTransitionTime")}
    words = "".join(word.title() for word in reason.split("_"))
    return filled({**made, "reason": words, "message": one.get("message")})
