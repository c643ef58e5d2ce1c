"""What to watch, and what a text mentions of it. Imports nothing of crawler or monitor."""
