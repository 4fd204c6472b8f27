"""What the processes that serve the window have imported before they are forked; see visiting.py."""

import faiss  # noqa: F401
import jieba  # noqa: F401
import snowballstemmer  # noqa: F401

import app  # noqa: F401
from window.starting import import_gradio

import_gradio()
