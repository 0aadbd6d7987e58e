"""The command line of measurements that take one number."""

import argparse


def count(about: str | None, name: str, default: int) -> int:
    """The number given on the command line; `about` is the module's docstring, shown by `--help`."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=default, metavar=name, help=f"how many ({default})")
    chosen: int = parser.parse_args().count
    return chosen
