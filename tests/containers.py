"""A container for each server that no `TEST_*_URL` names, where Docker answers."""

import os
import subprocess
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from testcontainers.community.postgres import PostgresContainer
from testcontainers.community.redis import RedisContainer
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from tests.ports import free_port
from tests.stores import SERVERS, missing_servers


def docker_answers() -> bool:
    try:
        return subprocess.run(["docker", "info"], capture_output=True, timeout=5, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def start_containers() -> ExitStack:
    """Starts what is missing and names it in the environment, until the stack is closed."""
    with ExitStack() as stack:
        for server in missing_servers():
            os.environ[SERVERS[server]] = _START[server](stack)
            stack.callback(os.environ.pop, SERVERS[server])
        return stack.pop_all()


def _postgresql(stack: ExitStack) -> str:
    # A linguistic default collation shows a text column that forgot its own.
    container = (
        PostgresContainer("postgres:17", driver=None)
        .with_env("POSTGRES_INITDB_ARGS", "--locale-provider=icu --icu-locale=en --encoding=UTF8")
        .with_command("-c max_connections=200 -c fsync=off")
    )
    return stack.enter_context(container).get_connection_url()


def _mongodb(stack: ExitStack) -> str:
    # The driver looks for the members where the replica set says they are: so the port is the same inside and outside.
    port = free_port()
    container = (
        DockerContainer("mongo:8")
        .with_command(f"--replSet rs0 --bind_ip_all --port {port}")
        .with_bind_ports(port, port)
        .waiting_for(LogMessageWaitStrategy("Waiting for connections"))
    )
    stack.enter_context(container)
    initiate = f"rs.initiate({{_id: 'rs0', members: [{{_id: 0, host: '127.0.0.1:{port}'}}]}})"
    result = container.exec(["mongosh", "--quiet", "--port", str(port), "--eval", initiate])
    if result.exit_code != 0:
        raise RuntimeError(result.output.decode())
    return f"mongodb://127.0.0.1:{port}/?replicaSet=rs0"


def _mongodb_standalone(stack: ExitStack) -> str:
    container = (
        DockerContainer("mongo:8")
        .with_exposed_ports(27017)
        .waiting_for(LogMessageWaitStrategy("Waiting for connections"))
    )
    stack.enter_context(container)
    return f"mongodb://{container.get_container_host_ip()}:{container.get_exposed_port(27017)}/"


def _redis(stack: ExitStack) -> str:
    container = stack.enter_context(RedisContainer("redis:7"))
    return f"redis://{container.get_container_host_ip()}:{container.get_exposed_port(6379)}/0"


_START: Mapping[str, Callable[[ExitStack], str]] = {
    "postgresql": _postgresql,
    "mongodb": _mongodb,
    "mongodb-standalone": _mongodb_standalone,
    "redis": _redis,
}
