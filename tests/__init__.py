"""Tests of the gateway; README.md says what is where."""

import pytest

# So that an assertion in a helper shows its values as one in a test does.
pytest.register_assert_rewrite("tests.support")
