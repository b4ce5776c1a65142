"""The `dondoc` command: the same services as the web view, without loading Prefect."""
