"""Well-formed input about cases and disposal."""
