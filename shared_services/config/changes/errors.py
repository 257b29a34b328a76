"""What stands in the way of a change."""

from __future__ import annotations

from shared_services.errors import PermanentError, TransientError


class Conflict(TransientError):
    """Somebody else changed the configuration meanwhile. `version` is the newest."""

    def __init__(self, name: str, base: int, version: int) -> None:
        super().__init__(
            f"{name} is at version {version}, not {base}: somebody changed it meanwhile",
            todo="look at the newest version, and make your change on it",
        )
        self.version = version


class NoSuchChange(PermanentError, KeyError):
    """There is no such version or proposal."""

    __str__ = PermanentError.__str__


class NotOpen(PermanentError):
    """The proposal was decided already."""


class Withheld(PermanentError):
    """The version was written by hand with secrets in it, and isn't kept as it was."""


class OwnProposal(PermanentError):
    """Whoever proposed a change can't be the one who applies it, where two have to agree."""
