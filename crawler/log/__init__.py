"""The article log: where the crawler's half ends and the monitor's half begins."""
