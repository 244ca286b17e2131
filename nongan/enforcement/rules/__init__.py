"""The law of cases, transfers to the police, and disposal. Pure."""
