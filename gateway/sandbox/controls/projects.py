"""Creates projects under `/_sandbox/projects`; the upstream does so in its publisher's console."""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.controls.paths import PREFIX
from gateway.sandbox.http.request_body import read_json
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.sandbox import Sandbox


class ProjectBody(msgspec.Struct, frozen=True):
    """A new project's name."""

    name: Annotated[str, Meta(min_length=1, max_length=255)]


class ProjectResponse(msgspec.Struct, frozen=True):
    """A new project with its secrets: the key for its publisher's calls, and the one that signs its players' tokens."""

    id: int
    name: str
    api_key: str
    login_secret: str


class ProjectControls:
    """Creates projects."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Take the sandbox that holds the projects."""
        self._sandbox = sandbox

    def routes(self) -> list[Route]:
        """List the routes."""
        return [Route(PREFIX + "/projects", self.create_project, methods=["POST"])]

    async def create_project(self, request: Request) -> Response:
        """Create an empty project: `{"name": "…"}`."""
        body = await read_json(request, ProjectBody)
        project = self._sandbox.create_project(body.name)
        response = ProjectResponse(project.project_id, project.name, project.api_key, project.login_secret)
        return JsonResponse(response, 201)
