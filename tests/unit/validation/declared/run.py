"""Services, jobs and worker pools of Cloud Run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.unit.validation.declared.thing import FILE_READER, Deployed, bindings, service_uri


def _container(fields: Mapping[str, Any], port: int | None = None) -> dict[str, Any]:
    env: list[dict[str, Any]] = [{"name": name, "value": value} for name, value in fields["env"].items()]
    for name, secret in fields["secrets"].items():
        reference = {"secret": secret["secret"], "version": secret["version"]}
        env.append({"name": name, "valueSource": {"secretKeyRef": reference}})
    limits = {"cpu": fields["cpu"], "memory": fields["memory"]}
    container: dict[str, Any] = {"image": fields["image"], "env": env, "resources": {"limits": limits}}
    for name, api in (
        ("command", "command"), ("args", "args"), ("working_dir", "workingDir"), ("depends_on", "dependsOn")
    ):  # fmt: skip
        if fields[name]:
            container[api] = fields[name]
    if fields["mounts"]:
        container["volumeMounts"] = [
            {"name": mount["volume"], "mountPath": path} | ({"subPath": mount["sub_path"]} if mount["sub_path"] else {})
            for path, mount in fields["mounts"].items()
        ]
    for name, api in (
        ("startup_probe", "startupProbe"), ("liveness_probe", "livenessProbe"), ("readiness_probe", "readinessProbe")
    ):  # fmt: skip
        if fields.get(name):
            container[api] = _probe(fields[name], port)
    return container


def _containers(fields: Mapping[str, Any], port: int | None = None) -> list[dict[str, Any]]:
    main = _container(fields, port)
    if not fields["sidecars"]:
        return [main]
    return [{"name": "app", **main}, *({"name": n, **_container(s)} for n, s in fields["sidecars"].items())]


def _template(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What the templates of services, jobs and worker pools share, beside the containers."""
    template: dict[str, Any] = {"serviceAccount": fields["service_account"]}
    if fields["volumes"]:
        template["volumes"] = [{"name": name, **_volume(volume)} for name, volume in fields["volumes"].items()]
    if access := fields["vpc_access"]:
        egress = {"private-ranges-only": "PRIVATE_RANGES_ONLY", "all-traffic": "ALL_TRAFFIC"}[access["egress"]]
        way = {"networkInterfaces": [{"subnetwork": access["subnet"], "tags": access["tags"]}]}
        template["vpcAccess"] = {
            "egress": egress,
            **({"connector": access["connector"]} if access["connector"] else way),
        }
    if fields["kms_key"]:
        template["encryptionKey"] = fields["kms_key"]
    return template


def _volume(volume: Mapping[str, Any]) -> dict[str, Any]:
    if secret := volume["secret"]:
        items = [{"path": p, "version": i["version"], "mode": 0o400} for p, i in secret["items"].items()]
        return {"secret": {"secret": secret["secret"], **({"items": items} if items else {})}}
    if memory := volume["memory"]:
        return {"emptyDir": {"medium": "MEMORY", "sizeLimit": memory["size_limit"]}}
    if bucket := volume["bucket"]:
        return {"gcs": {"bucket": bucket["bucket"], "readOnly": bucket["read_only"]}}
    if nfs := volume["nfs"]:
        return {"nfs": {"server": nfs["server"], "path": nfs["path"]}}
    return {"cloudSqlInstance": {"instances": volume["cloud_sql"]}}


def _probe(probe: Mapping[str, Any], port: int | None) -> dict[str, Any]:
    asked = {"port": probe["port"] or port}
    if probe["path"] is not None:
        way: dict[str, Any] = {"httpGet": {"path": probe["path"], **asked}}
    else:
        way = {"tcpSocket": asked} if probe["grpc"] is None else {"grpc": {"service": probe["grpc"], **asked}}
    extra = {"successThreshold": probe["success_threshold"]} if "success_threshold" in probe else {}
    return {
        **way,
        **extra,
        "initialDelaySeconds": probe.get("initial_delay_seconds", 0),
        "timeoutSeconds": probe["timeout_seconds"],
        "periodSeconds": probe["period_seconds"],
        "failureThreshold": probe["failure_threshold"],
    }


def run(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    parent = f"run/v2/projects/{values['project_id']}/locations/{values['region']}"
    ready = {"terminalCondition": {"type": "Ready", "state": "CONDITION_SUCCEEDED"}}
    ingress = {"all": "INGRESS_TRAFFIC_ALL", "internal": "INGRESS_TRAFFIC_INTERNAL_ONLY"}
    for id, service in sub["services"].items():
        containers = _containers(service, service["port"])
        container = containers[0]
        container["ports"] = [{"name": "h2c" if service["http2"] else "http1", "containerPort": service["port"]}]
        container["resources"] |= {"cpuIdle": service["cpu_idle"], "startupCpuBoost": service["startup_cpu_boost"]}
        document = {
            "ingress": ingress[service["ingress"]],
            "labels": {**common, **service["labels"]},
            "template": {
                "containers": containers,
                **_template(service),
                "timeout": service["timeout"],
                "maxInstanceRequestConcurrency": service["concurrency"],
                "scaling": {"minInstanceCount": service["min_instances"], "maxInstanceCount": service["max_instances"]},
            },
        }
        for name, api in (
            ("description", "description"), ("annotations", "annotations"), ("custom_audiences", "customAudiences")
        ):  # fmt: skip
            if service[name]:
                document[api] = service[name]
        if service["traffic"]:
            document["traffic"] = [
                {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_" + ("LATEST" if name == "latest" else "REVISION")}
                | ({} if name == "latest" else {"revision": f"{id}-{name}"})
                | {"percent": target["percent"], "tag": target["tag"]}
                for name, target in service["traffic"].items()
            ]
        policy, granted = f"{parent}/services/{id}:getIamPolicy", bindings(service)
        if service["connections"]:
            granted.append({"role": "roles/run.invoker", "members": [f"serviceAccount:{FILE_READER}"]})
        yield Deployed(f"{parent}/services", id, document, {"uri": service_uri(id), **ready}, policy, granted)
    for id, pool in sub["worker_pools"].items():
        document = {
            "labels": {**common, **pool["labels"]},
            "scaling": {
                "scalingMode": "AUTOMATIC",
                "minInstanceCount": pool["scaling"]["min_instances"],
                "maxInstanceCount": pool["scaling"]["max_instances"],
            }
            if pool["scaling"]
            else {"scalingMode": "MANUAL", "manualInstanceCount": pool["instances"]},
            "template": {"containers": _containers(pool), **_template(pool)},
        }
        policy = f"{parent}/workerPools/{id}:getIamPolicy"
        yield Deployed(f"{parent}/workerPools", id, document, ready, policy, bindings(pool))
    for id, job in sub["jobs"].items():
        template = {
            "containers": _containers(job),
            **_template(job),
            "timeout": job["timeout"],
            "maxRetries": job["max_retries"],
        }
        outer: dict[str, Any] = {"taskCount": job["tasks"], "template": template}
        if job["parallelism"]:
            outer["parallelism"] = job["parallelism"]
        document = {"labels": {**common, **job["labels"]}, "template": outer}
        yield Deployed(f"{parent}/jobs", id, document, ready, f"{parent}/jobs/{id}:getIamPolicy", bindings(job))
