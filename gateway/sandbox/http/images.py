"""Pictures for demo items, drawn from the SKU alone: no network, no files, and each SKU has its own."""

import hashlib
import math
import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_NAME = re.compile(r"([A-Za-z0-9._-]{1,255})\.svg")
_HEADERS = {
    "Cache-Control": "public, max-age=86400",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}
_SIDE = 96
_CENTRE = _SIDE / 2
_RADIUS = 32.0


def image_path(sku: str) -> str:
    """Return the path of an item's picture; responses put their own origin before it."""
    return f"/images/{sku}.svg"


def image_route() -> Route:
    """Serve the picture of any SKU."""
    return Route("/images/{name}", _serve, methods=["GET"])


async def _serve(request: Request) -> Response:
    match = _NAME.fullmatch(request.path_params["name"])
    if match is None:
        raise HTTPException(404)
    return Response(draw(match[1]), media_type="image/svg+xml", headers=_HEADERS)


def draw(sku: str) -> str:
    """Draw a cut gem of a colour, number of sides and turn that the SKU decides."""
    digest = hashlib.sha256(sku.encode()).digest()
    hue, sides, turn = digest[0] * 360 // 256, 5 + digest[1] % 5, digest[2] / 256 * math.tau
    outer = _ring(sides, turn, _RADIUS)
    table = _ring(sides, turn, _RADIUS * 0.5)
    facets = "".join(
        f'<path d="M{outer[i]} {outer[i - 1]} {table[i - 1]} {table[i]}Z" fill="hsl({hue} 70% {44 + (i * 13) % 26}%)"/>'
        for i in range(sides)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {_SIDE}" width="{_SIDE}" height="{_SIDE}">'
        f'<rect width="{_SIDE}" height="{_SIDE}" rx="16" fill="hsl({hue} 35% 14%)"/>'
        f'{facets}<path d="M{" ".join(table)}Z" fill="hsl({hue} 80% 78%)"/></svg>'
    )


def _ring(sides: int, turn: float, radius: float) -> list[str]:
    angles = (turn + index * math.tau / sides for index in range(sides))
    return [f"{_CENTRE + radius * math.cos(a):.1f},{_CENTRE + radius * math.sin(a):.1f}" for a in angles]
