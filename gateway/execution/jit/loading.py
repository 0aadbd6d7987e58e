"""Opens what an operation's answer waits for: every late value, and what stands on the way to it, each once."""

from collections.abc import Awaitable, Iterable, Iterator, Sequence
from typing import cast

from graphql import GraphQLOutputType, is_list_type, is_non_null_type
from graphql.pyutils import is_iterable

from gateway.concurrency.gather import Begun, gather_eagerly
from gateway.execution.jit.lazy_info import AnswerPath
from gateway.execution.jit.plan import Field, Selection
from gateway.execution.jit.run import Run


async def load_all(run: Run, selection: Selection) -> None:
    """Keep in the run what the whole operation waits for. Raises nothing: errors are kept in the place of values."""
    await gather_eagerly(_opened(run, selection, run.executor.root_value, ()))


def _opened(run: Run, selection: Selection, source: object, at: AnswerPath) -> Iterator[Begun]:
    """What is to be awaited for one object; what is not late is read on the way."""
    for settle in selection.settles:
        after = [field for field in selection.fields if field.how.settle is settle]
        try:
            waiting = settle(source)
        except Exception as error:
            run.require_replay([(*at, field.key) for field in after], error)
            continue
        if waiting is not None:
            yield _settled(run, waiting, after, source, at)
            continue
        yield from _begun(run, after, source, at)
    yield from _begun(run, [field for field in selection.opened if not field.how.settle], source, at)


def _begun(run: Run, fields: Iterable[Field], source: object, at: AnswerPath) -> Iterator[Begun]:
    for field in fields:
        here = (*at, field.key)
        if field.how.is_async:
            yield _open(run, field, source, here)
        elif field.is_opened:
            yield from _inside(run, field, _read(run, field, source, here), here)


async def _settled(run: Run, waiting: Awaitable[None], after: Sequence[Field], source: object, at: AnswerPath) -> None:
    """Settle something for an object, then open what had to wait for that."""
    try:
        await waiting
    except Exception as error:
        run.require_replay([(*at, field.key) for field in after], error)
        return
    await gather_eagerly(_begun(run, after, source, at))


async def _open(run: Run, field: Field, source: object, at: AnswerPath) -> None:
    """Await a late value, and then what is inside."""
    value = _read(run, field, source, at)
    if not isinstance(value, Exception):
        try:
            value = _lasting(field, await cast("Awaitable[object]", value))
        except Exception as error:
            value = error
        run.keep(at, value)
    await gather_eagerly(_inside(run, field, value, at))


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


def _inside(run: Run, field: Field, value: object, at: AnswerPath) -> Iterator[Begun]:
    if field.inside is not None and field.inside.is_loading:
        yield from _objects(run, field.inside, field.type, value, at)


def _objects(run: Run, selection: Selection, kind: GraphQLOutputType, value: object, at: AnswerPath) -> Iterator[Begun]:
    """What is to be awaited for each object in a value; whatever is no object is left to the projection."""
    kind = kind.of_type if is_non_null_type(kind) else kind
    if value is None or isinstance(value, Exception):
        return
    if not is_list_type(kind):
        yield from _opened(run, selection, value, at)
    elif is_iterable(value):
        for number, item in enumerate(value):
            yield from _objects(run, selection, kind.of_type, item, (*at, number))
