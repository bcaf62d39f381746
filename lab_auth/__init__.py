"""How a service beside the hub knows people: what every web part of a class that is not the hub itself shares.

`hub` asks the hub who a token belongs to and what groups they are in; `sessions` takes a browser through the hub's login and
recognises it afterwards. Neither knows what anybody may do: that is for the service to say.
"""
