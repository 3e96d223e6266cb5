"""Who carries a system's own calls out into the world: nobody, a test, or httpx in threads."""

import ssl
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

LANES = 4
TIMEOUT_S = 10.0

Courier = Callable[[str, bytes, Mapping[str, str]], int | None]
"""Takes an address, a body and headers of a POST; returns the answer's status.

None: no answer came, or it is not known yet. A courier neither raises nor waits: it is called
while its system stands still.
"""


Ended = Callable[[Mapping[str, str], int | None], None]


def nobody(url: str, body: bytes, headers: Mapping[str, str]) -> int | None:
    """Carries nothing: whoever listens is not told."""
    return None


class HttpCourier:
    """Posts over real sockets in threads of its own, so it never knows the status at once.

    A call that fails is lost, as it is with the portal's queue server, unless somebody wants to
    know of it.

    Attributes:
        took_s: How long the last call to each address took, in seconds.

    Args:
        ca_file: A CA to trust besides the usual ones, for handlers behind a local authority.
        ended: Told of each call that is over, in the thread that made it: the headers that were
            sent, and the status, None if no answer came.
    """

    def __init__(self, ca_file: Path | None = None, ended: Ended | None = None) -> None:
        self._ended = ended
        self._trusted = ssl.create_default_context()
        if ca_file is not None:
            self._trusted.load_verify_locations(ca_file)
        self._client: httpx.Client | None = None
        self.took_s: dict[str, float] = {}
        self._lanes = ThreadPoolExecutor(LANES, thread_name_prefix="courier")

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        # A sixth of a system's start, and six MB, that only who has handlers needs.
        import httpx

        if self._client is None:
            timeout_s = TIMEOUT_S
            self._client = httpx.Client(verify=self._trusted, trust_env=False, timeout=timeout_s)
        losses = (httpx.HTTPError, httpx.InvalidURL)
        self._lanes.submit(self._post, self._client, losses, url, body, dict(headers))

    def _post(
        self,
        client: "httpx.Client",
        losses: tuple[type[Exception], ...],
        url: str,
        body: bytes,
        headers: Mapping[str, str],
    ) -> None:
        begun_s, status = time.monotonic(), None
        with suppress(*losses):
            status = client.post(url, content=body, headers=headers).status_code
        self.took_s[url] = time.monotonic() - begun_s
        if self._ended is not None:
            self._ended(headers, status)

    def close(self) -> None:
        """Let those that have left arrive, forget the others."""
        self._lanes.shutdown(wait=True, cancel_futures=True)
        if self._client is not None:
            self._client.close()

    def __enter__(self) -> "HttpCourier":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
