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


class IdentityTokens(ConfigModel):
    """Google's ID tokens, by which services and people of the platform call a service."""

    audiences: tuple[str, ...] = ()
    """Whom they must be for; none: requests are not authenticated by the service itself."""
    issuers: tuple[str, ...] = ("https://accounts.google.com", "accounts.google.com")
    certificates: str = "google"
    """What they are verified with: google, the address or file of a JSON of certificates, or unsigned in a sandbox."""
    platform_verifies: bool = False
    """Whether Cloud Run lets nobody in whose token it hasn't verified: nothing of it may be granted to allUsers."""


class Lockout(ConfigModel):
    """What wrong passwords lead to."""

    attempts: Positive = 5
    minutes: Positive = 15


class SecurityConfig(ConfigModel):
    """Tokens, roles and permissions."""

    tokens: Tokens
    identity: IdentityTokens = IdentityTokens()
    lockout: Lockout = Lockout()
    minimum_password_length: int = Field(default=12, ge=12, le=128)
    second_factor_roles: tuple[str, ...] = ()
    allowed_origins: tuple[Url, ...] = ()
    permissions: tuple[str, ...] = ()
    roles: dict[str, tuple[str, ...]] = {}
    """The permissions of each role."""
    members: dict[str, tuple[str, ...]] = {}
    """Who has a role: e-mail addresses; `*@example.com` is everyone of a domain."""

    @model_validator(mode="after")
    def _permissions_are_known(self) -> Self:
        for role, permissions in self.roles.items():
            for index, permission in enumerate(permissions):
                if permission not in self.permissions:
                    raise FieldError(f'"{permission}" is not in permissions', "roles", role, index)
        for role in self.members:
            if role not in self.roles:
                raise FieldError(f'"{role}" is not in roles', "members", role)
        for index, role in enumerate(self.second_factor_roles):
            if role not in self.roles:
                raise FieldError(f'"{role}" is not in roles', "second_factor_roles", index)
        return self
