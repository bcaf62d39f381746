"""The instructor's desk: pages for those who teach, with the class at a glance, everybody's work, and grades to take away."""
