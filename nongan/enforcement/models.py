"""Cases, transfers to the police, and the disposal of what failed."""
