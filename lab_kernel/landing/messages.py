"""Every sentence that a student reads about the landing zone, as a template with named fields."""

CLASS_ZONE = "The class's landing zone, which NiFi fills: what you send goes to {listener}, and others send there too."
STAND_IN = (
    "A stand-in for the landing zone, in your lab alone, because the class's NiFi is not started: "
    "a small server takes what you send and writes files of the same form as NiFi does."
)
NO_FLOW = "There is no flow {flow!r}; there are {flows}."
