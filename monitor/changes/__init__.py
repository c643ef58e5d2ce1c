"""What changed between two versions of an article, by meaning."""
