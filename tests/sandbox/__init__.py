"""Tests of the embedded upstream, through its calls and pages."""
