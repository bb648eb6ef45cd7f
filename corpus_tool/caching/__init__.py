"""What earlier runs found, kept so that what has not changed is not checked again.

It never changes a result: everything a result depends on is in the key it is kept under.
"""
