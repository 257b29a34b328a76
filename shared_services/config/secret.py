"""A secret in a configuration: a reference in the file, a value in memory, and stars wherever it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, SecretStr, model_validator

from shared_services.errors import PermanentError


class SecretSource(Protocol):
    """Whatever secrets are fetched from; `SecretManager` is one."""

    def get_secret(self, name: str, version: str = "latest") -> str:
        """The value of a secret's version."""
        ...


class SecretNotLoaded(PermanentError):
    """The value of a secret was asked for before it was fetched."""


class Secret(BaseModel):
    """A reference to a secret. The file says which; `get_secret_config` fetches the value.

    In a file: `password: {secret: database-password}`. A variable of the environment stands in for it where one is
    set, so that a laptop needs no Secret Manager.

    >>> password = Secret(secret="database-password").loaded("hunter2")
    >>> password
    Secret(secret='database-password', version='latest', value='**********')
    >>> password.get_secret_value()
    'hunter2'
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)

    secret: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,255}$")]
    """The secret's id in Secret Manager."""
    version: Annotated[str, Field(pattern=r"^(latest|[1-9][0-9]*)$")] = "latest"
    """The version's number, or latest."""
    env: str | None = Field(default=None, exclude=True)
    """The variable of the environment that holds the value, set by the loader."""
    _value: SecretStr | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _reference_only(cls, data: Any) -> Any:
        if isinstance(data, str):
            raise ValueError("a secret never stands in a file: write {secret: its-name}")  # noqa: TRY004
        return data

    @property
    def is_loaded(self) -> bool:
        """Whether the value is in memory."""
        return self._value is not None

    def get_secret_value(self) -> str:
        """The value.

        Raises:
            SecretNotLoaded: it was not fetched yet.
        """
        if self._value is None:
            raise SecretNotLoaded(
                f"the secret {self.secret} was not fetched",
                why="get_config reads files and variables only",
                todo="read the configuration with get_secret_config, which fetches its secrets",
            )
        return self._value.get_secret_value()

    def loaded(self, value: str) -> Secret:
        """The same reference with its value."""
        copy = self.model_copy()
        copy._value = SecretStr(value)
        return copy

    def from_variables(self, environ: Mapping[str, str]) -> Secret:
        """The same reference, with the value of its variable where that is set."""
        value = environ.get(self.env) if self.env else None
        return self if value is None else self.loaded(value)

    def __repr_args__(self) -> Any:
        yield "secret", self.secret
        yield "version", self.version
        if self.is_loaded:
            yield "value", "**********"

    def __str__(self) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return (self.secret, self.version, self._value) == (other.secret, other.version, other._value)

    def __hash__(self) -> int:
        return hash((self.secret, self.version))

    def __getstate__(self) -> dict[Any, Any]:
        """Without the value: what is pickled ends in files and queues."""
        return {**super().__getstate__(), "__pydantic_private__": {"_value": None}}
