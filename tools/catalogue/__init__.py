"""The parts of `make_catalogue`: what each library has, by trying it out."""
