"""The command line. Only it prints; each command loads what it needs when it is called."""
