"""Netgsm, the SMS operator: sending, reports, incoming messages, the account."""
