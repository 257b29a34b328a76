"""Cloud Run services, jobs and worker pools."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import (
    FieldError,
    KmsKeyPath,
    Labels,
    Model,
    ResourceTags,
    Seconds,
    ServiceAccountPath,
    TimeZone,
    matching,
    within,
)
from .cron import Cron
from .iam import Grants, Iap
from .orchestration import Retry
from .run_containers import (
    MAIN,
    BinaryAuthorization,
    Client,
    ContainerParts,
    Gpu,
    PartName,
    Probe,
    ReadinessProbe,
    Sidecar,
    Volume,
    VpcAccess,
    cpus,
    mebibytes,
    mounted_wrongly,
    say_the_port,
    start_order,
)

_OWN_ANNOTATIONS = ("run.googleapis.com/", "cloud.googleapis.com/", "serving.knative.dev/", "autoscaling.knative.dev/")
Suffix = Annotated[
    str,
    matching(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", "the end of a revision's name: lower-case letters, digits or -"),
]
NEWEST = "latest"
"""The newest revision that is ready, as `traffic` names it."""


class Container(ContainerParts):
    """What services, jobs and worker pools share."""

    service_account: ServiceAccountPath
    sidecars: dict[PartName, Sidecar] = Field(default={}, description=f'Beside the main container, which is "{MAIN}".')
    volumes: dict[PartName, Volume] = {}
    vpc_access: VpcAccess | None = None
    gpu: Gpu | None = None
    kms_key: KmsKeyPath | None = Field(default=None, description="Encrypts what is kept of the image and its files.")
    binary_authorization: BinaryAuthorization | None = None
    client: Client | None = None
    launch_stage: Literal["GA", "BETA", "ALPHA"] = "GA"
    annotations: dict[str, str] = {}
    deletion_protection: bool | None = Field(default=None, description="By default the environment's.")
    labels: Labels = {}
    grants: Grants = {}

    def containers(self) -> Iterator[tuple[tuple[str, ...], ContainerParts]]:
        """The main container and the side-cars, each with its path."""
        yield (), self
        for name, sidecar in self.sidecars.items():
            yield ("sidecars", name), sidecar

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        if MAIN in self.sidecars:
            raise FieldError(f'"{MAIN}" is the main container; give the side-car another name', "sidecars", MAIN)
        for message, path in mounted_wrongly(self.volumes, self.containers()):
            raise FieldError(message, *path)
        names = {MAIN, *self.sidecars}
        for path, container in self.containers():
            for index, name in enumerate(container.depends_on):
                if name not in names:
                    raise FieldError(f'there is no container "{name}"', *path, "depends_on", index)
        waits = {path[-1] if path else MAIN: container.depends_on for path, container in self.containers()}
        if start_order(waits) is None:
            raise FieldError("the containers wait for each other", "depends_on" if self.depends_on else "sidecars")
        return self

    @model_validator(mode="after")
    def _annotations_are_allowed(self) -> Self:
        for key in self.annotations:
            if key.startswith(_OWN_ANNOTATIONS):
                raise FieldError("annotations of Google's own are fields of Cloud Run", "annotations", key)
        return self

    @model_validator(mode="after")
    def _gpu_has_room(self) -> Self:
        if self.gpu is not None and (cpus(self.cpu) < 4 or mebibytes(self.memory) < 16 * 1024):
            raise FieldError("a GPU needs at least 4 vCPUs and 16Gi", "gpu")
        return self


class ServiceScaling(Model):
    """Instances of the service as a whole, over all its revisions."""

    min_instances: int | None = Field(default=None, ge=0, description="Shared by the revisions that get requests.")
    max_instances: int | None = Field(default=None, ge=1)
    manual_instances: int | None = Field(default=None, ge=0, description="So many, always: no scaling by requests.")

    @model_validator(mode="after")
    def _one_mode(self) -> Self:
        low, high = self.min_instances, self.max_instances
        if self.manual_instances is not None and (low is not None or high is not None):
            raise FieldError("manual_instances leaves no min_instances or max_instances", "manual_instances")
        if low is not None and high is not None and low > high:
            raise FieldError(f"min_instances is at most max_instances ({high})", "min_instances")
        return self


class Traffic(Model):
    """What a revision gets of the requests."""

    percent: int = Field(default=0, ge=0, le=100)
    tag: PartName | None = Field(default=None, description="An address of its own, tag---….")


class Service(Container):
    """A Cloud Run service. Its name is its key. Its address is closed to the world unless a grant opens it."""

    description: str = Field(default="", max_length=512)
    port: int = Field(default=8080, ge=1, le=65535)
    http2: bool = Field(default=False, description="HTTP/2 without TLS to the container (h2c), which gRPC needs.")
    min_instances: int = Field(default=0, ge=0)
    max_instances: int = Field(default=1, ge=1, le=1000)
    service_scaling: ServiceScaling | None = None
    concurrency: int = Field(default=80, ge=1, le=1000, description="Requests one instance handles at once.")
    timeout: Annotated[Seconds, within(1, 3600, "timeout")] = "300s"
    session_affinity: bool = Field(default=False, description="A client's requests go to one instance, if they can.")
    cpu_idle: bool = Field(default=True, description="CPU only while a request is handled.")
    startup_cpu_boost: bool = False
    execution_environment: Literal["gen1", "gen2"] | None = Field(
        default=None, description="By default Google's choice."
    )
    ingress: Literal["all", "internal", "internal-and-cloud-load-balancing"] = "internal"
    default_url: bool = Field(default=True, description="false: reached through a load balancer only.")
    invoker_check: bool = Field(default=True, description="false: anybody who reaches it may call it.")
    iap: Iap | None = Field(default=None, description="Sign people in before the service; by default nobody asks.")
    custom_audiences: list[str] = Field(default=[], description="Audiences of ID tokens it takes besides its address.")
    revision: Suffix | None = Field(default=None, description="Names the revision SERVICE-SUFFIX; by default numbered.")
    traffic: dict[Suffix, Traffic] = Field(
        default={}, description=f'By the revision\'s suffix, or "{NEWEST}"; by default all to the newest.'
    )
    startup_probe: Probe | None = None
    liveness_probe: Probe | None = None
    readiness_probe: ReadinessProbe | None = None
    tags: ResourceTags = Field(default={}, description="Of Resource Manager; another one replaces the service.")

    @model_validator(mode="after")
    def _instances_and_concurrency(self) -> Self:
        if self.min_instances > self.max_instances:
            raise FieldError(
                f"min_instances ({self.min_instances}) is at most max_instances ({self.max_instances})", "min_instances"
            )
        if self.concurrency > 1 and cpus(self.cpu) < 1:
            message = "Cloud Run refuses a concurrency above 1 below one vCPU: set cpu to 1 or concurrency to 1"
            raise FieldError(message, "concurrency" if "concurrency" in self.model_fields_set else "cpu")
        if not self.cpu_idle and cpus(self.cpu) < 1:
            raise FieldError("Cloud Run refuses cpu_idle: false below one vCPU", "cpu_idle")
        return self

    @model_validator(mode="after")
    def _traffic_is_whole(self) -> Self:
        if self.traffic and sum(target.percent for target in self.traffic.values()) != 100:
            raise FieldError("the percents of traffic add up to 100", "traffic")
        tags = [target.tag for target in self.traffic.values() if target.tag is not None]
        if len(tags) != len(set(tags)):
            raise FieldError("a tag is given to one revision", "traffic")
        return self

    @model_validator(mode="after")
    def _closed_unless_said(self) -> Self:
        if not self.invoker_check and self.ingress == "all":
            raise FieldError("invoker_check: false with ingress: all would open it to the world", "invoker_check")
        if self.gpu is not None and self.cpu_idle:
            raise FieldError("a GPU needs cpu_idle: false", "gpu")
        if self.execution_environment == "gen1":
            kinds = {kind for v in self.volumes.values() for kind in ("bucket", "nfs") if getattr(v, kind) is not None}
            if kinds:
                raise FieldError(f"gen1 mounts no {min(kinds)} volume", "execution_environment")
        return self


class JobSchedule(Model):
    """When a job runs by itself: a Cloud Scheduler job is made that may run this job, and nothing else."""

    cron: Cron = Field(description='Unix cron, such as "0 18 * * 1-5".')
    time_zone: TimeZone | None = Field(default=None, description="By default the environment's.")
    paused: bool = False
    service_account: ServiceAccountPath | None = Field(default=None, description="By default the job's own.")
    retry: Retry | None = None


class Job(Container):
    """A Cloud Run job. Its name is its key."""

    tasks: int = Field(default=1, ge=1, le=10_000)
    parallelism: int = Field(default=0, ge=0, description="Tasks at once; 0 lets Cloud Run choose.")
    max_retries: int = Field(default=3, ge=0, le=10)
    timeout: Annotated[Seconds, within(1, 604_800, "timeout")] = "600s"
    execution_environment: Literal["gen1", "gen2"] | None = Field(
        default=None, description="By default Google's choice."
    )
    tags: ResourceTags = Field(default={}, description="Of Resource Manager; another one replaces the job.")
    schedule: JobSchedule | None = None

    @model_validator(mode="after")
    def _size_and_tasks_are_allowed(self) -> Self:
        if cpus(self.cpu) < 1:
            raise FieldError(f'a job has at least one vCPU, not "{self.cpu}"', "cpu")
        if mebibytes(self.memory) < 512:
            raise FieldError(f"a job has at least 512Mi, not {self.memory}", "memory")
        if self.parallelism > self.tasks:
            raise FieldError(f"parallelism is at most tasks ({self.tasks})", "parallelism")
        if self.schedule is not None and "schedule" in self.grants:
            raise FieldError('the grant "schedule" is the one of its schedule; rename this one', "grants", "schedule")
        for name, sidecar in self.sidecars.items():
            if sidecar.liveness_probe is not None:
                raise FieldError("a job has no liveness probes", "sidecars", name, "liveness_probe")
        return self


class PoolScaling(Model):
    """How many instances of a worker pool run, as Cloud Run finds by their load."""

    min_instances: int = Field(default=0, ge=0, le=1000)
    max_instances: int = Field(ge=1, le=1000)

    @model_validator(mode="after")
    def _least_is_at_most_the_most(self) -> Self:
        if self.min_instances > self.max_instances:
            raise FieldError(f"min_instances is at most max_instances ({self.max_instances})", "min_instances")
        return self


class WorkerPool(Container):
    """A Cloud Run worker pool: containers that always run and take no requests, such as consumers of a queue."""

    description: str = Field(default="", max_length=512)
    instances: int = Field(default=1, ge=0, le=1000, description="How many run, always; 0 stops it.")
    scaling: PoolScaling | None = Field(default=None, description="In place of instances: by load, between two bounds.")
    revision: Suffix | None = Field(default=None, description="Names the revision POOL-SUFFIX; by default numbered.")
    splits: dict[Suffix, int] = Field(
        default={}, description=f'Percents of the instances by the revision\'s suffix, or "{NEWEST}".'
    )
    startup_probe: Probe | None = None
    liveness_probe: Probe | None = None

    @model_validator(mode="after")
    def _size_and_splits_are_allowed(self) -> Self:
        if cpus(self.cpu) < 1:
            raise FieldError(f'a worker pool has at least one vCPU, not "{self.cpu}"', "cpu")
        if mebibytes(self.memory) < 512:
            raise FieldError(f"a worker pool has at least 512Mi, not {self.memory}", "memory")
        if self.scaling is not None and "instances" in self.model_fields_set:
            raise FieldError("scaling says how many run; instances is for a pool without it", "instances")
        say_the_port(self.startup_probe, self.liveness_probe)
        if self.splits and sum(self.splits.values()) != 100:
            raise FieldError("the percents of splits add up to 100", "splits")
        return self
