/* build.c - the version from configure.ac. */
#include "build.h"

#include "config.h"

const char *build_version(void) { return PACKAGE_VERSION; }

const char *build_compiler(void) { return __VERSION__; }
