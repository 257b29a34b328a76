"""What the models raise. Each is a ValueError, as pydantic's own `ValidationError` is."""

from __future__ import annotations


class ModelError(ValueError):
    """Something that a model does not allow."""


class Incomplete(ModelError):
    """A model lacks what its table or its message needs."""


class UnreadableMessage(ModelError):
    """A message or a row that is not of this model, or of a newer version of it."""


class InvalidTransition(ModelError):
    """An order can't go from the state it is in to the one asked for."""


class Overfill(ModelError):
    """A fill for more than the order has left: reconcile with the broker."""
