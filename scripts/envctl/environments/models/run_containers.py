"""What the containers of Cloud Run have in common: sizes, variables, volumes, probes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import BucketPath, FieldError, Model, SecretPath, Template, matching

_RESERVED_ENV = {"PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION"}
EnvName = Annotated[str, matching(r"[A-Za-z_][A-Za-z0-9_]*", "a name of letters, digits and _")]
Cpu = Annotated[str, matching(r"[1-9][0-9]*m|[1-9][0-9]*|0?\.[0-9]+", 'vCPUs such as "1", "2" or "500m"')]
Memory = Annotated[str, matching(r"[1-9][0-9]*(Mi|Gi)", 'memory such as "512Mi" or "4Gi"')]
PartName = Annotated[
    str, matching(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "a name of lower-case letters, digits or - (at most 63)")
]
MountPath = Annotated[str, matching(r"(/[A-Za-z0-9._-]+)+", 'a full path, such as "/var/cache"')]
FilePath = Annotated[
    str, matching(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*", "a file's path below the volume")
]
FileMode = Annotated[str, matching(r"0[0-7]{3}", 'the mode of a file in octal, such as "0444"')]
MAIN = "app"
"""The name of the container that takes the requests; what side-cars wait for."""


def cpus(cpu: str) -> float:
    """vCPUs as a number.

    >>> cpus("500m")
    0.5
    """
    return float(cpu[:-1]) / 1000 if cpu.endswith("m") else float(cpu)


def mebibytes(memory: str) -> int:
    """Memory in MiB.

    >>> mebibytes("4Gi")
    4096
    """
    number = int(memory[:-2])
    return number * 1024 if memory.endswith("Gi") else number


class SecretVariable(Model):
    """An environment variable whose value Secret Manager holds."""

    secret: SecretPath
    version: str = Field(default="latest", pattern=r"^(latest|[1-9][0-9]*)$")


class _Asked(Model):
    """What a probe asks: a path by HTTP, a gRPC health service, or a TCP connection."""

    path: str | None = Field(default=None, pattern=r"^/", description="Asked by HTTP GET.")
    grpc: str | None = Field(default=None, description='The gRPC health service; "" is the server as a whole.')
    port: int | None = Field(default=None, ge=1, le=65535, description="By default the container's.")
    timeout_seconds: int = Field(default=1, ge=1, le=3600)
    period_seconds: int = Field(default=10, ge=1, le=3600)
    failure_threshold: int = Field(default=3, ge=1)

    @model_validator(mode="after")
    def _timeout_within_period(self) -> Self:
        if self.timeout_seconds > self.period_seconds:
            raise FieldError(f"timeout_seconds is at most period_seconds ({self.period_seconds})", "timeout_seconds")
        return self


class Probe(_Asked):
    """A startup or liveness probe."""

    tcp: bool = Field(default=False, description="Whether a TCP connection suffices.")
    headers: dict[str, str] = Field(default={}, description="With path: headers of the request.")
    initial_delay_seconds: int = Field(default=0, ge=0, le=240)

    @model_validator(mode="after")
    def _asks_in_one_way(self) -> Self:
        if sum((self.path is not None, self.grpc is not None, self.tcp)) != 1:
            raise ValueError("a probe asks in one way: path (HTTP), grpc or tcp: true")
        if self.headers and self.path is None:
            raise FieldError("headers go with path", "headers")
        return self


class ReadinessProbe(_Asked):
    """Whether an instance gets requests: it is left out while the probe fails, and not ended."""

    success_threshold: int = Field(default=2, ge=1, description="How often it succeeds before requests come again.")

    @model_validator(mode="after")
    def _asks_in_one_way(self) -> Self:
        if (self.path is None) == (self.grpc is None):
            raise ValueError("a readiness probe asks in one way: path (HTTP) or grpc")
        return self


class SecretFile(Model):
    """A version of the secret as a file."""

    version: str = Field(default="latest", pattern=r"^(latest|[1-9][0-9]*)$")
    mode: FileMode | None = None


class SecretVolume(Model):
    """A secret as files; without `items`, its latest version as one file named like it."""

    secret: SecretPath
    items: dict[FilePath, SecretFile] = {}
    mode: FileMode | None = Field(default=None, description="Of the files that say nothing else.")


class MemoryVolume(Model):
    """A folder in memory, which counts as the instance's, shared by its containers."""

    size_limit: Memory | None = Field(default=None, description="By default the instance's memory.")


class BucketVolume(Model):
    """A bucket as a folder."""

    bucket: BucketPath
    read_only: bool = True
    mount_options: list[str] = Field(default=[], description="Of Cloud Storage FUSE, without the dashes.")


class NfsVolume(Model):
    """A folder of an NFS server, such as Filestore."""

    server: Annotated[str, Template()] = Field(min_length=1)
    path: str = Field(default="/", pattern=r"^/")
    read_only: bool = False


SqlInstance = Annotated[
    str, matching(r"[^:\s]+:[^:\s]+:[^:\s]+", "a connection name (project:region:instance)"), Template()
]


class Volume(Model):
    """Something that containers mount."""

    secret: SecretVolume | None = None
    memory: MemoryVolume | None = None
    bucket: BucketVolume | None = None
    nfs: NfsVolume | None = None
    cloud_sql: list[SqlInstance] | None = Field(default=None, min_length=1, description="Sockets below the mount.")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum(v is not None for v in (self.secret, self.memory, self.bucket, self.nfs, self.cloud_sql)) != 1:
            raise ValueError("a volume is of one kind: secret, memory, bucket, nfs or cloud_sql")
        return self


