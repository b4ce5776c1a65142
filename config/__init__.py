"""Settings from the environment and YAML; every fault is reported with its place and its cure."""
