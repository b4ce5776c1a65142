"""Prefect flows, one a file: early return when there is nothing to do."""
