"""Run every benchmark and print its ratios."""

from bench import building, deciding, delivering, loading, weighing


def main() -> None:
    """Print a line for each measurement."""
    for benchmark in (building, delivering, deciding, weighing, loading):
        for line in benchmark.run():
            print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
