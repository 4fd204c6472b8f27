"""What stands between the network and gradio: doors, login, calls, tools, health and metrics.

Puts them together as the arguments of gradio's `launch`. Each part knows its own affair only.
"""

from typing import Any, NamedTuple

from window.entrance.calls import Calls
from window.entrance.doors import (
    HEALTH,
    METRICS,
    TOOLS,
    Application,
    Doors,
    Message,
    Receive,
    Send,
)
from window.entrance.endpoints import Endpoints, publish
from window.entrance.events import Events
from window.entrance.origins import Names
from window.entrance.porter import Porter
from window.entrance.sessions import Sessions
from window.entrance.tools import tools


class House(NamedTuple):
    """The rules of the house: who is let in (None: everybody), and whether tools are served.

    `local` tells that only this machine can reach the server; `read_only` that nobody adds or
    removes pages. `names` are what the server may be called in a request, `head` is what gradio is
    given as the page's head, `health` and `metrics` are applications that tell how it is; without
    them there are no such addresses.
    """

    porter: Porter | None = None
    tools: bool = False
    local: bool = True
    read_only: bool = False
    names: Names = Names(None)
    head: str = ""
    health: Application | None = None
    metrics: Application | None = None


OPEN_HOUSE = House()


def entrance(page: Any, endpoints: Endpoints, house: House) -> dict[str, Any]:
    """Publish the endpoints on a gradio Blocks, and return what `launch` needs for the rules."""
    from starlette.middleware import Middleware
    from starlette.routing import Route

    publish(page, endpoints)
    counted = house.metrics is not None
    layers = [Middleware(Doors, house.tools, counted, house.names, house.head)]
    given: dict[str, Any] = {"auth": None}
    if house.porter:
        layers.append(Middleware(Sessions, porter=house.porter))
        given["auth"] = house.porter.admits
    layers += [Middleware(Calls, endpoints=endpoints.all()), Middleware(Events)]
    app: dict[str, Any] = {"middleware": layers}
    served = {HEALTH: house.health, METRICS: house.metrics}
    if house.tools:
        offered = tools(endpoints.all(), page.get_api_info(), house.local)
        served[TOOLS] = offered.serve
        app["lifespan"] = offered.running
    app["routes"] = [
        Route(path + end, _Served(serve))
        for path, serve in served.items()
        if serve
        for end in ("", "/")
    ]
    return given | {"app_kwargs": app}


class _Served:
    """An ASGI application as an object, which is how a route tells it from a function."""

    def __init__(self, serve: Application) -> None:
        self._serve = serve

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        await self._serve(scope, receive, send)
