"""Every sentence of the student's side, as a template with named fields.

Invariant: no sentence is put together anywhere else, so that all of them can be translated. What the service says is in its words.
"""

# --- where one is
NOT_AN_EXERCISE = (
    "This folder is no exercise that was fetched. Open the exercise's own notebook, or name the exercise: {call}(\"NAME\"). "
    "exercises() shows what there is."
)
WHICH_COURSE = "You are in several courses: {courses}. Say which one: {call}(…, course=\"{first}\")"
NO_COURSE = "You are in no course yet. Your instructor adds you to its group at the hub; it works within seconds."
NOT_FETCHED = "{name} is not in your home yet. Fetch it first: fetch(\"{name}\")"
DISK = "{path} could not be written or read ({reason}). If your home is full, remove what you do not need, then try again."
IN_THE_WAY = "{path} is in the way: it is not what the exercise has there. Rename it, then fetch again."

# --- fetch
FETCHED = "{title}: version {version} is in {folder}"
FETCHED_AGAIN = "{title}: you have the newest version ({version})"
OPEN_NOTEBOOK = "Open the notebook"
RELOAD = "If the notebook is open, choose File, Reload Notebook from Disk, to see what is new."
FETCH_NOTES = {
    "new": "new: {name}",
    "updated": "brought up to date: {name}",
    "merged": "brought up to date around what you wrote: {name}",
    "kept": "kept as you changed it: {name}",
    "beside": "kept as you changed it: {name}. The new one lies beside it: {beside}",
    "back": "was gone, and is back: {name}",
    "removed": "no longer part of the exercise, removed: {name}",
    "yours": "no longer part of the exercise, kept because you changed it: {name}",
}
VERSION_LABEL = "version {version}"
RESTORE_LABEL = "before restore {time}"

# --- the lab's page of an exercise
PAGE_BACK = "Exercises"
PAGE_NOT_FETCHED = "You do not have it yet. Fetching puts it into your home."
PAGE_FETCHED = "Version {version} is in {folder}."
PAGE_NEWER = "Version {newest} is handed out; you have version {version}. Fetching brings it around what you wrote."
PAGE_FETCH = "Fetch it"
PAGE_FETCH_AGAIN = "Fetch again"
PAGE_SUBMIT = "Submit what is saved"
PAGE_FEEDBACK = "Grade and feedback"
PAGE_HISTORY = "Your submissions"
PAGE_SAVED = "What is saved is handed in: if the notebook is open, save it first (Ctrl+S)."

# --- submit
NO_NOTEBOOK = "There is no notebook.ipynb in {folder}. It is what is graded: name your notebook so again, or fetch the exercise."
NOT_A_NOTEBOOK = "notebook.ipynb in {folder} is no notebook any more ({reason}). restore() brings back one that you submitted."
LINK = "{name} is a link. Links are not handed in: put the file itself in its place, or move the link out of the folder."
BAD_NAME = "{name} cannot be handed in: {reason}. Rename it, or move it out of the folder."
TOO_LARGE = "Your folder has {size} MB; {limit} MB can be handed in. Move out what is not part of your work. The largest: {largest}"
TOO_MANY = "Your folder has {count} files; {limit} can be handed in. Move out what is not part of your work."
ONE_FILE = "{name} ({size} MB)"
NOT_SAVED = (
    "The notebook was last saved {ago} ago, and may lack what you wrote since. Save it (Ctrl+S) and submit again. "
    "To hand in what was saved then: submit(as_saved=True)"
)
SUBMITTED = "{title}: submission {number} was received"
RECEIVED = "received {time}"
ATTEMPT = "attempt {used} of {attempts}"
ATTEMPTS_ANY = "any number of attempts"
IN_TIME = "in time"
LATE = "{length} late: {share:.0%} of its points count"
SHA = "sha256 {sha256}"
KEPT_RECEIPT = "receipt kept in {path}"
NOT_KEPT = "The receipt could not be kept in your folder ({reason}). history() shows it all the same."
NEXT_FEEDBACK = "feedback() shows the grade when it is there."
NEWER = "A newer version ({newest}) of the exercise is handed out; this was handed in for version {version}. fetch() brings it."

