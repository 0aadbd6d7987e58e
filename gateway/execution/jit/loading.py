"""Loads what a response waits for: every asynchronous value, and the values on the way to it, each once.

All coroutines that can run at the same time do, as with the reference executor.
"""

from collections.abc import Awaitable, Iterable, Iterator, Sequence
from typing import Any

from graphql.pyutils import is_iterable

from gateway.concurrency.gather import VoidCoroutine, gather_eagerly
from gateway.execution.jit.lazy_info import ResponsePath
from gateway.execution.jit.plan import Dependents, Field, Selection
from gateway.execution.jit.run import Run

_REPEATABLE = (list, tuple)

_Waiting = list[VoidCoroutine]
"""The coroutines that are to run."""


async def load_all(run: Run, selection: Selection) -> None:
    """Store in the run what the whole operation waits for. Raises nothing: errors are stored in place of values."""
    waiting: _Waiting = []
    _load_object(run, selection, run.root_value, (), waiting)
    await _gather(waiting)


async def _gather(waiting: _Waiting) -> None:
    if waiting:
        await gather_eagerly(waiting)


def _load_object(run: Run, selection: Selection, source: object, path: ResponsePath, waiting: _Waiting) -> None:
    """Add the coroutines to run for one object; values that need no waiting are read on the way."""
    for load, dependent in selection.loads.items():
        try:
            loading = load(source)
        except Exception as error:
            run.require_replay([(*path, field.key) for field in dependent.fields], error)
            continue
        if loading is not None:
            waiting.append(_load_then_fields(run, loading, dependent, source, path))
        elif dependent.loaded:
            _load_fields(run, dependent.loaded, source, path, waiting)
    if selection.at_once:
        _load_fields(run, selection.at_once, source, path, waiting)


def _load_fields(run: Run, fields: Iterable[Field], source: object, path: ResponsePath, waiting: _Waiting) -> None:
    for field in fields:
        field_path = (*path, field.key)
        if field.access.is_async:
            waiting.append(_load_field(run, field, source, field_path))
        else:
            _load_inside(run, field, _read(run, field, source, field_path), field_path, waiting)


async def _load_then_fields(
    run: Run, loading: Awaitable[None], dependent: Dependents, source: object, path: ResponsePath
) -> None:
    """Wait for the load of an object, then load the fields that depend on it."""
    try:
        await loading
    except Exception as error:
        run.require_replay([(*path, field.key) for field in dependent.fields], error)
        return
    waiting: _Waiting = []
    _load_fields(run, dependent.loaded, source, path, waiting)
    await _gather(waiting)


async def _load_field(run: Run, field: Field, source: object, path: ResponsePath) -> None:
    """Await the value of an asynchronous field, and then load what is inside."""
    value: object
    try:
        waited_for: Any = run.read(field, source, path)
        value = _repeatable(field, await waited_for)
    except Exception as error:
        value = error
    run.store(path, value)
    waiting: _Waiting = []
    _load_inside(run, field, value, path, waiting)
    await _gather(waiting)


def _read(run: Run, field: Field, source: object, path: ResponsePath) -> object:
    try:
        value = _repeatable(field, run.read(field, source, path))
    except Exception as error:
        value = error
    run.store(path, value)
    return value


def _repeatable(field: Field, value: object) -> object:
    """What can be gone through again in place of an iterator: loading, projecting and replaying each do so once."""
    if not field.lists or value.__class__ in _REPEATABLE or not isinstance(value, Iterator):
        return value
    items: list[object] = []
    try:
        items.extend(value)
    except Exception as error:
        return _BrokenList(items, error)
    return items


class _BrokenList:
    """What an iterator gave before it raised. Going through it raises at the same place.

    The error alone would not do: where an item before it has an error that takes the whole list, that one is told.
    """

    def __init__(self, items: Sequence[object], error: Exception) -> None:
        self.items = items
        self._error = error

    def __iter__(self) -> Iterator[object]:
        yield from self.items
        raise self._error


def _load_inside(run: Run, field: Field, value: object, path: ResponsePath, waiting: _Waiting) -> None:
    if field.inside is not None and field.inside.needs_loading:
        _load_objects(run, field.inside, field.lists, value, path, waiting)


def _load_objects(
    run: Run, selection: Selection, lists: int, value: object, path: ResponsePath, waiting: _Waiting
) -> None:
    """Add the coroutines to run for each object in so many lists. A value of a wrong kind is left to the projection."""
    if value is None or isinstance(value, Exception):
        return
    if not lists:
        _load_object(run, selection, value, path, waiting)
    elif value.__class__ in _REPEATABLE or is_iterable(value):
        objects: Any = value.items if isinstance(value, _BrokenList) else value
        for number, item in enumerate(objects):
            _load_objects(run, selection, lists - 1, item, (*path, number), waiting)
