"""Paths of values, as people write them: `subprojects.strategy-engine.topics.signals.retention`."""

from shared_services.yaml.paths import Path, format_path, parse_path

__all__ = ["Path", "format_path", "parse_path"]
