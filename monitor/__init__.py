"""From the article log to an alert, and every question asked of the store."""
