"""Rendering: what Terraform reads, written from an environment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..files import put
from .load import LoadedEnvironment

TFVARS = "terraform.tfvars.json"
BACKEND = "backend.tfbackend"


class Rendered(NamedTuple):
    """The files that were rendered: the variables, and the backend's configuration."""

    tfvars: Path
    backend: Path


def tfvars(loaded: LoadedEnvironment) -> dict[str, Any]:
    """The variables of the Terraform root."""
    return loaded.tfvars


def tfvars_text(values: Mapping[str, Any]) -> str:
    """The variables as JSON: sorted, indented, the same for the same YAML."""
    return json.dumps(values, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def backend_text(loaded: LoadedEnvironment) -> str:
    """The configuration of the state's backend, for `terraform init -backend-config=…`."""
    return f"bucket = {json.dumps(loaded.state_bucket)}\nprefix = {json.dumps(loaded.declared.state.prefix)}\n"


def write(loaded: LoadedEnvironment, directory: Path, values: Mapping[str, Any] | None = None) -> Rendered:
    """Write both files into a folder, such as `build/prod`.

    Each is whole at any time, and what is unchanged isn't touched. `values` take the place of the environment's own.

    Raises:
        UserError: the folder can't be written.
    """
    put(directory / TFVARS, tfvars_text(values or loaded.tfvars), private=True)
    put(directory / BACKEND, backend_text(loaded), private=True)
    return Rendered(directory / TFVARS, directory / BACKEND)
