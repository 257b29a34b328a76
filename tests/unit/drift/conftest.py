"""The environment and the cloud of the validation's tests, for drift."""

from tests.unit.validation.conftest import cloud, environment

__all__ = ["cloud", "environment"]
