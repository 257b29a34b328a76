"""Files that are made from an environment, and what could not go into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..scaffold.write import write_all


@dataclass(frozen=True, slots=True)
class Export:
    """What is made.

    Attributes:
        files: texts by their path below the folder that they go to.
        notes: what the YAML says that there is nothing for here, or that a person has to do.
    """

    files: Mapping[str, str]
    notes: tuple[str, ...] = ()


def write_export(export: Export, folder: Path) -> list[Path]:
    """Write the files, all of them or none.

    Raises:
        UserError: one can't be written.
    """
    write_all(folder, export.files)
    return [folder / name for name in export.files]
