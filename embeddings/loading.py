"""Loading: one model of transformers at a time, whichever part of the program loads it."""

import threading

# transformers changes torch's default type of numbers while it makes a model: another one that is
# made at the same moment gets weights of mixed types, and fails when it is used.
LOADING = threading.Lock()
