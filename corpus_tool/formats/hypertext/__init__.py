"""HTML, XHTML and NITF as news items carry them: markup to text and passages, and back."""
