/* run_tests.h - how every check program ends: it runs its tests.
 *
 * Each test runs in a process of its own (CK_FORK=no in the environment: all in
 * one, for a debugger), and may take its time: Check's four seconds of the
 * clock on the wall are not enough with sanitizers on a machine that does other
 * things. */
#ifndef FIRSTBYTE_TESTS_RUN_TESTS_H
#define FIRSTBYTE_TESTS_RUN_TESTS_H

#include <check.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>

#include <glib.h>

/* Before the cases are made, which look there. A limit ends what hangs; it is
 * no measurement, so that those which a case sets itself are stretched, too. */
__attribute__((constructor)) static inline void be_patient(void)
{
    setenv("CK_DEFAULT_TIMEOUT", "60", 0);
    setenv("CK_TIMEOUT_MULTIPLIER", "5", 0);
}

/* Runs the cases (TCase *, taken; NULL after the last) as the suite NAME.  What
 * main() returns: EXIT_SUCCESS when there were tests and all of them passed. */
G_GNUC_NULL_TERMINATED
static inline int run_tests(const char *name, ...)
{
    Suite *suite = suite_create(name);
    SRunner *runner;
    TCase *tcase;
    va_list cases;
    bool passed;

    va_start(cases, name);
    while ((tcase = va_arg(cases, TCase *)) != NULL)
        suite_add_tcase(suite, tcase);
    va_end(cases);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    passed =
        srunner_ntests_run(runner) > 0 && srunner_ntests_failed(runner) == 0;
    srunner_free(runner);
    return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
