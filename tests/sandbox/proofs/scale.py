"""How long the proofs look: SANDBOX_PROOF_SCALE multiplies every count (1 in the normal suite)."""

import os

SCALE = int(os.environ.get("SANDBOX_PROOF_SCALE", "1"))