class Mount(Model):
    """A volume, or a part of it, at a path of a container."""

    volume: PartName
    sub_path: FilePath | None = None


class ContainerParts(Model):
    """What any container has."""

    image: Annotated[str, Template()] = Field(min_length=1)
    cpu: Cpu = "1"
    memory: Memory = "512Mi"
    command: list[str] = []
    args: list[str] = []
    working_dir: str | None = Field(default=None, pattern=r"^/")
    env: dict[EnvName, Annotated[str, Template()]] = {}
    secrets: dict[EnvName, SecretVariable] = Field(default={}, description="Environment variables from Secret Manager.")
    mounts: dict[MountPath, Mount] = Field(default={}, description="Volumes by the path they are mounted at.")
    depends_on: list[PartName] = Field(default=[], description="Containers that have started before it starts.")

    @model_validator(mode="after")
    def _variables_are_allowed(self) -> Self:
        both = sorted(self.env.keys() & self.secrets.keys())
        if both:
            raise FieldError(f"{both[0]} is in env and in secrets", "secrets", both[0])
        reserved = sorted((self.env.keys() | self.secrets.keys()) & _RESERVED_ENV)
        if reserved:
            raise FieldError(
                f"{reserved[0]} is set by Cloud Run itself",
                "env" if reserved[0] in self.env else "secrets",
                reserved[0],
            )
        return self

    @model_validator(mode="after")
    def _size_is_allowed(self) -> Self:
        vcpus, memory = cpus(self.cpu), mebibytes(self.memory)
        if vcpus not in (1, 2, 4, 6, 8) and not 0.08 <= vcpus < 1:
            raise FieldError(f'cpu is 0.08 to 1, or 1, 2, 4, 6, 8: not "{self.cpu}"', "cpu")
        largest = 512 if vcpus < 0.5 else 1024 if vcpus < 1 else {1: 4, 2: 8, 4: 16, 6: 24, 8: 32}[int(vcpus)] * 1024
        smallest = {4: 2048, 6: 4096, 8: 4096}.get(int(vcpus), 128)
        if not smallest <= memory <= largest:
            raise FieldError(f"memory with {self.cpu} vCPU is {smallest}Mi to {largest}Mi, not {self.memory}", "memory")
        return self


class Sidecar(ContainerParts):
    """A container beside the main one, on the same loopback address."""

    startup_probe: Probe | None = Field(default=None, description="Without one, others that wait for it don't wait.")
    liveness_probe: Probe | None = None

    @model_validator(mode="after")
    def _probes_say_the_port(self) -> Self:
        say_the_port(self.startup_probe, self.liveness_probe)
        return self


def say_the_port(startup: Probe | None, liveness: Probe | None) -> None:
    """Refuse probes without a port, where the container has none that is known."""
    for name, probe in (("startup_probe", startup), ("liveness_probe", liveness)):
        if probe is not None and probe.port is None:
            raise FieldError("the container has no port of its own: say which port is asked", name, "port")


class VpcAccess(Model):
    """The way into the VPC: directly from a subnet, or through a connector."""

    subnet: str | None = Field(default=None, min_length=1, description="A subnet of the environment's network.")
    connector: Annotated[str, Template()] | None = Field(default=None, min_length=1)
    egress: Literal["private-ranges-only", "all-traffic"] = "private-ranges-only"
    tags: list[PartName] = Field(default=[], description="With subnet: network tags, for firewall rules.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.subnet is None) == (self.connector is None):
            raise ValueError("vpc_access goes through a subnet or through a connector: give one of the two")
        if self.tags and self.subnet is None:
            raise FieldError("tags go with subnet", "tags")
        return self


class Gpu(Model):
    """A GPU for each instance."""

    type: Literal["nvidia-l4", "nvidia-rtx-pro-6000"] = "nvidia-l4"
    zonal_redundancy: bool = Field(default=False, description="Capacity in a second zone is kept, and paid for.")


class BinaryAuthorization(Model):
    """Which images may run: as the project's policy says, or another one."""

    policy: str | None = Field(
        default=None,
        pattern=r"^projects/[^/]+/platforms/cloudRun/policies/[^/]+$",
        description="By default the project's.",
    )
    breakglass_justification: str | None = Field(default=None, min_length=1, description="Deploys in spite of it.")


class Client(Model):
    """The tool that deploys, as it is to be shown."""

    name: str = Field(min_length=1)
    version: str | None = None


def mounted_wrongly(
    volumes: Mapping[str, Volume], containers: Iterator[tuple[tuple[str, ...], ContainerParts]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What mounts name that isn't there, with the path of the field."""
    for path, container in containers:
        for place, mount in container.mounts.items():
            if mount.volume not in volumes:
                yield f'there is no volume "{mount.volume}"', (*path, "mounts", place, "volume")


def start_order(dependencies: Mapping[str, list[str]]) -> list[str] | None:
    """Names in an order in which each comes after what it depends on; None where they wait for each other.

    >>> start_order({"app": ["proxy"], "proxy": []}), start_order({"a": ["b"], "b": ["a"]})
    (['proxy', 'app'], None)
    """
    order: list[str] = []
    while len(order) < len(dependencies):
        ready = [name for name, after in dependencies.items() if name not in order and set(after) <= set(order)]
        if not ready:
            return None
        order += ready
    return order
