#!/usr/bin/env python3
"""Read, set, check and compare the configuration of the services."""

from __future__ import annotations

import json
import subprocess
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from pydantic import BaseModel
from script_support import Format, made, note, run, table

from shared_services import ConfigManager, InputError
from shared_services.config.edit import propose, validate
from shared_services.config.history import differences
from shared_services.config.registry import document, names
from shared_services.yaml.problems import did_you_mean

app = made(invoke_without_command=True)
Name = Annotated[str, typer.Argument(help="A configuration, such as trading or market-data-ingestion.")]
Env = Annotated[str | None, typer.Option(help="The environment; by default PLATFORM_ENVIRONMENT, or local.")]
Folder = Annotated[Path | None, typer.Option("--config-dir", help="By default CONFIG_DIR, or config/ here or above.")]
FormatOption = Annotated[Format, typer.Option(help="text for people, json for programs.")]


@app.callback()
def config_manager(context: typer.Context) -> None:
    """Read, set, check and compare the configuration of the services.

    Without a command: the list. Values of secrets are never shown. Exit code 0: fine; 1: something is wrong or differs;
    2: misuse.

    \b
    Examples:
      config_manager.py
      config_manager.py get trading entry.opens --env prod
      config_manager.py set risk loss.daily_halt 0.01 --env prod
      config_manager.py validate
      config_manager.py diff trading local prod
      config_manager.py history trading
    """
    if context.invoked_subcommand is None:
        list_()


@app.command("list")
def list_(env: Env = None, config_dir: Folder = None, format: FormatOption = Format.text) -> None:
    """List every configuration, and what it is made of.

    Example: config_manager.py list --env prod
    """
    manager = ConfigManager(config_dir, environment=env)
    wrong = validate(manager.folder, (manager.environment,))
    said = []
    for name in names():
        problems = wrong.get(f"{manager.environment}/{name}")
        origins = () if problems else manager.status(name)[0].origins
        said.append({"name": name, "valid": not problems, "from": [each for each in origins if each != "defaults"]})
    if format is Format.json:
        _write_json(said)
    else:
        rows = [(each["name"], "valid" if each["valid"] else "WRONG", ", ".join(each["from"])) for each in said]
        typer.echo(table(("configuration", "state", "made of"), rows))
        typer.echo(f"{len(said)} configurations of {manager.environment}, in {manager.folder}")
    raise typer.Exit(1 if wrong else 0)


@app.command()
def get(
    name: Name,
    path: Annotated[str, typer.Argument(help="Of a value, such as entry.opens; by default all of it.")] = "",
    env: Env = None,
    config_dir: Folder = None,
    format: FormatOption = Format.text,
) -> None:
    """Show a configuration, or a value of it, as a service reads it: all layers and variables.

    Example: config_manager.py get trading entry.opens
    """
    config = ConfigManager(config_dir, environment=env).get_config(name)
    try:
        value = config[path] if path else config
    except (KeyError, ValueError):
        raise InputError(f'{name} has no "{path}"', todo=_meant(_plain(config), path or "")) from None
    plain = _plain(value)
    if format is Format.json:
        _write_json(plain)
    elif isinstance(plain, dict | list):
        typer.echo(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True), nl=False)
    else:
        typer.echo("" if plain is None else plain)


@app.command("set")
def set_(
    name: Name,
    path: Annotated[str, typer.Argument(help="Of the value, such as loss.daily_halt.")],
    value: Annotated[str, typer.Argument(help="As YAML has it; null takes back to what stands below.")],
    env: Annotated[str | None, typer.Option(help="Set it in this environment only; else in all.")] = None,
    config_dir: Folder = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    format: FormatOption = Format.text,
) -> None:
    """Set a value in a configuration's file. What would be wrong then isn't written; services follow within a second.

    Example: config_manager.py set risk loss.daily_halt 0.01 --env prod
    """
    try:
        said = yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise InputError(f'"{value}" is no value of YAML', why=str(error)) from None
    edit = propose(name, path, said, folder=ConfigManager(config_dir).folder, environment=env)
    if not dry_run and edit.changed:
        edit.write()
    if format is Format.json:
        _write_json(
            {"file": str(edit.file), "changed": list(edit.changed), "written": bool(edit.changed) and not dry_run}
        )
    elif not edit.changed:
        note("it is so already: nothing is written")
    else:
        typer.echo(f"{edit.file}: {', '.join(edit.changed)}{' (not written)' if dry_run else ''}")


