"""`config/security.yaml`: tokens, roles and permissions."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from shared_services.yaml.said import FieldError

from ..model import ConfigModel, Positive, Url
from ..secret import Secret


class Tokens(ConfigModel):
    """Access and refresh tokens."""

    algorithm: Literal["HS256", "RS256", "ES256"] = "HS256"
    issuer: str = "ai-trading-machine"
    audience: str = "ai-trading-machine-api"
    signing_key: Secret
    access_minutes: int = Field(default=15, ge=1, le=1440)
    refresh_days: int = Field(default=7, ge=1, le=90)


class Lockout(ConfigModel):
    """What wrong passwords lead to."""

    attempts: Positive = 5
    minutes: Positive = 15


class SecurityConfig(ConfigModel):
    """Tokens, roles and permissions."""

    tokens: Tokens
    lockout: Lockout = Lockout()
    minimum_password_length: int = Field(default=12, ge=12, le=128)
    second_factor_roles: tuple[str, ...] = ()
    allowed_origins: tuple[Url, ...] = ()
    permissions: tuple[str, ...] = ()
    roles: dict[str, tuple[str, ...]] = {}
    """The permissions of each role."""

    @model_validator(mode="after")
    def _permissions_are_known(self) -> Self:
        for role, permissions in self.roles.items():
            for index, permission in enumerate(permissions):
                if permission not in self.permissions:
                    raise FieldError(f'"{permission}" is not in permissions', "roles", role, index)
        for index, role in enumerate(self.second_factor_roles):
            if role not in self.roles:
                raise FieldError(f'"{role}" is not in roles', "second_factor_roles", index)
        return self
