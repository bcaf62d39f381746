"""What a lab may reach and what not, tried from inside. `probes` lists it, `places` has both ends, `program` does the trying."""
