"""The outside world: a folder a system. Knows nothing of orders, questions or subscribers."""
