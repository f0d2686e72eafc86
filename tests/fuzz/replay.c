/* replay.c - runs a fuzz target over files, without a fuzzer: every file of the
 * target's corpus (CORPUS), or the files and folders named as arguments.
 *
 * Promises: fails when there is nothing to run; a finding ends the program as
 * it ends the fuzzer, after the name of the file that made it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <glib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static unsigned replay_file(const char *path)
{
    GError *error = NULL;
    gchar *text;
    gsize len;
    uint8_t *bytes;

    if (!g_file_get_contents(path, &text, &len, &error)) {
        fprintf(stderr, "%s\n", error->message);
        exit(EXIT_FAILURE);
    }
    /* Exactly LEN bytes, so that a sanitizer sees every byte read behind. */
    bytes = malloc(len > 0 ? len : 1);
    g_assert(bytes != NULL);
    for (gsize i = 0; i < len; i++)
        bytes[i] = (uint8_t)text[i];
    g_free(text);
    printf("%s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput(bytes, len);
    free(bytes);
    return 1;
}

static unsigned replay_path(const char *path)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    unsigned count = 0;
    const char *name;

    if (folder == NULL)
        return replay_file(path);
    while ((name = g_dir_read_name(folder)) != NULL) {
        char *child = g_build_filename(path, name, NULL);

        count += replay_path(child);
        g_free(child);
    }
    g_dir_close(folder);
    return count;
}

int main(int argc, char **argv)
{
    unsigned count = 0;

    for (int i = 1; i < argc; i++)
        count += replay_path(argv[i]);
    if (argc == 1)
        count = replay_path(CORPUS);
    printf("%u files replayed\n", count);
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
