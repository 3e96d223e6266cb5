"""What every test of the core is under: no deadline on a shared machine, no thread left behind."""

import threading
import time

import pytest
from hypothesis import settings

settings.register_profile("core", deadline=None, max_examples=60)
settings.load_profile("core")

GRACE_S = 2.0


@pytest.fixture(autouse=True)
def no_thread_is_left():
    before = set(threading.enumerate())
    yield
    give_up_s = time.monotonic() + GRACE_S
    while (left := set(threading.enumerate()) - before) and time.monotonic() < give_up_s:
        time.sleep(0.01)
    assert not left, f"threads were left: {left}"
