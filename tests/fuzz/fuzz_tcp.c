/* fuzz_tcp.c - a host with TCP among hostile peers, users and networks, as the
 * bytes say: see hostile.h. */
#include "tests/fuzz/hostile.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    hostile_run(bytes, len, NULL, NULL);
    return 0;
}
