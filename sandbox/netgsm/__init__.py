"""The operator: accounts, messages out and in, delivery, at Netgsm's real paths."""
