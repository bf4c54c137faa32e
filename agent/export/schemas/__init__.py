"""The published JSON Schemas of what is in an export, one file each."""
