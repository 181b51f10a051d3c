"""A million nodes, changed all the way while they are walked.  Run by `make test-nightly`."""

import pytest

from walks import scale


@pytest.mark.parametrize("scenario", scale.SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_a_million_nodes(scenario):
    """The same bound as for a hundred thousand."""
    scale.run(scenario, 1_000_000, factor=2.5)
