"""Artifact Registry repositories."""

from typing import Literal, Self

from pydantic import Field, model_validator

from .base import FieldError, Labels, Model, Place
from .iam import Grants


class Repository(Model):
    """A repository of images or packages. Its id is its key."""

    format: Literal["DOCKER", "PYTHON", "NPM", "MAVEN", "GO", "GENERIC"] = "DOCKER"
    description: str = ""
    location: Place | None = Field(default=None, description="By default the environment's region.")
    immutable_tags: bool = False
    keep_count: int | None = Field(default=None, ge=1, description="Keep this many newest versions of each package.")
    delete_older_than: str | None = Field(
        default=None, pattern=r"^[0-9]+s$", description="Delete versions older than this."
    )
    labels: Labels = {}
    grants: Grants = {}

    @model_validator(mode="after")
    def _only_docker_has_tags(self) -> Self:
        if self.immutable_tags and self.format != "DOCKER":
            raise FieldError(f"immutable_tags is for DOCKER, not for {self.format}", "immutable_tags")
        return self
