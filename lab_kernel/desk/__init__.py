"""What a lab tells its person while they work: announcements, its limits, the home's quota, and that it is about to stop.

One question of the page (`handlers`) brings all of it; the page (images/lab/share/labextensions) only shows what it is given, so
every sentence is in `messages`.
"""
