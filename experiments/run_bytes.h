/* run_bytes.h - a run's result as bytes, to be sent to another process of the
 * same build.
 *
 * Promises: run_result_from_bytes(run_result_to_bytes(r)) is r, bit for bit;
 * bytes that are no result give NULL, never a wrong one by accident of length.
 * Numbers are little-endian, of fixed width; metrics are metric_to_bytes(). */
#ifndef FIRSTBYTE_EXPERIMENTS_RUN_BYTES_H
#define FIRSTBYTE_EXPERIMENTS_RUN_BYTES_H

#include "run.h"

/* The caller unrefs. */
GByteArray *run_result_to_bytes(const RunResult *result);
/* The caller run_result_free()s. */
RunResult *run_result_from_bytes(const uint8_t *bytes, size_t len);

#endif
