"""The examples of how it is run are true: settings, commands, probes and figures that they name are there."""

import ast
import configparser
import inspect
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
import uvicorn
import yaml
from prometheus_client.parser import text_string_to_metric_families

from entrypoints.cli import app
from entrypoints.settings import _SECRETS, Settings
from tests.architecture.source import ROOT
from tests.http.client import API, serving

SECRET = "3f0c9b1e7a5d4826"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
KUBERNETES: list[dict[str, Any]] = list(yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text("utf-8")))
OURS = ("portico", "portico-mongodb")


def known(names: Any) -> None:
    """All of them are settings, or name the file that one of the secrets stands in."""
    files = {f"{name}_FILE" for name in _SECRETS}
    assert {name for name in names if name.lower() not in Settings.model_fields} <= files


def accepted(environment: dict[str, str]) -> Settings:
    """As the process would read them."""
    known(environment)
    given = {name.lower(): value for name, value in environment.items()}
    return Settings(_env_file=None, **given)  # type: ignore[arg-type]


def runs(command: list[str]) -> None:
    """The command line takes it."""
    program, name, *arguments = command
    assert program == "portico"
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    commands[name].make_context(name, arguments)


def of(kind: str) -> dict[str, Any]:
    (found,) = [each for each in KUBERNETES if each["kind"] == kind]
    return found


@pytest.mark.parametrize("name", OURS)
def test_the_composed_service_is_given_settings_that_it_takes(name: str) -> None:
    service = COMPOSE["services"][name]
    given = {key: re.sub(r"\$\{\w+:-?([^}]*)\}", r"\1", value) for key, value in service["environment"].items()}

    settings = accepted({**given, "SECRET_KEY": SECRET * 4})

    assert settings.smtp_host in COMPOSE["services"]
    assert str(settings.redis_url).split("/")[2].split(":")[0] in COMPOSE["services"]
    runs(service["command"])


@pytest.mark.parametrize("name", OURS)
def test_what_a_composed_service_talks_to_is_started_with_it(name: str) -> None:
    service = COMPOSE["services"][name]
    hosts = set(re.findall(r"(?:@|://)([a-z]+):\d", " ".join(service["environment"].values())))

    assert hosts | {service["environment"]["SMTP_HOST"]} == service["depends_on"].keys()
    assert {volume.partition(":")[0] for volume in service["volumes"]} <= COMPOSE["volumes"].keys()


def test_pods_are_given_settings_that_they_take() -> None:
    said = (ROOT / "deploy" / "kubernetes.yaml").read_text("utf-8")
    secret = re.findall(r"--from-literal=([A-Z_]+)=", said)
    values = dict.fromkeys(("SECRET_KEY", "METRICS_TOKEN"), SECRET * 4)
    urls = {"DATABASE_URL": "postgresql://x", "REDIS_URL": "redis://x"}

    known(secret)
    settings = accepted(of("ConfigMap")["data"] | values | urls)

    assert set(secret) == values.keys() | urls.keys()
    assert of("Deployment")["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > settings.drain_s + 10


async def test_probes_ask_for_what_is_answered() -> None:
    pod = of("Deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    probes = [container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")]
    async with serving() as served:
        for probe in probes:
            assert (await served.client.get(probe["path"])).status_code == 200

    assert {probe["port"] for probe in probes} <= {port["name"] for port in container["ports"]}
    runs(pod["initContainers"][0]["command"])


def test_what_pods_refer_to_is_there() -> None:
    pod = of("Deployment")["spec"]["template"]["spec"]
    claims = [volume["persistentVolumeClaim"]["claimName"] for volume in pod["volumes"] if len(volume) > 1
              and "persistentVolumeClaim" in volume]  # fmt: skip
    mounted = {mount["name"] for mount in pod["containers"][0]["volumeMounts"]}

    assert claims == [of("PersistentVolumeClaim")["metadata"]["name"]]
    assert mounted == {volume["name"] for volume in pod["volumes"]}
    for kind in ("Service", "PodDisruptionBudget"):
        selector = of(kind)["spec"]["selector"]
        labels = of("Deployment")["spec"]["template"]["metadata"]["labels"]
        assert selector.get("matchLabels", selector).items() <= labels.items()


def test_the_unit_of_systemd_runs_what_is_there() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    said = (ROOT / "deploy" / "portico.service").read_text("utf-8")
    unit.read_string(said)
    service = unit["Service"]

    known([service["Environment"].partition("=")[0]])
    known(re.findall(r"\b([A-Z]+_[A-Z_]+)\b", said.partition("# ENVIRONMENT")[2].partition("\n")[0]))
    for command in (service["ExecStartPre"], service["ExecStart"]):
        runs(["portico", *command.split()[1:]])


def test_gunicorn_is_configured_as_the_server_is() -> None:
    tree = ast.parse((ROOT / "deploy" / "gunicorn.conf.py").read_text("utf-8"))
    (given,) = [each.value for each in ast.walk(tree) if isinstance(each, ast.Assign)
                and ast.unparse(each.targets[0]) == "CONFIG_KWARGS"]  # fmt: skip
    assert isinstance(given, ast.Dict)
    configured = {ast.literal_eval(key): ast.unparse(value) for key, value in
                  zip((key for key in given.keys if key), given.values, strict=True)}  # fmt: skip
    (how,) = [
        each.value for each in ast.walk(ast.parse(inspect.getsource(_serve()))) if isinstance(each, ast.AnnAssign)
    ]
    assert isinstance(how, ast.Dict)
    served = {ast.literal_eval(key): ast.unparse(value) for key, value in
              zip((key for key in how.keys if key), how.values, strict=True)}  # fmt: skip
    gunicorns_own = {"app", "host", "port", "workers", "reload", "log_level", "date_header"}

    assert configured == {name: value for name, value in served.items() if name not in gunicorns_own}
    assert configured.keys() <= inspect.signature(uvicorn.Config).parameters.keys()


def _serve() -> Any:
    return typer.main.get_command(app).commands["serve"].callback.__wrapped__  # type: ignore[attr-defined]


async def test_the_dashboard_draws_figures_that_there_are() -> None:
    board = json.loads((ROOT / "deploy" / "grafana.json").read_text("utf-8"))
    async with serving() as served:
        await served.client.get(f"{API}/info")
        page = (await served.client.get("/metrics")).text
    samples = [each for family in text_string_to_metric_families(page) for each in family.samples]
    labels = {each.name: {"job", *each.labels} for each in samples}

    drawn = {name: used for panel in board["panels"] for target in panel["targets"]
             for name, used in asked(target["expr"])}  # fmt: skip
    drawn |= {name: set() for name in re.findall(r"label_values\((\w+),", json.dumps(board["templating"]))}

    assert drawn.keys() <= labels.keys()
    assert len(drawn) >= 6
    for name, used in drawn.items():
        assert used <= labels[name], name


def asked(expression: str) -> Iterator[tuple[str, set[str]]]:
    """The figures that an expression is made of, with the labels that it compares or sums by."""
    by = {label.strip() for some in re.findall(r"by \(([^)]*)\)", expression) for label in some.split(",")}
    for name, compared in re.findall(r"(\w+)\{([^}]*)\}", expression):
        yield name, by | set(re.findall(r"(\w+)=~?\"", compared))
