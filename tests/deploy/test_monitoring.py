"""Rules, their tests, the dashboard and the runbook fit each other and the gateway."""

import re
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.support.gateway_fleet import gateway_fleet
from tests.support.markdown import anchors, read_page
from tests.support.monitoring import RULES, RULES_TEST, alerts, metrics_in, panels, promtool, rules
from tests.support.paths import DOCS, GATEWAY
from tests.support.store_servers import REDIS, redis

RUNBOOK = (DOCS / "runbook.md").read_text()
SLO = (DOCS / "slo.md").read_text()


def test_promtool_accepts_the_rules() -> None:
    assert f"{len(rules())} rules found" in promtool("check", "rules", RULES)


def test_each_alert_fires_and_clears_by_promtool() -> None:
    promtool("test", "rules", RULES_TEST)


def test_each_alert_is_tested_to_fire_and_to_clear() -> None:
    tests = yaml.safe_load(RULES_TEST.read_text())["tests"]
    fires = [[bool(case["exp_alerts"]) for case in test["alert_rule_test"]] for test in tests]
    assert [test["name"] for test in tests] == list(alerts())
    assert fires == [[True, False]] * len(tests)


def test_promtool_accepts_the_expressions_of_the_dashboard(tmp_path: Path) -> None:
    expressions = [one for several in panels().values() for one in several]
    group = {"name": "panels", "rules": [{"record": f"panel:{n}", "expr": one} for n, one in enumerate(expressions)]}
    written = tmp_path / "panels.yaml"
    written.write_text(yaml.safe_dump({"groups": [group]}))
    promtool("check", "rules", written)


def test_the_dashboard_shows_what_the_rules_record() -> None:
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    named = {name for several in panels().values() for one in several for name in re.findall(r"job:\w+:\w+", one)}
    assert named <= recorded
    assert set(re.findall(r"job:\w+:\w+", SLO)) <= recorded


@pytest.mark.skipif(REDIS is None, reason="redis-server is not installed: apt-get install redis-server")
async def test_a_gateway_of_a_fleet_has_every_metric_that_is_named() -> None:
    expressions = [rule["expr"] for rule in rules()] + [one for several in panels().values() for one in several]
    named = metrics_in(" ".join([*expressions, *re.findall(r"`([^`]+)`", RUNBOOK + SLO)]))
    for server in redis():
        async with gateway_fleet(server.url) as fleet:
            page = (await fleet.http.get(f"{fleet.members[0].gateway_url}/metrics")).text
    found = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in text_string_to_metric_families(page)
    }
    assert sorted(named - found) == []


def test_the_runbook_has_a_heading_for_each_alert() -> None:
    found = anchors(read_page(RUNBOOK).headings)
    led_to = [rule["annotations"]["runbook"].partition("#") for rule in alerts().values()]
    assert {page for page, _, _ in led_to} == {"docs/runbook.md"}
    assert {anchor for _, _, anchor in led_to} == found - {"runbook"}


@pytest.mark.parametrize("name", alerts())
def test_the_runbook_says_what_players_see_how_to_tell_and_what_to_do(name: str) -> None:
    section = RUNBOOK.partition(f"## {name}\n")[2].partition("\n## ")[0]
    assert re.findall(r"^- \*\*(.+?):\*\*", section, re.MULTILINE) == ["Players see", "How to tell", "What to do"]
    titles = re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", " ".join(section.split()))
    assert titles
    assert set(titles) <= set(panels())


def test_the_runbook_names_events_that_are_logged() -> None:
    source = "".join(path.read_text() for path in GATEWAY.rglob("*.py"))
    named = re.findall(r"Log `([a-z_]+)`", " ".join(RUNBOOK.split()))
    assert named
    assert [event for event in named if f'"{event}"' not in source] == []
