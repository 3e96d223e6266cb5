import pytest

RECORDS = 100_000


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--records",
        type=int,
        default=RECORDS,
        help=f"Records of the large system in the benchmarks of scale ({RECORDS} by default).",
    )


@pytest.fixture(scope="session")
def records(request: pytest.FixtureRequest) -> int:
    """How many records the large system gets: `pytest benchmarks --records 1000000`."""
    count: int = request.config.getoption("--records")
    return count
