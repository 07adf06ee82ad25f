"""Bundles by deployment, compiled once per serving process: a deployment never changes."""

import threading
from collections import OrderedDict
from uuid import UUID

import sqlalchemy as sa

from engine.bpmn.bundle import Bundle
from engine.bpmn.definitions import compile_bundle
from engine.feel import FeelInterpreter
from engine.store.deployments import deployed_resources


class DefinitionCache:
    """Keeps the bundles of the deployments used last."""

    def __init__(self, size: int = 32, feel: FeelInterpreter | None = None) -> None:
        """`feel` reads the expressions of forms and decisions; without it the process's shared interpreter does."""
        self._feel = feel
        self._size = size
        self._bundles: OrderedDict[UUID, Bundle] = OrderedDict()
        self._lock = threading.Lock()

    def bundle(self, connection: sa.Connection, deployment_id: UUID) -> Bundle:
        """Return the bundle of a deployment, compiling it at first use."""
        with self._lock:
            found = self._bundles.get(deployment_id)
            if found is not None:
                self._bundles.move_to_end(deployment_id)
                return found
        # Compiled outside the lock: twice at worst, and both results are the same.
        bundle = compile_bundle(deployed_resources(connection, deployment_id), feel=self._feel)
        with self._lock:
            self._bundles[deployment_id] = bundle
            while len(self._bundles) > self._size:
                self._bundles.popitem(last=False)
        return bundle
