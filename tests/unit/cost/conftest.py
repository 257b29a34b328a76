"""The files of an environment, as the environments' tests have them."""

from tests.unit.environments.conftest import envs

__all__ = ["envs"]
