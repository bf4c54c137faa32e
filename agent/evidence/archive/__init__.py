"""Bundles in zip archives, looked through before anything in them is unpacked."""
