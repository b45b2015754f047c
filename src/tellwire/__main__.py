"""`python -m tellwire` is `tellwire`."""

from tellwire.cli import main

if __name__ == "__main__":
    main()
