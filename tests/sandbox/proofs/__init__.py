"""Proofs about the sandbox as a whole: interleavings, processes, kills, generated requests, whole journeys."""
