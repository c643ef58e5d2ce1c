"""The number of the method that stored articles were compared with: fingerprint and relation."""

from monitor.stories import fingerprint

# Raise it when two texts would be related otherwise, or another story found: with a threshold, for
# instance. `doctor` counts the articles of an older method, `recluster` compares them again.
RELATION = 2

# Stored beside each fingerprint, which differs when either does. Stores of before have 1.
METHOD = 100 * fingerprint.METHOD + RELATION
