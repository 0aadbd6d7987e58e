"""Memory that is free again stays with the process."""

import ctypes
import platform
import subprocess
import sys
from types import SimpleNamespace

import pytest

from gateway.server.allocator import keep_freed_memory

_FAULTS = """
import resource
from gateway.server.allocator import keep_freed_memory

def wave():
    return [bytes(100_000) for _ in range(50)]

keep_freed_memory()
wave()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    wave()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has no such setting")
def test_waves_of_bodies_use_the_same_pages_again() -> None:
    told = subprocess.run([sys.executable, "-c", _FAULTS], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert int(told.stdout) < 1_000, "5 MB are 1,200 pages, twenty times"


def test_a_c_library_without_such_a_setting_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())
    assert not keep_freed_memory()
