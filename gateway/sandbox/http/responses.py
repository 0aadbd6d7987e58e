"""JSON responses."""

import msgspec
from starlette.responses import Response

# Chain prices are JSON numbers; written from the decimal, they stay exact.
_encode = msgspec.json.Encoder(decimal_format="number").encode


class JsonResponse(Response):
    """A JSON response of the upstream."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """Encode a struct, or a list of them."""
        return _encode(content)
