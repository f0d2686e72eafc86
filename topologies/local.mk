# Files of the room topologies.
