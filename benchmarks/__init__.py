"""Our tool and its peers, measured side by side."""
