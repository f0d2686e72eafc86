# Files of the room cli.
