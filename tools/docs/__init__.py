"""The parts of `make_docs`: the pages and the pictures of the documentation."""
