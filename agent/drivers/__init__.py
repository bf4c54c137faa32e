"""Drivers: one per family, each making its terminals look alike to the workflow."""
