"""`external`: what a program says, run as Terraform's own child would be: in its folder, with its environment."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile

from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.local.kind import DataSource, Run, State, fields

_FIELDS = fields("""
program list(string) required
query map(string)
working_dir string
id string computed
result map(string) computed
""")


def _failed(summary: str, detail: str) -> ProviderError:
    return ProviderError(Problem(summary, detail, ("program",)))


async def _read(config: State, run: Run) -> State:
    program = [str(word) for word in config["program"] if word]
    if not program:
        raise _failed("External Program Missing", "The data source was configured without a program to execute.")
    folder = run.path(config.get("working_dir") or "")
    environ = dict(run.caller.environ) if run.caller else None
    # A program is looked for from where Terraform runs; only what it does happens in `working_dir`.
    named = str(run.path(program[0])) if "/" in program[0] else program[0]
    found = shutil.which(named, path=(environ or {}).get("PATH"))
    if found is None:
        raise _failed("External Program Lookup Failed", f"There is no program {program[0]} that can be executed.")
    query = {key: value for key, value in (config.get("query") or {}).items() if value is not None}
    with tempfile.TemporaryFile() as asked:  # of a pipe, the end may be gone before all is written
        asked.write(json.dumps(query).encode())
        asked.seek(0)
        process = await asyncio.create_subprocess_exec(
            found,
            *program[1:],
            cwd=folder,
            env=environ,
            stdin=asked,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    try:
        said, errors = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        raise
    if process.returncode:
        detail = errors.decode(errors="replace") or "It returned no error message."
        raise _failed("External Program Execution Failed", f"{program[0]}: exit status {process.returncode}\n{detail}")
    try:
        result = json.loads(said)
        if not isinstance(result, dict) or not all(isinstance(value, str) for value in result.values()):
            raise ValueError("it is no object of strings")
    except ValueError as error:
        detail = f"Program output must be a JSON encoded map of string keys and string values.\n{program[0]}: {error}"
        raise _failed("Unexpected External Program Results", detail) from error
    return {**config, "id": "-", "result": result}


SOURCE = DataSource("external", _FIELDS, _read)
