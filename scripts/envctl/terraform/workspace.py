"""Terraform over the one root, for one environment."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..interrupts import Interrupted
from .adapter import start
from .failures import failure
from .process import OnEvent, Outcome, capture, follow

DETAILED_CHANGES = 2


# Collecting garbage is a third of terraform's work, in a process that ends after seconds. This takes 250 MB more, and
# halves the time.
GOGC = "400"


@dataclass(frozen=True, slots=True)
class Workspace:
    """What terraform needs to work on an environment.

    Args:
        terraform: absolute path of the executable.
        infra: the root module.
        build: the environment's folder, which holds the rendered files; plans and providers go here too.
        variables: environment variables: endpoints, credentials, providers.
        words: the environment as envctl's commands take it, for what to do next.
    """

    terraform: Path
    infra: Path
    build: Path
    variables: Mapping[str, str]
    words: str = "ENV"

    @property
    def tfvars(self) -> Path:
        return self.build / "terraform.tfvars.json"

    @property
    def backend(self) -> Path:
        return self.build / "backend.tfbackend"

    @property
    def plan_file(self) -> Path:
        return self.build / "plan.tfplan"

    def environment(self) -> dict[str, str]:
        """The variables that terraform is run with."""
        return {
            "GOGC": os.environ.get("GOGC", GOGC),
            **self.variables,
            "TF_DATA_DIR": str(self.build / ".terraform"),
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
        }

    def init(self, *, force: bool = False) -> bool:
        """Initialise modules, provider and backend where something they depend on has changed; say whether it ran.

        Raises:
            UserError: terraform could not initialise.
        """
        mark, wanted = self.build / ".terraform" / "initialised", self._fingerprint()
        if not force and mark.is_file() and mark.read_text() == wanted:
            return False
        options = [f"-backend-config={self.backend}", "-reconfigure", "-input=false", "-no-color"]
        outcome = self._run("init", options)
        if outcome.exit_code != 0:
            raise failure("init", outcome)
        mark.write_text(wanted)
        return True

    def plan(
        self,
        *,
        out: Path | None = None,
        destroy: bool = False,
        targets: Sequence[str] = (),
        lock_timeout: str = "0s",
        on_event: OnEvent | None = None,
        timeout: float | None = None,
        refresh: bool = True,
    ) -> Outcome:
        """Plan, and save the plan. The outcome's exit code is 0 (nothing to change) or 2 (changes).

        Without `refresh` the cloud isn't asked: the configuration is held against the state as it is.

        Raises:
            UserError: terraform could not plan.
        """
        file = out or self.plan_file
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial")
        options = ["-json", "-input=false", "-detailed-exitcode", f"-var-file={self.tfvars}", f"-out={partial}"]
        options += [f"-lock-timeout={lock_timeout}", *(f"-target={target}" for target in targets)]
        if destroy:
            options.append("-destroy")
        if not refresh:
            options.append("-refresh=false")
        try:
            outcome = self._run("plan", options, on_event, timeout)
            if outcome.exit_code not in (0, DETAILED_CHANGES):
                raise failure("plan", outcome)
            partial.chmod(0o600)  # a plan holds values in clear
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
        return outcome

    def apply(
        self, plan: Path, *, lock_timeout: str = "0s", on_event: OnEvent | None = None, timeout: float | None = None
    ) -> Outcome:
        """Apply a saved plan, and nothing else.

        Raises:
            UserError: terraform failed; what it did before is in the state.
        """
        options = ["-json", "-input=false", f"-lock-timeout={lock_timeout}", str(plan)]
        outcome = self._run("apply", options, on_event, timeout)
        if outcome.exit_code != 0:
            raise failure("apply", outcome)
        return outcome

    def apply_as_declared(self, *, lock_timeout: str = "0s", on_event: OnEvent | None = None) -> Outcome:
        """Plan and apply in one, with nothing kept to be looked at: for a sandbox that is thrown away.

        Raises:
            UserError: terraform failed.
        """
        options = [
            "-json",
            "-input=false",
            "-auto-approve",
            f"-var-file={self.tfvars}",
            f"-lock-timeout={lock_timeout}",
        ]
        outcome = self._run("apply", options, on_event)
        if outcome.exit_code != 0:
            raise failure("apply", outcome)
        return outcome

    @contextmanager
    def passing(self, name: str) -> Iterator[Path]:
        """A file among those of the build that is gone afterwards, whatever happens: it may hold secrets."""
        file = self.build / name
        try:
            yield file
        finally:
            file.unlink(missing_ok=True)

    def show(self, plan: Path) -> dict[str, Any]:
        """A saved plan as JSON. It holds secrets in clear: redact it before it goes anywhere."""
        return self._json("show", ["-json", str(plan)])

    def outputs(self) -> dict[str, Any]:
        """The root's outputs by name, without those marked sensitive."""
        values = self._json("output", ["-json"])
        return {name: output["value"] for name, output in values.items() if not output.get("sensitive")}

    def resources(self) -> list[tuple[str, dict[str, Any]]]:
        """What the state holds, by address, with its values. They may be secret."""
        state = self._json("show", ["-json"]).get("values", {}).get("root_module", {})
        return list(_resources(state))

    def addresses(self) -> list[str]:
        """What the state holds, by address."""
        outcome = self._run("state list", [])
        if outcome.exit_code != 0:
            raise failure("state list", outcome)
        return outcome.text.split()

    def pull(self) -> bytes:
        """The state as the backend has it. It may hold secrets."""
        return self._output("state pull", [])

    def push(self, file: Path) -> None:
        """Make a file the state. Terraform refuses one that is older or of something else.

        Raises:
            UserError: it did, or the state is locked.
        """
        self._do("state push", [str(file)])

    def unlock(self, lock: str) -> None:
        """Take a lock away, whoever holds it.

        Raises:
            UserError: there is no such lock.
        """
        self._do("force-unlock", ["-force", lock])

    def _do(self, command: str, options: Sequence[str]) -> None:
        # What it prints goes to a file: a pipe would end it where envctl is killed, with the lock in its hand.
        outcome = self._run(command, options)
        if outcome.exit_code != 0:
            raise failure(command, outcome)

    def _output(self, command: str, options: Sequence[str]) -> bytes:
        outcome, output = capture(lambda: start(self.terraform, self.infra, command, options, self.environment()))
        self._uninterrupted(command, outcome)
        if outcome.exit_code != 0:
            raise failure(command, outcome)
        return output

    def _json(self, command: str, options: Sequence[str]) -> dict[str, Any]:
        value = json.loads(self._output(command, options))
        assert isinstance(value, dict)
        return value

    def _run(
        self, command: str, options: Sequence[str], on_event: OnEvent | None = None, timeout: float | None = None
    ) -> Outcome:
        if not self.tfvars.is_file():
            raise UserError(f"{self.tfvars} is missing", todo=f"run `envctl plan {self.words}`, which renders it")
        output = self.build / f"terraform-{command.split()[0]}.log"
        outcome = follow(
            lambda: start(self.terraform, self.infra, command, options, self.environment(), output),
            output,
            on_event,
            timeout,
        )
        self._uninterrupted(command, outcome)
        return outcome

    def _uninterrupted(self, command: str, outcome: Outcome) -> None:
        if not outcome.interrupted:
            return
        why, todo = "it ended by itself and holds no lock", "run it again"
        if outcome.forced or outcome.exit_code == -signal.SIGKILL:
            why = "it was stopped at once, and may have left its lock and things that the state doesn't know"
            todo = f"see whether it holds the lock: `envctl state lock {self.words}`"
        elif command == "apply":
            done = "it had finished by then" if outcome.exit_code == 0 else "it finished what was under way"
            why = f"{done}, saved the state and let go of the lock"
            todo = f"run `envctl plan {self.words}` to see what is left to do"
        raise Interrupted(outcome.number, f"terraform {command} was interrupted", why=why, todo=todo)

    def _fingerprint(self) -> str:
        """A hash over what `init` depends on: module sources, versions, backend, provider and terraform."""
        digest = hashlib.sha256()
        for file in [*sorted(self.infra.glob("*.tf")), *sorted(self.infra.parent.glob("modules/*/versions.tf"))]:
            digest.update(file.name.encode() + file.read_bytes())
        lock = self.infra / ".terraform.lock.hcl"
        digest.update(lock.read_bytes() if lock.is_file() else b"")
        digest.update(self.backend.read_bytes())
        for name in ("TF_REATTACH_PROVIDERS", "GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT"):
            digest.update(self.variables.get(name, "").encode())
        return f"{digest.hexdigest()} {self.terraform}\n"


def _resources(module: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource in module.get("resources", ()):
        yield resource["address"], resource["values"]
    for child in module.get("child_modules", ()):
        yield from _resources(child)
