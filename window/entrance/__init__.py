"""The entrance: who and what comes in from the network, and by which door."""
