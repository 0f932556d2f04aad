"""PostgreSQL and Valkey for a machine that has none: programs out of wheels, reached by Unix sockets only.

`provide` is the way in. The servers live as long as the process that started them, a `kill -9` of it included, and
are shared by every command on the same `var/`. What they keep lies in `var/embedded/`.
"""

from portal.embedded.failures import ServerFailed, ServersBusy
from portal.embedded.provision import provide, revive

__all__ = ["ServerFailed", "ServersBusy", "provide", "revive"]
