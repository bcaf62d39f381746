"""Any folder of notebooks, run as lessons are: `make course SRC=dir`.

folder   what lies where in a course
rules    what is asked of its files
job      what is asked of its runs
report   the pages that show where a notebook failed
foreign  the tests that pytest makes of all this
"""
