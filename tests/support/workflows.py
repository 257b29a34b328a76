"""What every workflow file of CI keeps to, told by a rule's name and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

Workflow = dict[str, Any]
COMMAND = re.compile(r"\.venv/bin/envctl ([a-z-]+)([^|>&;\n]*)")
# A workflow in which something is applied or started is of a GitHub Environment, which decides who has to agree.
_CHANGING = {"apply", "start", "bootstrap", "destroy", "images"}
_ONE_AT_A_TIME = {"apply", "bootstrap", "destroy", "drift", "start"}
_HOLDING = {"plan", "apply", "rehearse", "drift", "bootstrap", "destroy", "state"}  # a lock, or a sandbox
_PINNED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
# All that a workflow does is envctl. Beside it: what sets it up, and GitHub's own things with what reads its answers.
_PROGRAMS = {".venv/bin/envctl", "make", "gh", "git", "jq", "grep", "[", "true", "exit"}
_SCOPES = {"actions": "read", "contents": "write", "id-token": "write", "issues": "write", "pull-requests": "write"}
_WORD = re.compile(r"'[^']*'|\\.|\$\(|&&|\|\||[\"()|;&\n]|[ \t]+|[^\s'\"\\$();|&]+|[$\\]", re.S)
_KEYWORDS = {"if", "then", "else", "elif", "do", "while", "until", "!", "{", "time", "exec"}


def findings(text: str, terraform: str) -> list[tuple[str, str]]:
    """What is wrong with a workflow.

    Args:
        text: the file.
        terraform: the version that the repository pins.
    """
    workflow: Workflow = yaml.safe_load(text)
    found = [("version", str(one)) for one in _versions(workflow) if one != terraform]
    found += [("pinned", one) for one in _unpinned(workflow, text)]
    found += [("times", line.strip()) for line in text.splitlines() if "cron:" in line and not _time_is_said(line)]
    return found + [(name, said) for name, rule in _RULES.items() for said in rule(workflow)]


def steps(workflow: Workflow) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job.get("steps", [])


def programs(script: str) -> set[str]:
    """The programs that a shell script starts.

    >>> sorted(programs('x=$(jq -r .a "$f") y="$(gh run list | grep -q ok)"; if [ -n "$x" ]; then git add .; fi'))
    ['[', 'gh', 'git', 'grep', 'jq']
    """
    found, word, first, quoted, above = set(), "", True, False, []
    for token in [*_WORD.findall(script.replace("\\\n", " ")), "\n"]:
        if token == "$(":
            above.append((word, first, quoted, "command"))
            word, first, quoted = "", True, False
        elif token == '"':
            quoted, word = not quoted, word + '"'
        elif quoted or not re.fullmatch(r"&&|\|\||[()|;&\n]|[ \t]+", token):
            word += token
        else:
            if word and first and not re.match(r"\w+\+?=", word) and word not in _KEYWORDS:
                first = False
                if word not in {"for", "case", "fi", "done", "esac", "}"}:
                    found.add(word)
            if token == "(":
                above.append(("", first, quoted, "array" if word.endswith("=") else "command"))
                first = above[-1][3] == "command"
            elif token == ")" and above:
                word, first, quoted, _ = above.pop()
                continue
            elif token.strip(" \t"):
                first = not (above and above[-1][3] == "array")
            word = ""
    return found


def _unpinned(workflow: Workflow, text: str) -> Iterator[str]:
    """Actions are named by a commit, and the line says which version that is."""
    called = [one["uses"] for one in (*steps(workflow), *workflow["jobs"].values()) if "uses" in one]
    said = [line.strip() for line in text.splitlines()]
    for action in called:
        if not action.startswith("./") and not any(f" {action} #" in line and _PINNED.search(line) for line in said):
            yield action


def _time_is_said(line: str) -> bool:
    """What is due at a time says which time that is in India."""
    said = re.search(r'"(\d+) (\d+) .*" # (\d\d:\d\d) in India', line)
    if said is None:
        return False
    total = int(said[2]) * 60 + int(said[1]) + 330
    return f"{total // 60 % 24:02}:{total % 60:02}" == said[3]


def _versions(workflow: Workflow) -> Iterator[str]:
    for step in steps(workflow):
        if version := step.get("with", {}).get("terraform_version"):
            yield str(version)


def _permissions(workflow: Workflow) -> Iterator[str]:
    """The least, and more only for the job that needs it."""
    if workflow.get("permissions") != {"contents": "read"}:
        yield f"the workflow has {workflow.get('permissions', 'whatever the repository gives')}"
    for name, job in workflow["jobs"].items():
        given = _given(job)
        if any(_SCOPES.get(scope) not in (level, "write") for scope, level in given.items()):
            yield f"{name}: {given}"
        elif given.get("contents") == "write" and not job.get("environment"):
            yield f"{name} may push, and nobody has to agree"


def _concurrency(workflow: Workflow) -> Iterator[str]:
    """What runs at once is said; an apply is never cancelled, and never beside another one of its environment."""
    if "concurrency" not in workflow and set(workflow[True]) != {"workflow_call"}:  # YAML takes `on` for true
        yield "what runs beside it?"
    for name, job in workflow["jobs"].items():
        held = [one for one in (job.get("concurrency"), workflow.get("concurrency")) if one]
        if _signs_in(job) and _commands(job) & _CHANGING and any(one["cancel-in-progress"] for one in held):
            yield f"{name} is cancelled under way"
        of_each = "environment" in job.get("strategy", {}).get("matrix", {})
        group = str((job.get("concurrency") or {}).get("group"))
        if of_each and _signs_in(job) and _commands(job) & _ONE_AT_A_TIME and "${{ matrix.environment }}" not in group:
            yield f"{name} may run beside another one of its environment"


def _ends(workflow: Workflow) -> Iterator[str]:
    for name, job in workflow["jobs"].items():
        if "uses" not in job and not 0 < job.get("timeout-minutes", 360) <= 60:
            yield f"{name} has no end"


def _checkout(workflow: Workflow) -> Iterator[str]:
    for step in steps(workflow):
        if _uses(step, "actions/checkout") and step.get("with", {}).get("persist-credentials") is not False:
            yield "the credentials stay in the checkout"


def _wrapper(workflow: Workflow) -> Iterator[str]:
    for step in steps(workflow):
        if _uses(step, "hashicorp/setup-terraform") and step.get("with", {}).get("terraform_wrapper") is not False:
            yield "terraform is wrapped, which hides its exit code and its signals"


def _injection(workflow: Workflow) -> Iterator[str]:
    """An expression is pasted into a script before the shell reads it: a branch's name would be run."""
    for step in steps(workflow):
        script = f"{step.get('run', '')}{step.get('with', {}).get('script', '')}{step.get('shell', '')}"
        if "${{" in script:
            yield script.strip()


