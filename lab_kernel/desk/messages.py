"""Every sentence that a lab tells its person outside of a notebook.

Invariant: plain templates with named fields; what happened, then what to do.
"""

# The home's quota. JupyterLab shows about 140 characters at once and the whole at a click.

HOME_NEAR = (
    "Your home holds {used} of {quota}. Remove what you no longer need; "
    "in a terminal, `du -h -d1 ~ | sort -h` shows what is large."
)
HOME_OVER = (
    "Your home holds {used}, more than its {quota}. Remove what you no longer need; from {full} on, no notebook can be started. "
    "In a terminal, `du -h -d1 ~ | sort -h` shows what is large."
)
HOME_FULL = (
    "Your home holds {used}, far more than its {quota}: no notebook can be started until it holds less than {full}. "
    "Delete files in the file browser or in a terminal, where `du -h -d1 ~ | sort -h` shows what is large; then start the notebook."
)
# The reason that the dialog of a notebook gives: it wraps no line, puts some words of its own before the first, and cuts off what
# is longer than about 115 characters.
NO_KERNEL = (
    "Your home holds {used}, far more than its {quota}, so no notebook is started.\n"
    "Delete what you no longer need until it holds less than {full},\n"
    "in the file browser or in a terminal, then start it again."
)

# A course's folder, for whoever may write it

COURSE_NEAR = "The folder of {course} holds {used} of {quota}. Remove from shared/{course} what the course no longer needs."
COURSE_OVER = (
    "The folder of {course} holds {used}, more than its {quota}, on the disk that all homes share. "
    "Remove from shared/{course} what the course no longer needs."
)

# A lab that nobody uses

STOPS_IN = "Nobody is using this lab: it stops in about {time}. Files stay; what notebooks hold in memory does not."
STOPS_SOON = "less than a minute"
MINUTE = "a minute"
MINUTES = "{minutes} minutes"
KEEP = "Keep it"
MORE = "Read it all"
STOPS_TITLE = "stops soon"

# The status bar

MEMORY = "Memory {used} of {limit}"
CPU = "CPU {used} of {limit}"
PROCESSES = "Processes {used} of {limit}"
HOME = "Home {used} of {limit}"
UNLIMITED = "no limit"
PERCENT = "{percent:.0f} %"
STATUS = "What this lab uses, and what it may use: {all}. CPU is in percent of one processor."
