"""The shop platform: each store has its own sign-in, permissions, orders and webhooks."""
