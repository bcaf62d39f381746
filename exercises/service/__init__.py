"""The exercises of a class: a hub service that hands out, collects and gives back; it runs nothing that it is given."""
