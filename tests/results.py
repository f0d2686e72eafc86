"""results.py - what the tests of results folders share: running the command, and
whether two folders hold the same."""
import os
import re
import sqlite3
import subprocess

FIRSTBYTE = os.path.abspath("firstbyte")
SRCDIR = os.path.abspath(os.environ.get("srcdir", "."))
# Whether FIRSTBYTE was built with sanitizers: slower by far, and nothing of another kind
# comes of more repetitions; what a process needs of memory is the sanitizers'.
with open(FIRSTBYTE, "rb") as program:
    SANITIZED = b"__asan_init" in program.read()
# The tables that differ from one time to the next, and no other does.
OF_THIS_TIME = {"clock", "build"}


def run(*arguments, status=0, **options):
    """Runs firstbyte, which must exit with STATUS, or one of them; what it says on
    stdout, stderr."""
    done = subprocess.run([FIRSTBYTE, *arguments], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, **options)
    wanted = status if isinstance(status, tuple) else (status,)
    assert done.returncode in wanted, "firstbyte %s: exit %d, not %s\n%s%s" % (
        " ".join(arguments), done.returncode, status, done.stdout, done.stderr)
    return done.stdout, done.stderr


def database(folder):
    """Opens the results of FOLDER, read-only."""
    return sqlite3.connect("file:%s/results.sqlite?mode=ro" % folder, uri=True)


def rows(db, table):
    """Every row of TABLE, in its own order, blobs and numbers as they are."""
    return db.execute("SELECT * FROM %s" % table).fetchall()


def difference(left, right):
    """The first difference between the results folders LEFT and RIGHT, or None:
    schema, every row of every table in order, every other file byte for byte."""
    a, b = database(left), database(right)
    try:
        schema = "(SELECT type, name, tbl_name, sql FROM sqlite_schema)"
        if rows(a, schema) != rows(b, schema):
            return "schema"
        for pragma in "user_version", "application_id", "journal_mode":
            if a.execute("PRAGMA " + pragma).fetchone() != b.execute("PRAGMA " + pragma).fetchone():
                return pragma
        for (table,) in a.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            if table in OF_THIS_TIME:
                continue
            here, there = rows(a, table), rows(b, table)
            for n, pair in enumerate(zip(here, there)):
                if pair[0] != pair[1]:
                    return "%s, row %d: %r, %r" % (table, n, *pair)
            if len(here) != len(there):
                return "%s: %d rows, %d rows" % (table, len(here), len(there))
        keys = "SELECT run, point, replication FROM clock"
        if a.execute(keys).fetchall() != b.execute(keys).fetchall():
            return "clock"
    finally:
        a.close()
        b.close()
    return file_difference(left, right)


def files(folder):
    """The names of all files below FOLDER."""
    return sorted(os.path.relpath(os.path.join(at, name), folder)
                  for at, _, names in os.walk(folder) for name in names)


def file_difference(left, right):
    if files(left) != files(right):
        return "files: %s, %s" % (files(left), files(right))
    for name in files(left):
        if name == "results.sqlite":
            continue
        if content(left, name) != content(right, name):
            return name
    return None


def content(folder, name):
    """The bytes of a file; of a PDF without the time when it was made."""
    with open(os.path.join(folder, name), "rb") as file:
        return re.sub(rb"/CreationDate \(.*?\)", b"", file.read())


def broken(folder):
    """What is wrong with the database of FOLDER, which is no longer written."""
    for name in "results.sqlite-journal", "results.sqlite-wal", "results.sqlite-shm", "results.lock":
        if os.path.exists(os.path.join(folder, name)):
            return name + " is left"
    db = database(folder)
    said = db.execute("PRAGMA integrity_check").fetchone()[0]
    db.close()
    return None if said == "ok" else said
