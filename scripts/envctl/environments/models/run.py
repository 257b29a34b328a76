"""Cloud Run services and jobs."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import FieldError, Labels, Model, Seconds, SecretPath, ServiceAccountPath, Template, matching, within
from .iam import Grants

_RESERVED_ENV = {"PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION"}
EnvName = Annotated[str, matching(r"[A-Za-z_][A-Za-z0-9_]*", "a name of letters, digits and _")]
Cpu = Annotated[str, matching(r"[1-9][0-9]*m|[1-9][0-9]*|0?\.[0-9]+", 'vCPUs such as "1", "2" or "500m"')]
Memory = Annotated[str, matching(r"[1-9][0-9]*(Mi|Gi)", 'memory such as "512Mi" or "4Gi"')]


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


class Probe(Model):
    """An HTTP probe."""

    path: str = Field(pattern=r"^/")
    initial_delay_seconds: int = Field(default=0, ge=0, le=240)
    timeout_seconds: int = Field(default=1, ge=1, le=3600)
    period_seconds: int = Field(default=10, ge=1, le=3600)
    failure_threshold: int = Field(default=3, ge=1)

    @model_validator(mode="after")
    def _timeout_within_period(self) -> Self:
        if self.timeout_seconds > self.period_seconds:
            raise FieldError(f"timeout_seconds is at most period_seconds ({self.period_seconds})", "timeout_seconds")
        return self


class Container(Model):
    """What services and jobs share."""

    image: Annotated[str, Template()] = Field(min_length=1)
    service_account: ServiceAccountPath
    cpu: Cpu = "1"
    memory: Memory = "512Mi"
    command: list[str] = []
    args: list[str] = []
    env: dict[EnvName, Annotated[str, Template()]] = {}
    secrets: dict[EnvName, SecretVariable] = Field(default={}, description="Environment variables from Secret Manager.")
    deletion_protection: bool | None = Field(default=None, description="By default the environment's.")
    labels: Labels = {}
    grants: Grants = {}

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


class Service(Container):
    """A Cloud Run service. Its name is its key. Its address is closed to the world unless a grant opens it."""

    port: int = Field(default=8080, ge=1, le=65535)
    min_instances: int = Field(default=0, ge=0)
    max_instances: int = Field(default=1, ge=1, le=1000)
    concurrency: int = Field(default=80, ge=1, le=1000, description="Requests one instance handles at once.")
    timeout: Annotated[Seconds, within(1, 3600, "timeout")] = "300s"
    cpu_idle: bool = Field(default=True, description="CPU only while a request is handled.")
    startup_cpu_boost: bool = False
    ingress: Literal["all", "internal", "internal-and-cloud-load-balancing"] = "internal"
    startup_probe: Probe | None = None
    liveness_probe: Probe | None = None

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


class Job(Container):
    """A Cloud Run job. Its name is its key."""

    tasks: int = Field(default=1, ge=1, le=10_000)
    parallelism: int = Field(default=0, ge=0, description="Tasks at once; 0 lets Cloud Run choose.")
    max_retries: int = Field(default=3, ge=0, le=10)
    timeout: Annotated[Seconds, within(1, 604_800, "timeout")] = "600s"

    @model_validator(mode="after")
    def _size_and_tasks_are_allowed(self) -> Self:
        if cpus(self.cpu) < 1:
            raise FieldError(f'a job has at least one vCPU, not "{self.cpu}"', "cpu")
        if mebibytes(self.memory) < 512:
            raise FieldError(f"a job has at least 512Mi, not {self.memory}", "memory")
        if self.parallelism > self.tasks:
            raise FieldError(f"parallelism is at most tasks ({self.tasks})", "parallelism")
        return self
