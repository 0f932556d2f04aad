"""Tenants: who they are, who may act for them, what keeps them apart."""
