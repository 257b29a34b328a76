"""Each kind of Cloud Run v1 as a view of its resource of v2, and what a v1 document says of one."""

from __future__ import annotations

from typing import Any

from sandbox.apis.run.knative import RUN, SERVING, conditions_v1, metadata_v1, metadata_v2, template_v1, template_v2
from sandbox.apis.run.knative_parts import Document, filled

_LATEST = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
_BY_REVISION = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
_SPLIT_LATEST = "INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST"
_SPLIT_REVISION = "INSTANCE_SPLIT_ALLOCATION_TYPE_REVISION"


def _last(name: Any) -> str:
    return str(name or "").rpartition("/")[2]


def _status(document: Document) -> Document:
    return {
        "observedGeneration": int(document.get("observedGeneration") or 0),
        "conditions": conditions_v1(document),
        "latestReadyRevisionName": _last(document.get("latestReadyRevision")),
        "latestCreatedRevisionName": _last(document.get("latestCreatedRevision")),
    }


def _target(target: Document, latest: str = "") -> Document:
    is_latest = target.get("type") == _LATEST
    made: Document = {"revisionName": _last(target.get("revision")) or latest, "percent": target.get("percent")}
    made |= {"tag": target.get("tag"), "url": target.get("uri")}
    return filled({**made, "latestRevision": True if is_latest else None})


def _traffic(document: Document) -> Document:
    latest = _last(document.get("latestReadyRevision"))
    traffic = [_target(one, latest) for one in document.get("trafficStatuses") or ()]
    address = {"url": document["uri"]} if document.get("uri") else {}
    return {"traffic": traffic, "url": document.get("uri"), "address": address}


def service(document: Document) -> Document:
    """A Service."""
    spec = {"template": template_v1(document["template"])}
    traffic = [_target(one) for one in document.get("traffic") or ()]
    status = filled({**_status(document), **_traffic(document)})
    return {"metadata": metadata_v1(document), "spec": {**spec, "traffic": traffic}, "status": status}


def configuration(document: Document) -> Document:
    """The Configuration of a service."""
    labels = {f"{SERVING}service": _last(document["name"])}
    spec = {"template": template_v1(document["template"])}
    return {"metadata": metadata_v1(document, labels), "spec": spec, "status": filled(_status(document))}


def route(document: Document) -> Document:
    """The Route of a service."""
    labels = {f"{SERVING}service": _last(document["name"])}
    status = {"observedGeneration": int(document.get("observedGeneration") or 0), "conditions": conditions_v1(document)}
    spec = {"traffic": [_target(one) for one in document.get("traffic") or ()]}
    return {
        "metadata": metadata_v1(document, labels),
        "spec": spec,
        "status": filled({**status, **_traffic(document)}),
    }


def service_v2(body: Document, old: Document) -> Document:
    """The v2 service that a v1 document says; what v1 has no word for stays."""
    given = body["spec"]
    template = given.get("template") or {}
    spec = template_v2(template.get("metadata") or {}, template.get("spec") or {}, "a revision template")
    made = {**metadata_v2(body["metadata"], "a service"), "template": spec}
    if given.get("traffic"):
        made["traffic"] = [
            filled(
                {
                    "type": _LATEST if target.get("latestRevision") else _BY_REVISION,
                    "revision": None if target.get("latestRevision") else target.get("revisionName"),
                    "percent": target.get("percent"),
                    "tag": target.get("tag"),
                }
            )
            for target in given["traffic"]
        ]
    kept = ("buildConfig", "threatDetectionEnabled", "binaryAuthorization", "multiRegionSettings")
    return {**{name: old[name] for name in kept if name in old}, **made}


def revision(document: Document) -> Document:
    """A Revision, of a service or of a worker pool."""
    shown = template_v1({**document, "revision": ""})
    labels = {f"{SERVING}service": document.get("service"), f"{SERVING}configuration": document.get("service")}
    kind, owner = str(document["name"]).split("/")[-4:-2]
    if kind == "workerPools":
        labels = {f"{RUN}workerPool": owner}
    metadata = metadata_v1({**document, "annotations": {}}, filled(labels), ())
    metadata["annotations"] = {**shown["metadata"].get("annotations", {}), **metadata.get("annotations", {})}
    conditions = conditions_v1(document)
    status = {
        "observedGeneration": int(document.get("observedGeneration") or document.get("generation") or 1),
        "conditions": conditions,
        "serviceName": document.get("service"),
        "logUrl": document.get("logUri"),
    }
    return {"metadata": metadata, "spec": shown["spec"], "status": filled(status)}


def _execution_spec(template: Document, count: Any, parallelism: Any) -> tuple[Document, Document]:
    """The annotations and the spec of a template of executions."""
    shown = template_v1(template)
    spec = {"taskCount": count, "parallelism": parallelism or None, "template": {"spec": shown["spec"]}}
    return shown["metadata"].get("annotations", {}), filled(spec)