@app.command("validate")
def validate_(
    name: Annotated[list[str] | None, typer.Argument(help="Configurations; by default all.")] = None,
    env: Annotated[str | None, typer.Option(help="One environment; by default all.")] = None,
    config_dir: Folder = None,
    format: FormatOption = Format.text,
) -> None:
    """Check configurations in every environment: each problem with its file, line and what to do.

    Example: config_manager.py validate trading risk --env prod
    """
    for each in name or ():
        document(each)  # an unknown name is misuse
    folder = ConfigManager(config_dir).folder
    known = tuple(sorted(each.name for each in (folder / "environments").glob("*") if each.is_dir())) or ("local",)
    if env and env not in known:
        raise InputError(
            f"there is no environment {env}", todo=did_you_mean(env, list(known), otherwise=", ".join(known))
        )
    wrong = validate(folder, (env,) if env else known, tuple(name or ()))
    if format is Format.json:
        _write_json({"valid": not wrong, "problems": wrong})
    else:
        for problem in sorted({problem for problems in wrong.values() for problem in problems}):
            typer.echo(problem)
        count = len(name or names())
        typer.echo(
            f"{count} configurations in {len(known) if not env else 1} environments: {len(wrong) or 'none'} wrong"
        )
    raise typer.Exit(1 if wrong else 0)


@app.command()
def diff(
    name: Name,
    first: Annotated[str, typer.Argument(help="An environment.")],
    second: Annotated[str, typer.Argument(help="Another.")],
    config_dir: Folder = None,
    format: FormatOption = Format.text,
) -> None:
    """Show what differs between two environments. Exit code 1 where something does.

    Example: config_manager.py diff trading local prod
    """
    one, other = (ConfigManager(config_dir, environment=each).get_config(name) for each in (first, second))
    rows = [(path, _short(one.get(path)), _short(other.get(path))) for path in differences(one, other)]
    if format is Format.json:
        _write_json([{"path": p, first: _plain(one.get(p)), second: _plain(other.get(p))} for p, _, _ in rows])
    elif rows:
        typer.echo(table(("path", first, second), rows))
    else:
        typer.echo(f"{name} is the same in {first} and {second}")
    raise typer.Exit(1 if rows else 0)


@app.command()
def history(
    name: Name,
    most: Annotated[int, typer.Option("--most", "-n", min=1, help="Changes that are shown.")] = 20,
    config_dir: Folder = None,
    format: FormatOption = Format.text,
) -> None:
    """Show who changed a configuration's files when, the latest first, as git has it.

    Example: config_manager.py history trading
    """
    folder, file = ConfigManager(config_dir).folder, document(name).file
    files = [file, f"environments/*/{file}"]
    form = "%h%x1f%aI%x1f%an%x1f%s"
    log = _git(folder, "log", f"-{most}", f"--format={form}", "--", *(f":(glob){each}" for each in files))
    fields = ("commit", "at", "who", "what")
    said = [dict(zip(fields, line.split("\x1f"), strict=True)) for line in log.splitlines()]
    changed = _git(folder, "status", "--porcelain", "--", *(f":(glob){each}" for each in files))
    if changed:
        said.insert(0, {"commit": "", "at": "", "who": "", "what": "changed, and not committed"})
    if format is Format.json:
        _write_json(said)
    else:
        typer.echo(table(fields, [tuple(each.values()) for each in said]) if said else f"{name} was never committed")


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True)  # noqa: S607
    except OSError:
        raise InputError("git is not installed", why="the history of configuration files is git's") from None
    if done.returncode:
        raise InputError(f"{folder} has no history", why=done.stderr.strip().splitlines()[-1][:200])
    return done.stdout


def _meant(config: Any, path: str) -> str:
    """What there is instead of the first part of a path that isn't there."""
    above = ""
    for part in path.split("."):
        if not isinstance(config, dict):
            return f"{above.removesuffix('.')} is a value: nothing is below it"
        if part not in config:
            known = [f"{above}{key}" for key in config]
            return did_you_mean(f"{above}{part}", known, otherwise="known: " + ", ".join(known))
        above, config = f"{above}{part}.", config[part]
    return ""


def _plain(value: Any) -> Any:
    """As JSON has it; secrets are references."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value if isinstance(value, bool | int | float | str | None) else str(value)


def _short(value: Any) -> str:
    text = json.dumps(_plain(value), ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _write_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    run(app)
