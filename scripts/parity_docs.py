"""The page that says how the embedded provider was held against the real one, type by type."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STEPS = ("plan", "apply", "empty plan", "update", "replacement", "import", "destroy")

_INTRODUCTION = """\
What the tests put each resource type of the embedded provider through, against the sandbox.

- *both*: hashicorp/google 7.45.0 went the same way with the same result: every planned leaf, every attribute of the
  state (null, empty and zero told apart; but for what the server makes up, such as times and etags), an empty plan by
  either on what the real one made.
- *embedded*: tested with the embedded provider; with the real one the step was not reached or differed.
- a dash: no test does it; for an update often because the type has none.

It is recorded by `tests/integration/provider/test_real_provider.py`, which runs wherever `ATM_PROVIDER_MIRROR` names a
[filesystem mirror](https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror) with it:

```
ATM_PROVIDER_MIRROR=/path/to/mirror ATM_PARITY_RECORD=1 .venv/bin/pytest -m real_provider
```

`test_real_environments.py` beside it does so with the whole root, as `local` and `prod` are rendered: applied, planned
empty by either provider, destroyed, and the states of both held against each other. `test_refusals.py` holds what both
refuse before anything is planned against each other, word for word.

`make test-parity` runs them where the registry is in reach, and so does the workflow `parity`, weekly."""


def page(notice: str) -> str:
    """The table: what each provider went through with each type in the tests, and where both did the same."""
    sys.path.insert(0, str(ROOT))
    from sandbox.provider import catalogue
    from tests.integration.provider.all_cases import CASES

    recorded = json.loads((ROOT / "tests/integration/provider/parity.json").read_text())
    embedded: dict[str, set[str]] = {}
    both: dict[str, set[str]] = {}
    for case in CASES:
        types = set(re.findall(r'^resource "(\w+)"', case.first, re.MULTILINE))
        walked = {
            **dict.fromkeys(("plan", "apply", "empty plan", "destroy"), types),
            "update": {address.split(".")[0] for address in case.updated},
            "replacement": {address.split(".")[0] for _, _, address in case.replaced},
            "import": {address.split(".")[0] for address in case.imports},
        }
        for step, names in walked.items():
            embedded.setdefault(step, set()).update(names)
        for step, names in recorded.get(case.name, {}).items():
            both.setdefault(step, set()).update(set(names) & walked[step])
    lines = [notice, "# Parity of the two providers", "", *_INTRODUCTION.splitlines(), ""]
    lines += [
        "| type | " + " | ".join(STEPS) + " |",
        "|---" * (len(STEPS) + 1) + "|",
    ]
    for name in sorted(catalogue.load().resources):
        cells = [
            "both" if name in both.get(step, ()) else "embedded" if name in embedded[step] else "-" for step in STEPS
        ]
        lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])
