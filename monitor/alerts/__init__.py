"""From an event to a mail in somebody's hands: rules, outbox, digest, composing, delivery."""
