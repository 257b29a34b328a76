"""How much a thing is used in a month: what `envctl cost` multiplies with prices."""

from typing import Annotated

from pydantic import Field

from .base import Model, matching

UsagePath = Annotated[
    str,
    matching(
        r"[a-z][a-z0-9-]*/[a-z_]+(/.+)?",
        'a thing as reports name it, such as "strategy-engine/services/strategy-engine"',
    ),
]
Amount = Annotated[float, Field(ge=0, strict=False)]


class Usage(Model):
    """A month's use of a thing. What isn't said is assumed, and `envctl cost` says so."""

    hours: Amount | None = Field(
        default=None,
        description="Hours of its instances, added up; where the CPU idles between requests, only those with requests.",
    )
    requests: Amount | None = Field(default=None, description="Requests, or executions of a workflow.")
    gib: Amount | None = Field(default=None, description="GiB that it holds.")
    moved_gib: Amount | None = Field(default=None, description="GiB that go through it, or out of it.")
    writes: Amount | None = Field(default=None, description="Operations that write or list.")
    reads: Amount | None = Field(default=None, description="Operations that read.")
    scanned_gib: Amount | None = Field(default=None, description="GiB that queries read.")
