"""Merchants' screens: one module a screen family, no models."""
