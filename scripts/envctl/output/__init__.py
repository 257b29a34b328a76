"""Renderers of checks: text, JSON, JUnit. They know nothing of the cloud and print nothing."""

from .json import render as render_json
from .junit import render as render_junit
from .model import Check, Group, Location, Report, Result
from .text import render as render_text

__all__ = ["Check", "Group", "Location", "Report", "Result", "render_json", "render_junit", "render_text"]
