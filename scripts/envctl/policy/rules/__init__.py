"""Every rule, in the order of its id. A rule is an entry of its subject's file."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Rule
from . import access, data, money, network, protection, runtime

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*access.RULES, *data.RULES, *money.RULES, *network.RULES, *protection.RULES, *runtime.RULES),
        key=lambda rule: rule.id,
    )
)
BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}
EXPIRED, UNUSED = "ATM-POL-001", "ATM-POL-002"
"""What is said of exceptions themselves; both are rules without subjects."""
