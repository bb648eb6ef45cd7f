"""Which article is in which split, for ever."""
