"""Preconditions of Storage: generations and metagenerations that must, or must not, match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.control.errors import ApiError, invalid_argument


def failed() -> ApiError:
    """412."""
    return ApiError(
        "FAILED_PRECONDITION",
        "At least one of the pre-conditions you specified did not hold.",
        code=412,
        reason="conditionNotMet",
    )


@dataclass(frozen=True, slots=True)
class Preconditions:
    """What a request demands; None demands nothing."""

    generation: int | None = None
    not_generation: int | None = None
    metageneration: int | None = None
    not_metageneration: int | None = None

    @classmethod
    def of(cls, query: Mapping[str, list[str]], prefix: str = "if") -> Preconditions:
        """From a query; `prefix` is `ifSource` for the source of a copy.

        >>> Preconditions.of({"ifGenerationMatch": ["0"]}).generation
        0
        """

        def number(name: str) -> int | None:
            values = query.get(prefix + name)
            if not values:
                return None
            if not values[-1].lstrip("-").isdigit():
                raise invalid_argument(f"Invalid value for {prefix}{name}: '{values[-1]}'")
            return int(values[-1])

        return cls(
            number("GenerationMatch"),
            number("GenerationNotMatch"),
            number("MetagenerationMatch"),
            number("MetagenerationNotMatch"),
        )

    def check(self, generation: int | None, metageneration: int | None, *, reading: bool = False) -> None:
        """Raise 412 (304 for a read whose `NotMatch` fails). None: there is no live version."""
        have, have_meta = generation or 0, metageneration or 0
        if self.generation is not None and self.generation != have:
            raise failed()
        if self.metageneration is not None and self.metageneration != have_meta:
            raise failed()
        if self.not_generation is not None and self.not_generation == have:
            raise not_modified() if reading else failed()
        if self.not_metageneration is not None and self.not_metageneration == have_meta:
            raise not_modified() if reading else failed()


def not_modified() -> ApiError:
    """304."""
    return ApiError("FAILED_PRECONDITION", "Not Modified", code=304, reason="notModified")
