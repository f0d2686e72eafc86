"""Runs the Python code of packetdrill's %{ }% blocks.

The FreeBSD suite writes the states of TCP_INFO as TCPI_..., where a Linux
packetdrill defines TCP_...: both are understood.
"""
import sys

STATES = {
    "TCPI_CLOSED": "TCP_CLOSE",
    "TCPI_SYN_RECEIVED": "TCP_SYN_RECV",
    "TCPI_FIN_WAIT_1": "TCP_FIN_WAIT1",
    "TCPI_FIN_WAIT_2": "TCP_FIN_WAIT2",
}


class Names(dict):
    def __missing__(self, name):
        if name.startswith("TCPI_"):
            other = STATES.get(name, "TCP_" + name[len("TCPI_"):])
            if other in self:
                return self[other]
        raise KeyError(name)


with open(sys.argv[1]) as file:
    CODE = compile(file.read(), sys.argv[1], "exec")
exec(CODE, Names(__name__="__main__", __builtins__=__builtins__))
