"""Why embedded servers could not be had; each message is one line for a person."""


class ServerFailed(RuntimeError):
    """A server did not start; the message carries the end of its log."""


class ServersBusy(RuntimeError):
    """Another command holds the servers of this folder, and they do not answer."""
