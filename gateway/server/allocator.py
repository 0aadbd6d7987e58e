"""What the C library does with memory that is free again."""

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""As glibc's `malloc.h` has them."""

_TRIM_BYTES = 16 * 2**20
_MMAP_BYTES = 2**20


def keep_freed_memory() -> bool:
    """Let glibc keep up to 16 MB that are free; gives whether it does. Other C libraries go on as they did.

    By itself it gives the system back what is free beyond 128 KB. The bodies of a few requests are more than that, so
    each wave of requests would ask for the same pages again: 13 page faults for each of 128 requests at a time.
    """
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    mallopt = getattr(library, "mallopt", None)
    if mallopt is None:
        return False
    return bool(mallopt(_M_TRIM_THRESHOLD, _TRIM_BYTES) and mallopt(_M_MMAP_THRESHOLD, _MMAP_BYTES))
