"""The Helm chart: what it renders, what its schema refuses, and that Kubernetes would take it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway import __version__
from gateway.settings import read_settings
from tests.support.paths import REPOSITORY

helm = pytest.importorskip("helm_python.chart", reason="helm-python-sdk is not installed: the extra `deploy`")
kubernetes_validate = pytest.importorskip("kubernetes_validate", reason="the extra `deploy` is not installed")

DEPLOY = REPOSITORY / "deploy"
CHART = DEPLOY / "chart"
VALUES = {path.name.removesuffix("-values.yaml"): path for path in sorted((CHART / "ci").glob("*-values.yaml"))}
PROJECT = {"GATEWAY_PROJECT_ID": 44056}
KUBERNETES = ("1.31", "1.36")
"""The oldest and the newest release that we look at."""


@pytest.fixture(scope="module")
def chart() -> Iterator[Any]:
    with helm.Chart.load(CHART) as loaded:
        yield loaded


def documents(chart: Any, values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What the chart renders, by kind; Services by their names."""
    made = chart.render(values=values, name="shop", namespace="games")
    parts = [part for name, text in made.items() if name.endswith(".yaml") for part in yaml.safe_load_all(text) if part]
    return {one["metadata"]["name"] if one["kind"] == "Service" else one["kind"]: one for one in parts}


def pod(chart: Any, values: dict[str, Any]) -> Any:
    return documents(chart, values)["Deployment"]["spec"]["template"]["spec"]


def environment(spec: Any) -> dict[str, str]:
    return {one["name"]: one["value"] for one in spec["containers"][0]["env"]}


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("name", VALUES)
def test_kubernetes_takes_what_is_rendered(chart: Any, name: str, version: str) -> None:
    for kind, document in documents(chart, yaml.safe_load(VALUES[name].read_text())).items():
        if kind != "ServiceMonitor":  # of the Prometheus operator, and not of Kubernetes
            kubernetes_validate.validate(document, version, strict=True)


@pytest.mark.parametrize("name", VALUES)
def test_helm_has_nothing_to_say_but_that_there_is_no_icon(name: str) -> None:
    found = helm.lint(CHART, values=yaml.safe_load(VALUES[name].read_text()))
    assert found["errors"] == []
    assert [one["error"] for one in found["messages"]] == ["icon is recommended"]


@pytest.mark.parametrize("name", VALUES)
def test_the_gateway_takes_the_settings_that_a_pod_gets(chart: Any, name: str, tmp_path: Path) -> None:
    given = environment(pod(chart, yaml.safe_load(VALUES[name].read_text())))
    (tmp_path / "GATEWAY_STORE_URL").write_text("redis://store.example")
    (tmp_path / "GATEWAY_WEBHOOK_SECRET").write_text("a secret")
    settings = read_settings({key: text.replace("/run/secrets/gateway", str(tmp_path)) for key, text in given.items()})
    assert (settings.project_id, settings.admin_port) == (44056, 9090)
    if name == "fleet":
        assert (settings.cache_bytes, settings.store_seconds, settings.apq) == (33554432, 0.5, False)
        assert settings.store_url is not None


