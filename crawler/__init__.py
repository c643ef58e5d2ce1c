"""From a declared source to an article in the log. Imports seeds, never monitor."""
