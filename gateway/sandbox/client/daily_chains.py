"""Daily chain calls (client contract, 4). Anonymous callers see chains as somebody does who has claimed nothing."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.actions.daily_steps import claim_daily_step
from gateway.sandbox.client import responses as responses
from gateway.sandbox.client.chain_items import chain_item
from gateway.sandbox.client.player_calls import PlayerCall, PlayerCalls
from gateway.sandbox.domain.daily_rounds import DailyRound
from gateway.sandbox.errors import NotFoundError
from gateway.sandbox.http.params import page_window, path_id
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.chains import Chain, ChainKind, active_chains, find_chain, item_ids, with_steps
from gateway.sandbox.storage.daily_rounds import daily_rounds
from gateway.sandbox.storage.items import Items, load_items

LARGEST_PAGE = 50


class DailyChainCalls:
    """Lists and reads chains, claims their steps."""

    def __init__(self, player_calls: PlayerCalls) -> None:
        """Take what authenticates the calls."""
        self._player_calls = player_calls

    def routes(self) -> list[Route]:
        """List the routes, relative to the project's path."""
        chain = "/user/daily_chain/{daily_chain_id}"
        claim = chain + "/step/number/{step_number}/claim"
        return [
            Route("/user/daily_chain", self.list_chains, methods=["GET"], name="get-daily-chains-list"),
            Route(chain, self.get_chain, methods=["GET"], name="get-user-daily-chain-by-id"),
            Route(claim, self.claim_step, methods=["POST"], name="claim-user-daily-chain-step-reward"),
        ]

    async def list_chains(self, request: Request) -> Response:
        """Return a page of the active chains."""
        window = page_window(request, LARGEST_PAGE)
        with self._player_calls.read(request) as call:
            chains = active_chains(call.tx, call.viewer, ChainKind.DAILY)
            shown = _responses(call, with_steps(call.tx, chains[window]))
        return JsonResponse(responses.Page(shown, has_more=len(chains) > window.stop, total_items_count=len(chains)))

    async def get_chain(self, request: Request) -> Response:
        """Return one enabled chain, inside or outside its dates."""
        with self._player_calls.read(request) as call:
            chain = find_chain(call.tx, call.viewer, ChainKind.DAILY, path_id(request, "daily_chain_id"))
            if chain is None:
                raise NotFoundError("Daily chain not found")
            (response,) = _responses(call, [chain])
        return JsonResponse(response)

    async def claim_step(self, request: Request) -> Response:
        """Claim the step of the day."""
        with self._player_calls.write(request) as call:
            chain_id, step_number = path_id(request, "daily_chain_id"), path_id(request, "step_number")
            claim_daily_step(call.tx, call.require_player(), chain_id, step_number)
        return Response(status_code=204)


def _responses(call: PlayerCall, chains: list[Chain]) -> list[responses.DailyChain]:
    items = load_items(call.tx, item_ids(chains))
    rounds = daily_rounds(call.tx, call.viewer.player, chains)
    return [_daily_chain(call, chain, items, rounds[chain.chain_id]) for chain in chains]


def _daily_chain(call: PlayerCall, chain: Chain, items: Items, current: DailyRound) -> responses.DailyChain:
    return responses.DailyChain(
        id=chain.chain_id,
        name=call.name(chain.name),
        description=call.text(chain.description),
        order=chain.order,
        type=chain.daily_type or "",
        date_start=chain.date_start,
        date_end=chain.date_end,
        steps=[
            responses.DailyStep(
                step_number=step.step_number,
                status=current.steps[step.step_id].status,
                unlocked_date=current.steps[step.step_id].unlocked_at,
                items=[chain_item(call, part, items, part.order) for part in step.items],
            )
            for step in chain.steps
        ],
    )
