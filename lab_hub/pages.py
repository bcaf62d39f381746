"""Where the administrators' pages are.

Invariant: a person's name is never taken for a page's: each is below a word of its own.
"""

from lab_hub.people_pages import ListHandler, PersonHandler, RemovalHandler
from lab_hub.roster_pages import RosterHandler

HANDLERS = [
    (r"/people/?", ListHandler),
    (r"/people/roster", RosterHandler),
    (r"/people/person/([^/]+)", PersonHandler),
    (r"/people/person/([^/]+)/([a-z]+)", PersonHandler),
    (r"/people/removal/([^/]+)", RemovalHandler),
]
