"""The pages tab: files looked at before they go in, and pages removed."""