# --- history and restore
HISTORY = "{title}: your submissions"
NO_SUBMISSIONS = "{title}: you have not submitted anything yet."
HISTORY_HEADINGS = ("number", "received", "late", "status", "points", "version")
HISTORY_NEXT = "restore(NUMBER) brings one back into your folder, feedback(NUMBER) shows its checks."
NO_SUCH_NUMBER = "{title}: there is no submission {number}. There are {numbers}."
RESTORE_WHICH = "Which one? restore(NUMBER). There are {numbers}."
RESTORED = "{title}: submission {number} is back in {folder}"
RESTORED_ALREADY = "{title}: your folder has submission {number} already"
RESTORE_NOTES = {
    "new": "brought back: {name}",
    "beside": "brought back: {name}. What was there lies beside it: {beside}",
}

# --- feedback
STATES = {
    "not submitted": "not submitted",
    "queued": "waiting to be graded",
    "running": "being graded",
    "graded": "graded",
    "failed": "could not be graded",
}
WAITING = "{title}, submission {number}: {state} ({seconds} s)"
STILL_WAITING = "{title}, submission {number}: still {state}"
NOT_GRADED = "{title}, submission {number}: {state}"
WAIT_OVER = "It was received and is safe; nothing has to be sent again. Look later: feedback({number})"
FAILED = "Grading failed on our side, through no fault of yours. It costs no attempt. Tell your instructor, who can start it again."
GRADE = "{title}, submission {number}: {points:g} of {of:g} points"
LATE_COUNTS = "It was {length} late: {share:.0%} of its points count."
BY_HAND = "{checks:g} points by the checks, {hand:+g} given by hand."
COMMENT = "From those who teach: {comment}"
CHECK_HEADINGS = ("", "check", "points")
PASSED, NOT_PASSED = "passed", "not passed"
POINTS_OF = "{earned:g} of {points:g}"
YOUR_ERROR = "What your notebook said:"

# --- the list
LIST_TITLE = "Exercises of {course}"
LIST_EMPTY = "There is nothing here yet. Exercises appear when an instructor hands them out."
LIST_HEADINGS = ("exercise", "due", "time left", "attempts left", "status", "grade")
LIST_NEXT = (
    "fetch(\"{name}\") brings one into your home. In its notebook: check(), submit(), history(), restore(NUMBER), feedback()."
)
NO_DUE = "no due time"
CLOSED = "closed"
OVER_LATE = "over; late work: {late}"
LATE_RULES = {"refuse": "not taken", "accept": "taken in full"}
LATE_COSTS = "costs {late}"
ANY_NUMBER = "any number"
GRADE_OF = "{grade:g} of {points:g}"
NO_GRADE = "– of {points:g}"
BUTTON_FETCH, BUTTON_NEWER, BUTTON_SUBMIT, BUTTON_AS_SAVED = "Fetch", "Fetch new version", "Submit", "Submit as saved"
BUTTON_HISTORY, BUTTON_FEEDBACK, BUTTON_RESTORE, BUTTON_REFRESH = "History", "Feedback", "Restore {number}", "Refresh"

# --- times and lengths
TIME = "%a %d %b %Y, %H:%M UTC"
TIME_EXACT = "%Y-%m-%d %H:%M:%S UTC"
DAYS, HOURS, MINUTES, SECONDS = "{days} d {hours} h", "{hours} h {minutes} min", "{minutes} min", "{seconds} s"

# --- when something went wrong
TROUBLE = "This did not work"
UNEXPECTED = "The exercises' own tools failed ({kind}: {reason}). Your files are as they were. Tell your instructor."
