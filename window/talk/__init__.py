"""The talk tab: conversations, their questions and answers."""
