"""All state of one running sandbox, in one object; a reset gives it fresh parts."""

from copy import deepcopy
from random import Random
from typing import Any

from sandbox.errands import Errands
from sandbox.faults import FaultBook
from sandbox.ideasoft.store import Store, open_store
from sandbox.ledger import Ledger
from sandbox.netgsm.operator import Operator

PARTS = ("stores", "ledger", "faults", "operator", "latency")  # copied together, since some hold others


class World:
    """What the handlers of all ports share. `latency` is seconds by system, `url` the main port's address."""

    def __init__(self, *, seed: int, validating: bool = False, first_order: int = 1001) -> None:
        self.seed = seed
        self.first_order = first_order
        self.validating = validating
        self.url = ""
        self.errands = Errands()
        self.stores: dict[str, Store] = {}
        self._kept: dict[str, dict[str, Any]] = {}
        self._set_up()

    def reset(self) -> None:
        """Forgets everything but the stores' names and addresses, which are listening ports."""
        self.errands.drop()
        self._set_up()
        for store in list(self.stores.values()):
            self.open_store(store.name, store.url)

    def keep(self, name: str) -> None:
        """Remembers how everything is now, beyond any reset."""
        self._kept[name] = deepcopy({part: getattr(self, part) for part in PARTS})

    def restore(self, name: str) -> None:
        """Everything as it was kept; a store opened since then is there and empty. Raises KeyError."""
        kept, opened = deepcopy(self._kept[name]), dict(self.stores)
        self.errands.drop()
        for part, value in kept.items():
            setattr(self, part, value)
        for store in opened.values():
            if store.name not in self.stores:
                self.open_store(store.name, store.url)

    def open_store(self, name: str, url: str) -> Store:
        """A fresh store in place of any of that name."""
        self.stores[name] = open_store(name, url, self.seed, first_order=self.first_order)
        return self.stores[name]

    def _set_up(self) -> None:
        self.ledger = Ledger()
        self.faults = FaultBook(Random(self.seed))
        self.operator = Operator(self.ledger)
        self.latency: dict[str, float] = {}
