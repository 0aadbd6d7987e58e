"""Generated functions and classes: equal ones are made once, within a bound, and never share what they use."""

import gc
import tracemalloc
from collections.abc import Callable

import msgspec

from gateway.execution.jit.functions import CODE_BYTES, Functions

SOURCE = "def double(o):\n    return o.value * factor\n"


def made(functions: Functions, factor: int, source: str = SOURCE) -> Callable[..., object]:
    return functions.function("double", source, (), {"factor": factor}).call


def test_functions_of_one_source_share_their_code_and_not_what_they_use() -> None:
    functions = Functions()
    two, three = made(functions, 2), made(functions, 3)
    assert two.__code__ is three.__code__
    assert (two.__globals__["factor"], three.__globals__["factor"]) == (2, 3)


def test_what_does_not_fit_is_compiled_each_time() -> None:
    functions = Functions(max_bytes=100)
    assert made(functions, 2).__code__ is not made(functions, 2).__code__


def test_a_place_is_that_of_the_whole_source() -> None:
    functions = Functions()
    one, other = (functions.function("double", SOURCE, inner, {}) for inner in ((), ("def inner(): ...\n",)))
    again = functions.function("double", SOURCE, (), {})
    assert functions.place(one) == functions.place(again) != functions.place(other)


def test_sources_weigh_no_more_than_they_are_charged() -> None:
    functions = Functions(max_bytes=1_000_000)
    fields = [f"    v{number} = o.field_{number}.attribute_{number}\n" for number in range(20)]
    tracemalloc.start()
    for count in range(3_000):
        source = f"def double(o):\n{''.join(fields[: count % 20])}    return {{'f{count}': o}}\n"
        functions.place(functions.function("double", source, (), {}))
    weight, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 300_000 < weight <= 1_000_000 < CODE_BYTES


def test_objects_are_encoded_with_their_keys_and_share_a_class() -> None:
    functions = Functions()
    kind = functions.struct(("sku", "self", "f0"))
    assert functions.struct(("sku", "self", "f0")) is kind is not functions.struct(("sku", "f0", "self"))
    assert msgspec.json.encode(kind("a", 1, None)) == b'{"sku":"a","self":1,"f0":null}'


def test_classes_weigh_no_more_than_they_are_charged() -> None:
    functions = Functions(max_bytes=1_000_000)
    tracemalloc.start()
    for count in range(600):
        functions.struct(tuple(f"field_{count}_{number}" for number in range(count % 30 + 1)))
    gc.collect()
    weight, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 600_000 < weight <= 1_000_000
