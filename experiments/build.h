/* build.h - which firstbyte this is. */
#ifndef FIRSTBYTE_EXPERIMENTS_BUILD_H
#define FIRSTBYTE_EXPERIMENTS_BUILD_H

const char *build_version(void);  /* "0.1.0" */
const char *build_compiler(void); /* "12.2.0", gcc's; clang says its name */

#endif
