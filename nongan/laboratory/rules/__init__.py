"""The law of the laboratory: states, who may sign what, how a result is written, what a report says. Pure."""
