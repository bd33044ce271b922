"""Reports: what was drawn and done, for people to look at. `syncaug.report.html` makes a page."""
