"""`config/database.yaml`: the relational database of orders, positions and users."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

from pydantic import Field

from ..model import ConfigModel, Count, Port, Positive, Seconds
from ..secret import Secret


class Pool(ConfigModel):
    """Connections that one instance keeps."""

    size: Positive = 5
    overflow: Count = 5
    timeout_seconds: Seconds = 10
    recycle_seconds: Seconds = 1800


class DatabaseConfig(ConfigModel):
    """The relational database. `url`, where it is set, wins over the parts."""

    engine: Literal["postgresql", "sqlite"] = "postgresql"
    host: str = "localhost"
    port: Port = 5432
    name: str = Field(default="trading", pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")
    user: str = "trading"
    password: Secret | None = None
    url: Secret | None = None
    ssl_mode: Literal["disable", "prefer", "require", "verify-ca", "verify-full"] = "prefer"
    connect_timeout_seconds: Seconds = 5
    statement_timeout_seconds: Seconds = 30
    pool: Pool = Pool()

    def connection_url(self, *, asynchronous: bool = False) -> str:
        """The address SQLAlchemy connects to, with the password in it: never log it.

        Args:
            asynchronous: by asyncpg or aiosqlite.

        Raises:
            SecretNotLoaded: the password was not fetched; read the configuration with `get_database_config`.

        >>> DatabaseConfig(host="db", user="app", name="market").connection_url()
        'postgresql+psycopg://app@db:5432/market?sslmode=prefer'
        """
        if self.url is not None:
            return _with_driver(self.url.get_secret_value(), asynchronous)
        if self.engine == "sqlite":
            return _with_driver(f"sqlite:///{self.name}", asynchronous)
        password = f":{quote(self.password.get_secret_value(), safe='')}" if self.password is not None else ""
        parameter = "ssl" if asynchronous else "sslmode"
        address = f"{quote(self.user, safe='')}{password}@{self.host}:{self.port}/{self.name}"
        return _with_driver(f"postgresql://{address}?{parameter}={self.ssl_mode}", asynchronous)


def _with_driver(url: str, asynchronous: bool) -> str:
    scheme, separator, rest = url.partition("://")
    drivers = {
        "postgresql": ("postgresql+psycopg", "postgresql+asyncpg"),
        "postgres": ("postgresql+psycopg", "postgresql+asyncpg"),
        "sqlite": ("sqlite", "sqlite+aiosqlite"),
    }
    return drivers.get(scheme, (scheme, scheme))[asynchronous] + separator + rest
