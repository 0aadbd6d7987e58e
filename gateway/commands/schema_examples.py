"""Example operations for each field of the schema: made from the schema, and run against the demo's project."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from gateway.commands.upstream_calls import DemoProject, Execution

_IDS = """{ viewer {
  offerChains { id nextAction nextStep { id } }
  rewardChains { id claimableCount nextStep { id } earnBy { item { sku } } }
  dailyChains { id nextAction nextStep { id } }
} }"""
_ORDER = 'mutation {{ orderOfferChainStep(input: {{stepId: "{paid_step}"}}) {{ order {{ id upstreamId }} }} }}'

_ARGUMENTS = {
    "Query.order": 'id: "{order}"',
    "Query.waitForOrder": 'id: "{order}", timeoutSeconds: 1',
    "Viewer.offerChain": 'id: "{offer_chain}"',
    "Viewer.rewardChain": 'id: "{reward_chain}"',
    "Viewer.dailyChain": 'id: "{daily_chain}"',
    "Mutation.claimOfferChainStep": 'input: {{stepId: "{free_step}"}}',
    "Mutation.orderOfferChainStep": 'input: {{stepId: "{paid_step}"}}',
    "Mutation.orderItem": 'input: {{sku: "{item}"}}',
    "Mutation.trackOrder": "input: {{upstreamId: {upstream_order}}}",
    "Mutation.claimRewardChainStep": 'input: {{stepId: "{reward_step}"}}',
    "Mutation.claimDailyChainStep": 'input: {{stepId: "{daily_step}"}}',
    "Mutation.claimAvailableRewards": 'input: {{rewardChainId: "{reward_chain}"}}',
    "Subscription.orderUpdated": 'id: "{order}"',
}
"""The arguments of fields that cannot do without, where `{name}` is an id of the demo's project."""


@dataclass(frozen=True, slots=True)
class Example:
    """How one type is reached: an operation that selects all of its fields, and the response of the demo."""

    operation: str
    """Empty for the root types of mutations and subscriptions: each of their fields has its own type's example."""
    response: dict[str, Any] | None
    """The response, lists cut to one entry; None for subscriptions, which are not executed."""
    costs: Mapping[str, Counter[str]]
    """The upstream calls of each field beyond those that reach its type."""


@dataclass(frozen=True, slots=True)
class _Path:
    """The fields from a root type to an object type, each as it is written."""

    kind: OperationType
    fields: tuple[str, ...]

    def operation(self, selection: str) -> str:
        text = selection
        for field in reversed(self.fields):
            text = f"{field} {{ {text} }}"
        return f"{self.kind.value} {{ {text} }}"


