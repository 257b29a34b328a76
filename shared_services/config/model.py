"""What every configuration model shares: strictness, access by path, and types that carry their unit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shared_services.yaml.paths import parse_path


class ConfigModel(BaseModel):
    """A strict, immutable part of a configuration: unknown keys are errors, no value is coerced.

    Values are read as attributes, or by their path as it stands in the file:

    >>> class Limits(ConfigModel):
    ...     orders_per_second: int = 9
    >>> class Risk(ConfigModel):
    ...     limits: Limits = Limits()
    >>> Risk().limits.orders_per_second, Risk()["limits.orders_per_second"], Risk().get("limits.none", 0)
    (9, 9, 0)
    """

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        defer_build=True,
        hide_input_in_errors=True,
        validate_default=False,
    )

    def __getitem__(self, path: str) -> Any:
        """The value at a path.

        Raises:
            KeyError: there is none; the message is the path.
        """
        current: Any = self
        for part in parse_path(path):
            try:
                if isinstance(current, BaseModel) and part in type(current).model_fields:
                    current = getattr(current, str(part))
                elif isinstance(current, dict):
                    current = current[part]
                elif isinstance(current, tuple | list):
                    current = current[int(part)]
                else:
                    raise KeyError(path)
            except (IndexError, KeyError, ValueError):
                raise KeyError(path) from None
        return current

    def get(self, path: str, default: Any = None) -> Any:
        """The value at a path, or the default where there is none."""
        try:
            return self[path]
        except (KeyError, ValueError):
            return default


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'"{name}" is no time zone, such as Asia/Kolkata') from None
    return name


def _clock(text: str) -> str:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise ValueError(f'"{text}" is no time of day, such as 09:15')
    return text


def _symbol(text: str) -> str:
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9&-]{0,19}", text):
        raise ValueError(f'"{text}" is no symbol of NSE, such as RELIANCE or M&M')
    return text


def _url(text: str) -> str:
    if not re.fullmatch(r"(https?|wss?)://[^\s/?#@]+([/?#]\S*)?", text):
        raise ValueError(f'"{text}" is no address without credentials, such as https://api.kite.trade')
    return text


Rupees: TypeAlias = Annotated[Decimal, Field(ge=0, json_schema_extra={"x-unit": "₹"}, description="Indian rupees.")]
Fraction: TypeAlias = Annotated[
    Decimal, Field(ge=0, le=1, json_schema_extra={"x-unit": "of 1"}, description="A part of one: 0.02 is 2 %.")
]
BasisPoints: TypeAlias = Annotated[
    Decimal, Field(ge=0, le=10_000, json_schema_extra={"x-unit": "bp"}, description="Hundredths of a percent.")
]
Seconds: TypeAlias = Annotated[float, Field(ge=0, le=86_400, json_schema_extra={"x-unit": "s"}, description="Seconds.")]
Milliseconds: TypeAlias = Annotated[
    float, Field(ge=0, le=600_000, json_schema_extra={"x-unit": "ms"}, description="Milliseconds.")
]
Count: TypeAlias = Annotated[int, Field(ge=0, le=1_000_000_000)]
Positive: TypeAlias = Annotated[int, Field(ge=1, le=1_000_000_000)]
Days: TypeAlias = Annotated[int, Field(ge=1, le=36_500, json_schema_extra={"x-unit": "days"}, description="Days.")]
Port: TypeAlias = Annotated[int, Field(ge=1, le=65_535, description="A TCP port.")]
TimeZone: TypeAlias = Annotated[str, AfterValidator(_time_zone)]
Clock: TypeAlias = Annotated[str, AfterValidator(_clock), Field(description="A time of day in IST, HH:MM.")]
Symbol: TypeAlias = Annotated[str, AfterValidator(_symbol), Field(description="A symbol of NSE.")]
Url: TypeAlias = Annotated[str, AfterValidator(_url)]
