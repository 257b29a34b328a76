"""What is reached from outside."""

from __future__ import annotations

from ...plans.ranges import let_everybody_in
from ..model import Ground, Rule, Subject

_TLS = ("ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED")


def _open(subject: Subject, _ground: Ground) -> str | None:
    if subject["direction"] == "INGRESS" and subject["allow"] and let_everybody_in(subject["sources"]):
        return "it lets the whole internet in"
    return None


def _unchecked(subject: Subject, _ground: Ground) -> str | None:
    return "it takes requests without asking who calls" if subject["invoker_off"] is True else None


def _sql_public(subject: Subject, _ground: Ground) -> str | None:
    return "it has a public address" if subject["public_address"] is True else None


def _sql_tls(subject: Subject, _ground: Ground) -> str | None:
    found = subject["ssl_mode"]
    return None if found in _TLS else f"it takes connections without TLS ({found or 'no ssl_mode'})"


def _redis(subject: Subject, _ground: Ground) -> str | None:
    lacks = []
    if subject["auth"] is not True:
        lacks.append("AUTH")
    if subject["tls"] != "SERVER_AUTHENTICATION":
        lacks.append("TLS")
    return f"it lacks {' and '.join(lacks)}" if lacks else None


RULES = (
    Rule(
        "ATM-NET-001",
        "high",
        "The firewall lets nobody in from everywhere",
        "What people reach comes through the load balancer.",
        "name the ranges that need it",
        ("firewall",),
        ("direction", "allow", "sources"),
        _open,
    ),
    Rule(
        "ATM-RUN-001",
        "critical",
        "Services ask who calls",
        "Without the invoker's check, the network alone guards the service.",
        "leave invoker_check on, and grant roles/run.invoker",
        ("services",),
        ("invoker_off",),
        _unchecked,
    ),
    Rule(
        "ATM-SQL-001",
        "high",
        "Databases have no public address",
        "They are reached from the network alone.",
        "take the public address away",
        ("sql_instances",),
        ("public_address",),
        _sql_public,
    ),
    Rule(
        "ATM-SQL-002",
        "medium",
        "Databases take TLS only",
        "Passwords and orders go over the wire.",
        "set ssl_mode to ENCRYPTED_ONLY",
        ("sql_instances",),
        ("ssl_mode",),
        _sql_tls,
    ),
    Rule(
        "ATM-RED-001",
        "medium",
        "Redis asks for a password, over TLS",
        "Whoever is in the network reads the cache otherwise.",
        "set auth and tls",
        ("redis_instances",),
        ("auth", "tls"),
        _redis,
    ),
)