def job(document: Document) -> Document:
    """A Job."""
    template = document["template"]
    notes, spec = _execution_spec(template["template"], template.get("taskCount"), template.get("parallelism"))
    annotations = {**(template.get("annotations") or {}), **notes}
    metadata = filled({"labels": template.get("labels"), "annotations": annotations})
    latest = document.get("latestCreatedExecution") or {}
    created = {
        "name": latest.get("name"),
        "creationTimestamp": latest.get("createTime"),
        "completionTimestamp": latest.get("completionTime"),
        "completionStatus": latest.get("completionStatus"),
    }
    status = {
        "observedGeneration": int(document.get("observedGeneration") or 0),
        "conditions": conditions_v1(document),
        "executionCount": document.get("executionCount"),
        "latestCreatedExecution": filled(created),
    }
    template = filled({"metadata": metadata, "spec": spec})
    return {"metadata": metadata_v1(document), "spec": {"template": template}, "status": filled(status)}


def job_v2(body: Document, old: Document) -> Document:
    """The v2 job that a v1 document says."""
    outer = body["spec"].get("template") or {}
    spec, metadata = outer.get("spec") or {}, outer.get("metadata") or {}
    template = template_v2(metadata, (spec.get("template") or {}).get("spec") or {}, "an execution template")
    around: Document = {name: template.pop(name) for name in ("labels", "annotations") if name in template}
    around |= filled({"taskCount": spec.get("taskCount"), "parallelism": spec.get("parallelism")})
    made = metadata_v2(body["metadata"], "a job")
    return {**made, "template": {**around, "template": template}}


def execution(document: Document) -> Document:
    """An Execution."""
    notes, spec = _execution_spec(document["template"], document.get("taskCount"), document.get("parallelism"))
    metadata = metadata_v1(document, {f"{RUN}job": document["job"]}, ())
    metadata["annotations"] = {**notes, **metadata.get("annotations", {})}
    conditions = conditions_v1(document)
    if document.get("startTime"):
        begun = {"status": "True", "lastTransitionTime": document["startTime"]}
        conditions += [{"type": kind, **begun} for kind in ("ResourcesAvailable", "Started", "ContainerReady")]
    counts = ("succeededCount", "failedCount", "runningCount", "cancelledCount", "retriedCount")
    status = {
        "observedGeneration": int(document.get("observedGeneration") or 0),
        "conditions": conditions,
        "startTime": document.get("startTime"),
        "completionTime": document.get("completionTime"),
        "logUri": document.get("logUri"),
        **{name: document.get(name) for name in counts},
    }
    return {"metadata": metadata, "spec": spec, "status": filled(status)}


def task(document: Document) -> Document:
    """A Task."""
    labels = {f"{RUN}job": document["job"], f"{RUN}execution": document["execution"]}
    result = document.get("lastAttemptResult") or {}
    attempt = {"exitCode": result.get("exitCode"), "status": result.get("status")}
    status = {
        "observedGeneration": 1,
        "conditions": conditions_v1(document),
        "startTime": document.get("startTime"),
        "completionTime": document.get("completionTime"),
        "index": document.get("index"),
        "retried": document.get("retried"),
        "lastAttemptResult": filled(attempt),
    }
    template = template_v1(document.get("template") or document)
    return {"metadata": metadata_v1(document, labels, ()), "spec": template["spec"], "status": filled(status)}


def _split(split: Document) -> Document:
    latest = split.get("type") == _SPLIT_LATEST
    name = None if latest else _last(split.get("revision"))
    return filled({"revisionName": name, "percent": split.get("percent"), "latestRevision": latest or None})


def pool(document: Document) -> Document:
    """A WorkerPool."""
    spec = {"template": template_v1(document["template"])}
    splits = {"instanceSplits": [_split(one) for one in document.get("instanceSplits") or ()]}
    statuses = {"instanceSplits": [_split(one) for one in document.get("instanceSplitStatuses") or ()]}
    status = filled({**_status(document), **statuses})
    return {"metadata": metadata_v1(document), "spec": filled({**spec, **splits}), "status": status}


def pool_v2(body: Document, old: Document) -> Document:
    """The v2 worker pool that a v1 document says."""
    template = body["spec"].get("template") or {}
    spec = template_v2(template.get("metadata") or {}, template.get("spec") or {}, "a revision template")
    for name in ("maxInstanceRequestConcurrency", "timeout"):
        spec.pop(name, None)
    made = {**metadata_v2(body["metadata"], "a worker pool"), "template": spec}
    if body["spec"].get("instanceSplits"):
        made["instanceSplits"] = [
            filled(
                {
                    "type": _SPLIT_LATEST if split.get("latestRevision") else _SPLIT_REVISION,
                    "revision": split.get("revisionName"),
                    "percent": split.get("percent"),
                }
            )
            for split in body["spec"]["instanceSplits"]
        ]
    return made


def overrides_v2(overrides: Document) -> Document:
    """What one run changes."""
    containers = [
        filled(
            {
                "name": one.get("name"),
                "args": one.get("args"),
                "clearArgs": one.get("clearArgs"),
                "env": [{"name": each["name"], "value": each.get("value", "")} for each in one.get("env") or ()],
            }
        )
        for one in overrides.get("containerOverrides") or ()
    ]
    timeout = overrides.get("timeoutSeconds")
    return filled(
        {
            "containerOverrides": containers,
            "taskCount": overrides.get("taskCount"),
            "timeout": f"{timeout}s" if timeout else None,
        }
    )
