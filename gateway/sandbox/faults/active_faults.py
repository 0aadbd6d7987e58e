"""Which faults are switched on. They belong to the process: after a restart there are none."""

import random
from collections.abc import Iterable
from fnmatch import fnmatchcase

import msgspec

from gateway.sandbox.faults.fault import Fault, FaultError, validate_fault

MOST_FAULTS = 100


class ActiveFaults:
    """The faults that are on, oldest first; a seeded random generator makes them repeatable."""

    def __init__(self, operations: frozenset[str], chance: random.Random, faults: Iterable[Fault] = ()) -> None:
        """Take the known operation ids, the random generator and the initial faults; raises FaultError."""
        self._operations = operations
        self._chance = chance
        self._faults: list[Fault] = []
        self.replace(faults)

    def all(self) -> tuple[Fault, ...]:
        """List the faults; `count` is the number of hits that remain."""
        return tuple(self._faults)

    def replace(self, faults: Iterable[Fault]) -> None:
        """Switch these faults on and all others off; raises FaultError and changes nothing for an unknown operation."""
        wanted = [self._known(validate_fault(fault)) for fault in faults]
        if len(wanted) > MOST_FAULTS:
            raise FaultError(f"There may be {MOST_FAULTS} faults at most")
        self._faults = wanted

    def trigger(self, operation: str, path: str) -> tuple[Fault, ...]:
        """Return the faults that hit a call of this operation and path, and count the hits."""
        triggered = tuple(fault for fault in self._faults if _names(fault, operation, path) and self._hits(fault))
        if triggered:
            self._faults = [rest for fault in self._faults for rest in _remaining(fault, fault in triggered)]
        return triggered

    def _known(self, fault: Fault) -> Fault:
        if not _is_pattern(fault) and fault.call not in self._operations:
            raise FaultError(f"There is no call {fault.call!r}: give an operation id, or a path pattern with / or *")
        return fault

    def _hits(self, fault: Fault) -> bool:
        return fault.probability == 1 or self._chance.random() < fault.probability


def _names(fault: Fault, operation: str, path: str) -> bool:
    return fnmatchcase(path, fault.call) if _is_pattern(fault) else fault.call == operation


def _is_pattern(fault: Fault) -> bool:
    return fault.call.startswith(("/", "*"))


def _remaining(fault: Fault, is_triggered: bool) -> tuple[Fault, ...]:
    if not is_triggered or fault.count is None:
        return (fault,)
    return (msgspec.structs.replace(fault, count=fault.count - 1),) if fault.count > 1 else ()
