"""Where samples of a run come from: a module for each kind of source."""
