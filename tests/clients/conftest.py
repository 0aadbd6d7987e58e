"""Node with the clients that the lock file names."""

import pytest

from tests.support.node_tools import installed_node


@pytest.fixture(scope="session")
def node() -> str:
    """Node, with the clients installed as the lock file says."""
    return installed_node()
