"""One file per job type; the listing of this folder is the list of what service tasks can do."""
