"""The models of an environment: the one source of truth for YAML, JSON Schema, tfvars and docs."""

from .environment import Environment, Subproject

__all__ = ["Environment", "Subproject"]
