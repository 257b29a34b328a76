"""Docker or Podman, whichever answers: the one place that talks to them, by argument lists and without a shell."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..errors import UserError

_PLATFORM = "linux/amd64"  # what Cloud Run runs, whatever machine builds it
_USER = "oauth2accesstoken"
_ASKED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an image is built from.

    Attributes:
        context: the folder.
        dockerfile: in it.
        tag: the image's full name and tag.
        arguments: of the build.
        labels: of the image.
        epoch: the commit's time in seconds: the image's own, so that the same commit makes the same image.
    """

    context: Path
    dockerfile: str
    tag: str
    arguments: Mapping[str, str]
    labels: Mapping[str, str]
    epoch: int


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine that answers."""

    program: str
    kind: Literal["docker", "podman"]

    def build(self, recipe: Recipe) -> None:
        """Build an image, and keep it in the engine's store.

        Raises:
            UserError: it can't be built; what the engine said is on stderr.
        """
        if self.kind == "docker":
            # An attestation tells when it was made, so it would make another digest each time.
            command = ["buildx", "build", "--load", "--provenance=false"]
        else:
            command = ["build", "--format=docker", f"--timestamp={recipe.epoch}"]
        command += [f"--platform={_PLATFORM}", f"--file={recipe.context / recipe.dockerfile}", f"--tag={recipe.tag}"]
        for name, value in {**recipe.arguments, "SOURCE_DATE_EPOCH": str(recipe.epoch)}.items():
            command.append(f"--build-arg={name}={value}")
        command += [f"--label={name}={value}" for name, value in recipe.labels.items()]
        done = self._show([*command, str(recipe.context)], {"SOURCE_DATE_EPOCH": str(recipe.epoch)})
        if done:
            todo = "see what it says above"
            if self.kind == "docker" and self._ask("buildx", "version").returncode:
                todo = "install docker's buildx plugin"
            raise UserError(f"{recipe.tag} can't be built", why=f"{self.kind} ended with {done}", todo=todo)

    def has(self, tag: str) -> bool:
        """Whether the store has an image."""
        return self._ask("image", "inspect", tag).returncode == 0

    def push(self, tag: str) -> str:
        """Push an image; its digest in the registry.

        Raises:
            UserError: it can't be pushed, or the engine doesn't say what was pushed.
        """
        if self.kind == "podman":
            with tempfile.TemporaryDirectory(prefix="envctl-") as place:
                file = Path(place) / "digest"
                self._must(["push", f"--digestfile={file}", tag], f"{tag} can't be pushed")
                return file.read_text().strip()
        self._must(["push", tag], f"{tag} can't be pushed")
        asked = self._ask("image", "inspect", "--format={{json .RepoDigests}}", tag)
        name = tag.rpartition(":")[0]
        for one in json.loads(asked.stdout or "null") or ():
            pushed, _, digest = str(one).partition("@")
            if pushed == name:
                return digest
        raise UserError(
            f"{tag} was pushed, but docker doesn't say its digest", todo="`envctl images digests` asks for it"
        )

    @contextmanager
    def signed_in(self, host: str, token: str) -> Iterator[None]:
        """Signed in to a registry for as long as the block lasts; a person's own sign-in is left alone.

        Raises:
            UserError: the registry doesn't take the token.
        """
        if _knows(host):
            yield
            return
        command = [self.program, "login", f"--username={_USER}", "--password-stdin", f"https://{host}"]
        done = subprocess.run(command, input=token, capture_output=True, text=True, timeout=_ASKED_SECONDS)
        if done.returncode:
            why = done.stderr.replace(token, "…").strip().splitlines()
            raise UserError(f"{host} doesn't let us in", why=why[-1] if why else "", todo="sign in, and try again")
        try:
            yield
        finally:
            self._ask("logout", f"https://{host}")

    def _must(self, command: Sequence[str], what: str) -> None:
        code = self._show(command)
        if code:
            raise UserError(what, why=f"{self.kind} ended with {code}", todo="see what it says above")

    def _show(self, command: Sequence[str], variables: Mapping[str, str] | None = None) -> int:
        """Run a command whose output a person sees, on stderr; its exit code."""
        sys.stderr.flush()
        own = {**os.environ, **(variables or {})}
        return subprocess.run([self.program, *command], env=own, stdout=2, stdin=subprocess.DEVNULL).returncode

    def _ask(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([self.program, *command], capture_output=True, text=True, timeout=_ASKED_SECONDS)


def find_engine() -> Engine:
    """The engine of this machine.

    Raises:
        UserError: there is none, or none answers.
    """
    said: list[str] = []
    for kind in ("docker", "podman"):
        program = shutil.which(kind)
        if program is None:
            continue
        question = "{{.Server.Version}}" if kind == "docker" else "{{.Version}}"
        try:
            done = subprocess.run(
                [program, "version", f"--format={question}"], capture_output=True, text=True, timeout=_ASKED_SECONDS
            )
        except (OSError, subprocess.SubprocessError) as error:
            said.append(f"{kind}: {error}")
            continue
        if done.returncode == 0 and done.stdout.strip():
            return Engine(program, "docker" if kind == "docker" else "podman")
        said.append(f"{kind}: {(done.stderr.strip().splitlines() or ['no answer'])[-1]}")
    raise UserError(
        "no engine builds images here",
        why="; ".join(said) or "neither docker nor podman is on PATH",
        todo="start or install one of them; .github/workflows/images.yml builds after every merge",
    )


def _knows(host: str) -> bool:
    """Whether docker has a sign-in of the person's own for a host."""
    folder = os.environ.get("DOCKER_CONFIG")
    file = (Path(folder) if folder else Path.home() / ".docker") / "config.json"
    try:
        said = json.loads(file.read_text())
    except (OSError, ValueError):
        return False
    kept = {key.partition("://")[2] or key for key in said.get("auths", {})}
    return host in said.get("credHelpers", {}) or host in kept
