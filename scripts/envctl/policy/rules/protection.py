"""That what production holds isn't lost, and is kept as long as it must be."""

from __future__ import annotations

from typing import Any

from ..model import Ground, Rule, Subject


def _protected(subject: Subject, _ground: Ground) -> str | None:
    return None if subject["deletion_protection"] is True else "nothing protects it from being deleted"


def _releases(subject: Subject, _ground: Ground) -> str | None:
    return "its contents would be deleted with it" if subject["releases"] is True else None


def _backups(subject: Subject, _ground: Ground) -> str | None:
    return None if subject["backups"] is True else "it has no backups"


def _kept(subject: Subject, _ground: Ground) -> str | None:
    if subject["versioning"] is True or _number(subject["soft_delete"]) or _number(subject["retention"]):
        return None
    return "what is deleted or overwritten is gone at once: no versions, no soft delete, no retention"


def _logs(subject: Subject, ground: Ground) -> str | None:
    days = _number(subject["retention_days"])
    return None if days >= ground.log_days else f"logs are kept {days:.0f} days, and {ground.log_days} are asked for"


def _replayable(subject: Subject, _ground: Ground) -> str | None:
    return None if subject["retention"] else "what was published can't be read again"


def _number(value: Any) -> float:
    try:
        return float(value or 0)
    except (TypeError, ValueError):
        return 0.0


RULES = (
    Rule(
        "ATM-PRO-001",
        "high",
        "Production is protected from deletion",
        "A slip in the YAML must not take a service or a table away.",
        "take deletion_protection: false out",
        ("tables", "services", "jobs", "worker_pools", "workflows", "sql_instances", "redis_instances"),
        ("deletion_protection",),
        _protected,
        production=True,
    ),
    Rule(
        "ATM-PRO-002",
        "high",
        "In production, contents outlive a destroy",
        "A bucket or a dataset that holds something isn't removed by accident.",
        "take force_destroy or delete_contents out",
        ("buckets", "datasets"),
        ("releases",),
        _releases,
        production=True,
    ),
    Rule(
        "ATM-PRO-003",
        "high",
        "Production's databases have backups",
        "Orders and positions can be restored.",
        "set backups",
        ("sql_instances",),
        ("backups",),
        _backups,
        production=True,
    ),
    Rule(
        "ATM-PRO-004",
        "medium",
        "Production's buckets can take a deletion back",
        "Someone deletes the wrong thing one day.",
        "keep versions (versioning), deleted objects (soft_delete_seconds) or set retention",
        ("buckets",),
        ("versioning", "soft_delete", "retention"),
        _kept,
        production=True,
    ),
    Rule(
        "ATM-RET-001",
        "medium",
        "Logs are kept long enough",
        "An incident is often found weeks later.",
        "raise retention_days; policy.log_days says how long",
        ("log_buckets",),
        ("retention_days",),
        _logs,
    ),
    Rule(
        "ATM-RET-002",
        "low",
        "Production's topics can be replayed",
        "After a defect in a consumer, its messages are read once more.",
        "set the topic's retention",
        ("topics",),
        ("retention",),
        _replayable,
        production=True,
    ),
)
