"""Settings: what is declared equals what the API tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from envctl.clouds import Failure, Reason
from envctl.output.model import Check, Result

from . import causes
from .model import Blocked, Comparer, PathPart, Setting, Thing
from .normal import dig
from .view import View

# Of longer texts only the first line that differs is shown.
_LONG = 200


def setting_names(thing: Thing) -> Iterator[tuple[str, tuple[PathPart, ...]]]:
    """What is compared, and where it is declared."""
    for setting in _settings(thing):
        yield setting.field, _path(thing, setting.field)
    for comparer in thing.kind.comparers:
        yield comparer.field, _path(thing, comparer.field)


def setting_checks(view: View, thing: Thing, document: Mapping[str, Any]) -> Iterator[Check]:
    """Every setting of a thing that exists."""
    for setting in _settings(thing):
        yield _setting(view, thing, setting, document)
    for comparer in thing.kind.comparers:
        yield from _comparer(view, thing, comparer, document)


def _settings(thing: Thing) -> Iterator[Setting]:
    return (setting for setting in thing.kind.settings if setting.when is None or setting.when(thing.fields))


def _setting(view: View, thing: Thing, setting: Setting, document: Mapping[str, Any]) -> Check:
    path, field = _path(thing, setting.field), setting.field
    source = document if setting.reader == "document" else view.answer(thing, setting.reader)
    if isinstance(source, Failure):
        if source.reason is not Reason.ABSENT:
            return view.blocked(thing, field, path, source)
        source = {}
    try:
        expected = setting.declared(thing, view) if setting.declared else thing.fields[field]
    except Blocked as blocked:
        return _depends(view, thing, field, path, blocked)
    actual = setting.found(source) if setting.found else dig(source, setting.api)
    if isinstance(actual, Failure):
        return view.blocked(thing, field, path, actual)
    if setting.normal(expected) == setting.normal(actual):
        return view.check(thing, field, Result.PASS, f"{field} is as declared", path=path)
    if thing.kind.name == "subscriptions" and field == "topic" and (cause := view.missing_topic(str(expected))):
        # Google leaves the subscriptions of a deleted topic behind, on "_deleted-topic_".
        message = f"{thing.title}: topic skipped: {cause.title}"
        return view.check(thing, field, Result.SKIPPED, message, path=path, cause=cause)
    cause = causes.down(thing) if field == "ready" else view.differs(thing)
    shown_expected, shown_actual = _shown(expected, actual, hidden=setting.hidden)
    message = f"{thing.title}: {field} is not as declared"
    return view.check(
        thing, field, Result.FAIL, message, path=path, cause=cause, expected=shown_expected, actual=shown_actual
    )


def _depends(view: View, thing: Thing, field: str, path: tuple[PathPart, ...], blocked: Blocked) -> Check:
    """A check that can't be made for want of what another thing is called."""
    result = Result.SKIPPED if blocked.missing else Result.UNKNOWN
    message = f"{thing.title}: {field} depends on another thing: {blocked.cause.title}"
    return view.check(thing, field, result, message, path=path, cause=blocked.cause, permission=blocked.permission)


def _comparer(view: View, thing: Thing, comparer: Comparer, document: Mapping[str, Any]) -> Iterator[Check]:
    path = _path(thing, comparer.field)
    try:
        expected = comparer.resolve(thing, view) if comparer.resolve else thing
    except Blocked as blocked:
        yield _depends(view, thing, comparer.field, path, blocked)
        return
    differences = comparer.compare(expected, document)
    if not differences:
        yield view.check(thing, comparer.field, Result.PASS, f"{comparer.field} is as declared", path=path)
    for difference in differences:
        yield view.check(
            thing,
            f"{comparer.field} {difference.what}",
            Result.FAIL,
            f"{thing.title}: {difference.message}",
            path=path,
            cause=view.differs(thing),
            expected=difference.expected,
            actual=difference.actual,
        )


def _path(thing: Thing, field: str) -> tuple[PathPart, ...]:
    return (*thing.path, *field.split("."))


def _shown(expected: Any, actual: Any, *, hidden: bool) -> tuple[Any, Any]:
    """What a person is shown of two values."""
    if hidden:
        return "(as declared)", "(something else; not shown, it may hold a secret)"
    if isinstance(expected, str) and isinstance(actual, str) and max(len(expected), len(actual)) > _LONG:
        ours, theirs = expected.splitlines(), actual.splitlines()
        for number, (left, right) in enumerate(zip(ours, theirs, strict=False), 1):
            if left.rstrip() != right.rstrip():
                return f"line {number}: {left[:_LONG]}", f"line {number}: {right[:_LONG]}"
        return f"{len(ours)} lines", f"{len(theirs)} lines"
    return expected, actual
