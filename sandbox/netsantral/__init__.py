"""The operator's cloud switchboard: a phone calls a line, and what its *Özel API* answers is read out."""
