# Files of the room experiments.
