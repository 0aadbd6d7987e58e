"""How long the proofs look: PROOF_CASES answers that are lost, with the faults that PROOF_SEED brings."""

import os

CASES = int(os.environ.get("PROOF_CASES", "300"))
SEED = int(os.environ.get("PROOF_SEED", "20261120"))
