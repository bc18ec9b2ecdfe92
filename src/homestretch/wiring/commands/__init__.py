"""Commands of the console script: each module has `NAME`, `HELP`, `add_arguments(parser)` and `run(args) -> int`."""
