"""`config/universe.yaml`: which symbols are traded, and the sector of each."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from shared_services.yaml.said import FieldError

from ..model import ConfigModel, Symbol


class UniverseConfig(ConfigModel):
    """Which symbols are traded. Sectors carry the risk limits of risk.yaml."""

    sectors: dict[str, tuple[Symbol, ...]]
    lists: dict[str, tuple[str, ...]] = Field(default={})
    """Lists by name, made of sectors; strategies and trading.yaml name a list."""
    excluded: tuple[Symbol, ...] = ()
    """Not traded at present: suspended, under surveillance, restricted."""

    @model_validator(mode="after")
    def _lists_are_of_sectors(self) -> Self:
        seen: dict[str, str] = {}
        for sector, symbols in self.sectors.items():
            for index, symbol in enumerate(symbols):
                if symbol in seen:
                    raise FieldError(f"{symbol} is in {seen[symbol]} already", "sectors", sector, index)
                seen[symbol] = sector
        for name, sectors in self.lists.items():
            for index, sector in enumerate(sectors):
                if sector not in self.sectors:
                    raise FieldError(f'"{sector}" is not in sectors', "lists", name, index)
        return self

    def symbols(self, name: str) -> tuple[str, ...]:
        """The symbols of a list, without the excluded.

        >>> UniverseConfig(sectors={"it": ("INFY", "TCS")}, lists={"all": ("it",)}, excluded=("TCS",)).symbols("all")
        ('INFY',)
        """
        return tuple(s for sector in self.lists[name] for s in self.sectors[sector] if s not in self.excluded)