class SchemaExamples:
    """The examples of a schema's types."""

    def __init__(self, schema: GraphQLSchema, project: DemoProject, ids: Mapping[str, object]) -> None:
        self._schema = schema
        self._project = project
        self._ids = ids
        self._paths = dict(self._reach())

    @classmethod
    async def create(cls, schema: GraphQLSchema) -> "SchemaExamples":
        """The examples with the ids of the demo's project."""
        project = DemoProject()
        return cls(schema, project, await _prepared(project))

    async def example(self, kind: GraphQLObjectType) -> Example:
        """The example of an object type. Each field is executed alone; what its type itself costs is taken off."""
        path = self._paths[kind.name]
        operation = path.operation(" ".join(self._written(kind, name) for name in kind.fields))
        if path.kind is OperationType.SUBSCRIPTION:
            return Example(operation if path.fields else "", None, {})
        if kind is self._schema.mutation_type:
            costs = {name: await self._calls(path, self._written(kind, name)) for name in kind.fields}
            return Example("", None, costs)
        way = await self._calls(path, "__typename")
        costs = {name: await self._calls(path, self._written(kind, name)) - way for name in kind.fields}
        return Example(operation, _shortened((await self._execute(path, operation)).response), costs)

    async def _calls(self, path: "_Path", selection: str) -> Counter[str]:
        return (await self._execute(path, path.operation(selection))).calls

    async def _execute(self, path: "_Path", operation: str) -> Execution:
        """Mutations get a project of their own, because a step can be claimed once."""
        project = self._project
        if path.kind is OperationType.MUTATION:
            project = DemoProject()
            await _prepared(project)
        return await project.execute(operation)

    def _reach(self) -> Iterator[tuple[str, _Path]]:
        """Breadth first, so that each type is reached by the shortest path; queries before mutations."""
        seen: set[str] = set()
        for operation in OperationType:
            root = self._schema.get_root_type(operation)
            waiting = deque([(root, _Path(operation, ()))] if root else [])
            while waiting:
                kind, path = waiting.popleft()
                if kind.name in seen:
                    continue
                seen.add(kind.name)
                yield kind.name, path
                for name, field in kind.fields.items():
                    target = get_named_type(field.type)
                    if isinstance(target, GraphQLObjectType):
                        waiting.append((target, _Path(operation, (*path.fields, self._called(kind, name)))))

    def _called(self, kind: GraphQLObjectType, name: str) -> str:
        arguments = _ARGUMENTS.get(f"{kind.name}.{name}")
        return f"{name}({arguments.format(**self._ids)})" if arguments else name

    def _written(self, kind: GraphQLObjectType, name: str) -> str:
        """A field as it is selected: composite ones with their first plain field."""
        called, target = self._called(kind, name), get_named_type(kind.fields[name].type)
        return called if is_leaf_type(target) else f"{called} {{ {_first_plain(target)} }}"


def _first_plain(kind: Any) -> str:
    plain = [
        name for name, field in kind.fields.items() if is_leaf_type(get_named_type(field.type)) and not _needs(field)
    ]
    if plain:
        return "id" if "id" in plain else str(plain[0])
    name, field = next(iter(kind.fields.items()))
    return f"{name} {{ {_first_plain(get_named_type(field.type))} }}"


def _needs(field: GraphQLField) -> bool:
    return any(is_required_argument(argument) for argument in field.args.values())


async def _prepared(project: DemoProject) -> dict[str, object]:
    """The ids that the examples name, after an order was placed."""
    viewer = (await project.execute(_IDS)).response["data"]["viewer"]
    free, paid = (_first(viewer["offerChains"], nextAction=action) for action in ("CLAIM", "BUY"))
    reward = next(chain for chain in viewer["rewardChains"] if chain["claimableCount"])
    daily = _first(viewer["dailyChains"], nextAction="CLAIM")
    item = next(way["item"]["sku"] for chain in viewer["rewardChains"] for way in chain["earnBy"] or ())
    ids = {
        "offer_chain": free["id"],
        "free_step": free["nextStep"]["id"],
        "paid_step": paid["nextStep"]["id"],
        "reward_chain": reward["id"],
        "reward_step": reward["nextStep"]["id"],
        "daily_chain": daily["id"],
        "daily_step": daily["nextStep"]["id"],
        "item": item,
    }
    placed = (await project.execute(_ORDER.format(**ids))).response["data"]["orderOfferChainStep"]["order"]
    return {**ids, "order": placed["id"], "upstream_order": placed["upstreamId"]}


def _first(chains: list[dict[str, Any]], **wanted: object) -> dict[str, Any]:
    return next(chain for chain in chains if wanted.items() <= chain.items())


def _shortened(value: Any) -> Any:
    """A response whose lists have one entry: the one that says most."""
    if isinstance(value, list):
        return [_shortened(entry) for entry in sorted(value, key=_unsaid)[:1]]
    return {name: _shortened(inner) for name, inner in value.items()} if isinstance(value, dict) else value


def _unsaid(value: Any) -> int:
    """How many parts of a value are null or empty."""
    if isinstance(value, dict):
        return sum(map(_unsaid, value.values()))
    return sum(map(_unsaid, value)) if value and isinstance(value, list) else value is None or value == []
