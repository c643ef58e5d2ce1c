"""What becomes of evidence: bundles that prove a page, their check, retention, forgetting."""