def _logic(workflow: Workflow) -> Iterator[str]:
    for step in steps(workflow):
        if strange := programs(step.get("run", "")) - _PROGRAMS:
            yield f"{', '.join(sorted(strange))}: what it does belongs in envctl"


def _identity(workflow: Workflow) -> Iterator[str]:
    """As modules/github_oidc has it: the plan's account on a pull request, or on main and in no environment; the other
    on main in its environment.
    """
    events = set(workflow[True])
    for name, job in workflow["jobs"].items():
        if (_given(job).get("id-token") == "write") is not _signs_in(job):
            yield f"{name}: an identity is for jobs that sign in"
        for step in job.get("steps", []):
            if not _uses(step, "google-github-actions/auth"):
                continue
            plans = "PLAN" in step["with"]["service_account"]
            if bool(job.get("environment")) is plans:
                yield f"{name}: its account isn't trusted there"
            if not events <= {"pull_request", "schedule", "workflow_dispatch"} if plans else "pull_request" in events:
                yield f"{name}: its account isn't trusted on {', '.join(sorted(events))}"


def _environment(workflow: Workflow) -> Iterator[str]:
    for name, job in workflow["jobs"].items():
        if _signs_in(job) and _commands(job) & _CHANGING and not job.get("environment"):
            yield f"{name} changes what is of no GitHub Environment"


def _artifacts(workflow: Workflow) -> Iterator[str]:
    for step in steps(workflow):
        path = str(step.get("with", {}).get("path", ""))
        if _uses(step, "actions/upload-artifact") and ("tfplan" in path or "plans/" in path):
            yield "a plan is kept in clear"


def _signals(workflow: Workflow) -> Iterator[str]:
    """GitHub interrupts the step's own process, and kills all seconds later: a shell in between would tell nobody."""
    for step in steps(workflow):
        for line in step.get("run", "").splitlines():
            held = {command for command, _ in COMMAND.findall(line)} & _HOLDING
            if held and "local" not in line and not line.strip().startswith("exec "):
                yield line.strip()


def _strangers(workflow: Workflow) -> Iterator[str]:
    """What is for strangers runs nothing of theirs."""
    if "pull_request_target" in workflow[True]:
        yield "pull_request_target has secrets, and somebody else's code at hand"
    if "workflow_run" in workflow[True]:
        for step in steps(workflow):
            if "ref" in step.get("with", {}):
                yield "the code is not that of the main branch"
            if "pr-comment" in step.get("run", "") and "--foreign" not in step["run"]:
                yield "what a fork says is believed"
    elif "pull_request" in workflow[True]:  # what may write on one of a fork has a token that can't
        for name, job in workflow["jobs"].items():
            writes = {scope for scope, level in _given(job).items() if level == "write"}
            if not writes <= {"id-token", "pull-requests"}:
                yield f"{name} writes {', '.join(sorted(writes))}"


def _uses(step: Mapping[str, Any], action: str) -> bool:
    return str(step.get("uses", "")).startswith(f"{action}@")


def _given(job: Mapping[str, Any]) -> Mapping[str, str]:
    """A job's permissions by scope; `write-all` is a scope that nobody may have."""
    given = job.get("permissions", {})
    return given if isinstance(given, Mapping) else {given: "write"}


def _signs_in(job: Mapping[str, Any]) -> bool:
    return any(_uses(step, "google-github-actions/auth") for step in job.get("steps", []))


def _commands(job: Mapping[str, Any]) -> set[str]:
    runs = "\n".join(step.get("run", "") for step in job.get("steps", []))
    return {command for command, _ in COMMAND.findall(runs)}


_RULES: Mapping[str, Callable[[Workflow], Iterator[str]]] = {
    "permissions": _permissions,
    "concurrency": _concurrency,
    "ends": _ends,
    "checkout": _checkout,
    "wrapper": _wrapper,
    "injection": _injection,
    "logic": _logic,
    "identity": _identity,
    "environment": _environment,
    "artifacts": _artifacts,
    "signals": _signals,
    "strangers": _strangers,
}
RULES = {"version", "pinned", "times", *_RULES}
