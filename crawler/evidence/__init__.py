"""Keep what a site served, so that it can be proved later: WARC 1.1 files, a folder a day."""
