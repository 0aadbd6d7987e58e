"""What proofs share."""

from tests.sandbox.proofs.conftest import unmeasured

__all__ = ["unmeasured"]