def test_a_pod_may_do_as_little_as_possible_and_ends_in_good_order(chart: Any) -> None:
    spec = pod(chart, {"settings": PROJECT})
    assert spec["enableServiceLinks"] is False
    assert spec["automountServiceAccountToken"] is False
    assert spec["terminationGracePeriodSeconds"] == 30
    assert environment(spec)["GATEWAY_DRAIN_SECONDS"] == "5"
    assert spec["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 10001,
        "runAsGroup": 10001,
        "fsGroup": 10001,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    (container,) = spec["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {one["mountPath"] for one in container["volumeMounts"]} == {"/var/lib/gateway", "/tmp"}  # noqa: S108
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"]["port"] == "admin"


def test_metrics_are_not_behind_the_load_balancer(chart: Any) -> None:
    made = documents(chart, {"settings": PROJECT, "service": {"type": "LoadBalancer"}})
    assert [one["name"] for one in made["shop-liveops-gateway"]["spec"]["ports"]] == ["http"]
    admin = made["shop-liveops-gateway-admin"]["spec"]
    assert (admin["clusterIP"], [one["port"] for one in admin["ports"]]) == ("None", [9090])


def test_the_number_of_pods_is_the_autoscalers_where_there_is_one(chart: Any) -> None:
    made = documents(chart, yaml.safe_load(VALUES["fleet"].read_text()))
    assert "replicas" not in made["Deployment"]["spec"]
    assert made["HorizontalPodAutoscaler"]["spec"]["minReplicas"] == 2
    monitor = made["ServiceMonitor"]
    labels = made["shop-liveops-gateway-admin"]["metadata"]["labels"]
    assert monitor["spec"]["selector"]["matchLabels"].items() <= labels.items()


def test_two_pods_never_have_one_file_of_records(chart: Any) -> None:
    made = documents(chart, yaml.safe_load(VALUES["claim"].read_text()))
    assert made["Deployment"]["spec"]["strategy"] == {"type": "Recreate"}


STORE = {"GATEWAY_STORE_URL": "redis://store.example"}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        pytest.param({}, "missing property 'GATEWAY_PROJECT_ID'", id="no project"),
        pytest.param({"settings": PROJECT, "replicas": 2}, "missing property 'GATEWAY_STORE_URL'", id="replicas"),
        pytest.param(
            {"settings": PROJECT, "autoscaling": {"enabled": True}}, "missing property 'GATEWAY_STORE_URL'", id="scaled"
        ),
        pytest.param({"settings": {**PROJECT, "GATEWAY_WORKERS": 2}}, "'GATEWAY_STORE_URL'", id="workers"),
        pytest.param({"settings": {**PROJECT, "GATEWAY_CASH_BYTES": 1}}, "'GATEWAY_CASH_BYTES' not allowed", id="typo"),
        pytest.param({"settings": {**PROJECT, "GATEWAY_PORT": 80}}, "'GATEWAY_PORT' not allowed", id="the chart's own"),
        pytest.param({"settings": {**PROJECT, "GATEWAY_LOG_LEVEL": "loud"}}, "GATEWAY_LOG_LEVEL", id="malformed"),
        pytest.param({"settings": {**PROJECT, "GATEWAY_TOKEN_SECRET": "0" * 16}}, "not allowed", id="a secret"),
        pytest.param(
            {"settings": {**PROJECT, "GATEWAY_STORE_URL": "redis://u:p@store.example"}}, "STORE_URL", id="a password"
        ),
        pytest.param({"settings": PROJECT, "secret": {"keys": ["GATEWAY_STORE_URL"]}}, "/secret/name", id="no name"),
        pytest.param(
            {"settings": PROJECT, "secret": {"name": "x", "keys": ["GATEWAY_PORT"]}}, "/keys/0", id="no secret"
        ),
        pytest.param(
            {"settings": {**PROJECT, **STORE}, "replicas": 2, "records": {"existingClaim": "x"}},
            "'not'",
            id="shared file",
        ),
        pytest.param({"settings": PROJECT, "ingress": {"enabled": True}}, "/ingress/host", id="no host"),
        pytest.param({"settings": PROJECT, "replica": 2}, "'replica' not allowed", id="misspelt"),
    ],
)
def test_values_that_cannot_work_are_refused(chart: Any, values: dict[str, Any], reason: str) -> None:
    with pytest.raises(Exception, match="values don't meet the specifications") as refused:
        chart.render(values=values, name="shop")
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"replicas": 2, "settings": {**PROJECT, **STORE}}, id="replicas"),
        pytest.param({"settings": {**PROJECT, **STORE, "GATEWAY_WORKERS": 4}}, id="workers"),
        pytest.param(
            {"replicas": 3, "settings": PROJECT, "secret": {"name": "x", "keys": ["GATEWAY_STORE_URL"]}},
            id="in a secret",
        ),
        pytest.param({"settings": {**PROJECT, "GATEWAY_WORKERS": 1}}, id="one"),
    ],
)
def test_several_processes_with_a_store_and_one_without_are_rendered(chart: Any, more: dict[str, Any]) -> None:
    assert "Deployment" in documents(chart, more)


def test_the_charts_version_is_the_packages(chart: Any) -> None:
    assert (chart.version, chart.metadata["appVersion"]) == (__version__, __version__)


def test_what_is_rendered_for_those_without_helm_is_up_to_date() -> None:
    command = [sys.executable, str(REPOSITORY / "scripts" / "chart"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own script
    assert (result.returncode, result.stderr) == (0, "")


def test_the_schema_is_one() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft7Validator.check_schema(json.loads((CHART / "values.schema.json").read_text()))
