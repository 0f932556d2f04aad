"""Ideasoft, the store platform: authorization, orders, webhooks."""
