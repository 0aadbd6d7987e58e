"""Opens what an operation's answer waits for: every late value, and what stands on the way to it, each once."""

import asyncio
from collections.abc import Awaitable, Coroutine, Iterator
from contextlib import suppress
from typing import cast

from graphql import GraphQLOutputType, is_list_type, is_non_null_type
from graphql.pyutils import is_iterable

from gateway.execution.late_info import AnswerPath
from gateway.execution.run import Run
from gateway.execution.selection import Field, Selection
from gateway.schema.common import Settle

Opening = Coroutine[object, object, None]


async def open_all(run: Run, selection: Selection) -> None:
    """Keep in the run what the whole operation waits for. Raises nothing: errors are kept in the place of values."""
    await _together(_opened(run, selection, run.executor.root_value, ()))


async def _together(openings: Iterator[Opening]) -> None:
    waiting = list(openings)
    if len(waiting) == 1:
        await waiting[0]  # in the task that is running already
    elif waiting:
        await asyncio.gather(*waiting)


def _opened(run: Run, selection: Selection, source: object, at: AnswerPath) -> Iterator[Opening]:
    """What is to be awaited for one object; what is not late is read on the way."""
    for settle in selection.settles:
        waiting = _begun(settle, source)
        if waiting is not None:
            yield _settled(waiting)
    for field in selection.opened:
        here = (*at, field.key)
        if field.how.is_late or field.how.settle:
            yield _open(run, field, source, here)
        else:
            yield from _inside(run, field, _read(run, field, source, here), here)


def _begun(settle: Settle, source: object) -> Awaitable[None] | None:
    # What goes wrong here goes wrong again for each field that needs it, and is told there.
    with suppress(Exception):
        return settle(source)
    return None


async def _settled(waiting: Awaitable[None]) -> None:
    with suppress(Exception):
        await waiting


async def _open(run: Run, field: Field, source: object, at: AnswerPath) -> None:
    """Await a value that is late, or what has to be settled before it, and then what is inside."""
    if field.how.settle is not None and (waiting := _begun(field.how.settle, source)) is not None:
        await _settled(waiting)
    value = _read(run, field, source, at)
    if field.how.is_late and not isinstance(value, Exception):
        try:
            value = _lasting(field, await cast("Awaitable[object]", value))
        except Exception as error:
            value = error
        run.keep(at, value)
    await _together(_inside(run, field, value, at))


def _read(run: Run, field: Field, source: object, at: AnswerPath) -> object:
    try:
        value = _lasting(field, run.read(field, source, at))
    except Exception as error:
        value = error
    run.keep(at, value)
    return value


def _lasting(field: Field, value: object) -> object:
    """A list that can be gone through more than once."""
    return list(value) if field.is_list and isinstance(value, Iterator) else value


def _inside(run: Run, field: Field, value: object, at: AnswerPath) -> Iterator[Opening]:
    if field.inside is not None and field.inside.is_opening:
        yield from _objects(run, field.inside, field.type, value, at)


def _objects(
    run: Run, selection: Selection, kind: GraphQLOutputType, value: object, at: AnswerPath
) -> Iterator[Opening]:
    """What is to be awaited for each object in a value; whatever is no object is left to the projection."""
    kind = kind.of_type if is_non_null_type(kind) else kind
    if value is None or isinstance(value, Exception):
        return
    if not is_list_type(kind):
        yield from _opened(run, selection, value, at)
    elif is_iterable(value):
        for number, item in enumerate(value):
            yield from _objects(run, selection, kind.of_type, item, (*at, number))
