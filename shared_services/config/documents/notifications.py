"""`config/notifications.yaml`: who is told what, and how."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..model import Clock, ConfigModel, Port, Positive
from ..secret import Secret

Severity = Literal["INFO", "WARNING", "ERROR", "CRITICAL"]
Channel = Literal["telegram", "email", "pubsub"]
Address = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class Telegram(ConfigModel):
    """A bot that writes into a chat."""

    enabled: bool = True
    bot_token: Secret
    chat_id: Secret
    messages_per_minute: int = Field(default=20, ge=1, le=30)


class Email(ConfigModel):
    """Mail through a relay."""

    enabled: bool = False
    host: str = "localhost"
    port: Port = 587
    user: str | None = None
    password: Secret | None = None
    sender: Address
    recipients: tuple[Address, ...]


class Route(ConfigModel):
    """Which channels hear of a severity."""

    severity: Severity
    channels: tuple[Channel, ...] = Field(min_length=1)
    even_at_night: bool = False


class Quiet(ConfigModel):
    """When only what is urgent is sent; may span midnight."""

    begins: Clock = "22:00"
    ends: Clock = "08:00"


class NotificationsConfig(ConfigModel):
    """Who is told what, and how."""

    telegram: Telegram | None = None
    email: Email | None = None
    routes: tuple[Route, ...] = ()
    quiet: Quiet = Quiet()
    repeat_after_minutes: Positive = 30
    """The same alert again only after this long."""
