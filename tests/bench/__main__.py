"""`make bench`: each measurement prints its figures, beside a peer's from the same run where there is one."""

from tests.bench import one_copy, reading_pages, signing


def main() -> None:
    """Run every measurement."""
    for measurement in (one_copy, reading_pages, signing):
        measurement.main()
        print()


if __name__ == "__main__":
    main()
