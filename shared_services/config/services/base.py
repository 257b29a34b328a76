"""What every service's configuration has."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from ..model import ConfigModel, Port, Positive, Seconds, TimeZone
from ..secret import Secret

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


class BaseServiceConfig(ConfigModel):
    """A service's configuration. One name for a setting: here, in `config/services/NAME.yaml`, in the environment.

    A service derives its own; `get_config` with the name that `SERVICE_NAME` defaults to then gives that class:

    >>> class QuotesConfig(BaseServiceConfig):
    ...     SERVICE_NAME: str = "quotes-example"
    ...     SERVICE_PORT: int = 8042
    >>> from shared_services import get_config
    >>> get_config("quotes-example").SERVICE_PORT
    8042
    """

    classes: ClassVar[dict[str, type[BaseServiceConfig]]] = {}
    """The class of each service, by its name."""

    SERVICE_NAME: str = Field(default="service", pattern=r"^[a-z][a-z0-9-]{0,48}$")
    SERVICE_VERSION: str = Field(default="1.0.0", pattern=r"^[0-9]+\.[0-9]+\.[0-9]+([-+.][0-9A-Za-z.-]+)?$")
    SERVICE_HOST: str = "0.0.0.0"  # noqa: S104 - a container's own address isn't known before it runs
    SERVICE_PORT: Port = 8000
    GRPC_PORT: Port | None = None
    ENVIRONMENT: str = Field(default="local", pattern=r"^[a-z][a-z0-9-]{0,29}$")
    PROJECT_ID: str | None = None
    REGION: str = "asia-south1"
    TIME_ZONE: TimeZone = "Asia/Kolkata"

    LOG_LEVEL: Level = "INFO"
    LOG_FORMAT: Literal["json", "text"] = "json"
    LOG_FILE: str | None = None

    DATABASE_URL: Secret | None = None
    REDIS_URL: Secret | None = None
    SECRET_KEY: Secret | None = None
    JWT_SECRET: Secret | None = None

    REQUEST_TIMEOUT_SECONDS: Seconds = 30
    DRAIN_SECONDS: Seconds = 8
    MAXIMUM_CONCURRENCY: Positive = 80
    DEPENDENCIES: tuple[str, ...] = ()
    """Services that have to be ready before this one is."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        name = cls.model_fields["SERVICE_NAME"].default
        ours = (
            cls.__module__.startswith(__package__) and cls.__module__ != __name__
        )  # those are in the table, and a service's own comes first
        if not ours and name != BaseServiceConfig.model_fields["SERVICE_NAME"].default:
            cls.classes[name] = cls
