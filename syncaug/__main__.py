"""`python -m syncaug`: the command line, where its script is not on the path."""

from syncaug.cli import main

if __name__ == "__main__":
    main()
