"""Secret Manager secrets. Their values are never here: people and rotation put them in Secret Manager."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from .base import Labels, Model, Region, Seconds, TopicPath, within
from .iam import Grants


class Rotation(Model):
    """Reminds the topics given that a secret is due."""

    period: Annotated[Seconds, within(3_600, 3_153_600_000, "period")]
    next_time: str = Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", description="RFC 3339, in UTC.")


class Secret(Model):
    """A secret. Its id is its key."""

    locations: list[Region] = Field(default=[], description="Replicas; empty lets Google choose.")
    topics: list[TopicPath] = Field(default=[], max_length=10, description="Told of rotation and of new versions.")
    rotation: Rotation | None = None
    placeholder: bool | None = Field(
        default=None,
        description='Make a first version that says "unset", so that a service can start. '
        "By default the environment's.",
    )
    labels: Labels = {}
    grants: Grants = {}

    @model_validator(mode="after")
    def _rotation_has_a_topic(self) -> Self:
        if self.rotation and not self.topics:
            raise ValueError("rotation needs a topic that is told")
        return self
