"""What can go wrong with encoders and indexes on disk.

    EmbeddingsError
    ├── EncoderError     an encoder that is named but cannot be used
    └── IndexFileError   a saved index that is damaged or of another program

Each message is one line and says what to do.
"""


class EmbeddingsError(Exception):
    """Base of the errors of this package."""


class EncoderError(EmbeddingsError):
    """An encoder was named that cannot be used."""


class IndexFileError(EmbeddingsError):
    """A saved index is missing, damaged or of another format: build it again."""
