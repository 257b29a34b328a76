"""The processes of an instance: the main container and its side-cars, which start in order and end together."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path

from sandbox.runtime import images, volumes
from sandbox.runtime.instances import StartFailed
from sandbox.runtime.logs import LogFile
from sandbox.runtime.output import Listener, Origin
from sandbox.runtime.parts import Container, Parts
from sandbox.runtime.probes import ready
from sandbox.runtime.processes import Process, ProcessTable, Program, Tell
from sandbox.runtime.secret_refs import SecretRef
from sandbox.runtime.volumes import ReadSecret

Environment = Callable[[Container, Mapping[str, str]], dict[str, str]]
"""The whole environment of a container, from its own variables."""


class Group:
    """What runs of one instance, with the face of its main process.

    Where a side-car of a service ends, so does the instance. A task ends with its main container.
    """

    def __init__(self, main: Process, beside: list[Process], folder: Path, *, main_only: bool) -> None:
        self.pid = main.pid
        self._main = main
        self._beside = beside
        self._folder = folder
        self._watched = {main.exited} if main_only else {main.exited, *(process.exited for process in beside)}
        self.exited: asyncio.Task[int] = asyncio.create_task(self._follow(), name=f"follow the group of {main.pid}")

    @property
    def running(self) -> bool:
        return not self.exited.done() and all(not task.done() for task in self._watched)

    async def stop(self, grace: float = 10.0) -> int:
        """End the main container, then the others. Returns the main one's exit code, or the first that ended."""
        await self._main.stop(grace)
        return await asyncio.shield(self.exited)

    def kill(self) -> None:
        """SIGKILL to all of them."""
        for process in (self._main, *self._beside):
            process.kill()

    async def _follow(self) -> int:
        done, _ = await asyncio.wait(self._watched, return_when=asyncio.FIRST_COMPLETED)
        code = self._main.exited.result() if self._main.exited in done else next(iter(done)).result()
        await asyncio.gather(*(process.stop(grace=5.0) for process in (self._main, *reversed(self._beside))))
        shutil.rmtree(self._folder, ignore_errors=True)
        return code


class Groups:
    """Starts groups. Their volumes are folders below `folder`, which begins empty."""

    def __init__(
        self, folder: Path, table: ProcessTable, read_secret: ReadSecret, listener: Listener | None = None
    ) -> None:
        self._listener = listener
        self._folder = folder
        self._table = table
        self._read_secret = read_secret
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700)

    async def start(
        self,
        parts: Parts,
        environment: Environment,
        home: Path,
        log: LogFile,
        *,
        origin: Origin | None = None,
        wait: Callable[[Process], Awaitable[bool]] | None = None,
    ) -> Group:
        """Start all containers in order; `wait` tells whether the main one is ready.

        Raises:
            StartFailed: one of them didn't start; then nothing is left of any.
        """
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        started: list[Process] = []
        main: Process | None = None
        try:
            folders = await volumes.fill(folder, parts.volumes, self._read_secret)
            for volume in parts.volumes:
                if volume.kind in volumes.EMPTY:
                    _say(log, f"the volume {volume.name} is empty here: it would be {volumes.EMPTY[volume.kind]}")
            for container in parts.containers:
                process = await self._start(container, environment, folders, home, log, self._tell(origin, container))
                if process is None:
                    continue
                if container.main:
                    main = process
                    if wait is not None and not await wait(process):
                        raise StartFailed("")
                else:
                    started.append(process)
                    if container.probe is not None and not await ready(process, container.port, container.probe):
                        raise StartFailed(f"The side-car {container.name} did not become ready. ")
            if main is None:
                raise StartFailed("The instance has no main container.")
            return Group(main, started, folder, main_only=wait is None)
        except BaseException:
            for process in (*started, *([main] if main is not None else [])):
                process.kill()
            shutil.rmtree(folder, ignore_errors=True)
            raise

    async def _start(
        self,
        container: Container,
        environment: Environment,
        folders: Mapping[str, Path],
        home: Path,
        log: LogFile,
        tell: Tell | None,
    ) -> Process | None:
        mounts = volumes.mounted(container, folders)
        arguments = [volumes.relocated(text, mounts) for text in container.arguments]
        try:
            image = images.resolve(container.image, container.command, arguments)
        except images.CommandRefused as error:
            raise StartFailed(str(error)) from error
        if image.kind == "starter" and not container.main:
            _say(log, f"the side-car {container.name} is not run: no package here is its image {container.image}")
            return None
        given = {name: volumes.relocated(value, mounts) for name, value in (await self._values(container)).items()}
        whole = environment(container, {**given, **volumes.described(mounts)})
        answered = container.asked if image.kind == "starter" else ()  # whatever the image's own program would answer
        program = Program(image.module, (*image.arguments, *answered), whole, home)
        return await self._table.start(program, log, tell)

    def _tell(self, origin: Origin | None, container: Container) -> Tell | None:
        listener = self._listener
        if listener is None or origin is None:
            return None
        named = origin.labelled(container_name=container.name) if container.name else origin

        def tell(stream: str, lines: bytes) -> None:
            listener.printed(named, stream, lines)

        return tell

    async def _values(self, container: Container) -> dict[str, str]:
        """The variables with the secrets' payloads; these go to the process and nowhere else."""
        found: dict[str, str] = {}
        for name, value in container.variables.items():
            if isinstance(value, SecretRef):
                try:
                    found[name] = await self._read_secret(value.name)
                except LookupError as error:
                    raise StartFailed(f"Secret {value.name} was not found.") from error
                except UnicodeDecodeError:
                    # Without the cause: its text has a part of the payload.
                    text = f"Secret {value.name} is not UTF-8 text, which an environment variable must be."
                    raise StartFailed(text) from None
            else:
                found[name] = value
        return found


def _say(log: LogFile, text: str) -> None:
    with suppress(OSError):
        log.write(f"sandbox: {text}\n".encode())
