"""What people do with a participant: take in, move, refer, follow up, and count."""
