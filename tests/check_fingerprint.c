/* check_fingerprint.c - a fingerprint depends on every field it promises, on
 * their order, and on nothing else. */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "models/observers/fingerprint.h"
#include "tests/run_tests.h"

static const Record first = {
    .at = 5, .node = 1, .kind = 2, .stable = 77, .len = 60};
static const Record second = {
    .at = 9, .node = 2, .kind = 3, .stable = 78, .len = 64};

/* The fingerprint of COUNT records. */
static char *print_of(const Record *records, unsigned count)
{
    char text[FINGERPRINT_TEXT_MAX];
    Fingerprint fingerprint;
    Sim sim;

    sim_init(&sim, 1, 0);
    fingerprint_observe(&fingerprint, &sim);
    for (unsigned i = 0; i < count; i++) {
        Record record = records[i];

        sim.now = record.at;
        if (sim_wants(&sim, record.kind))
            sim_tell(&sim, &record);
    }
    sim_clear(&sim);
    return g_strdup(fingerprint_text(&fingerprint, text));
}

static void assert_prints(const Record *a, unsigned a_count, const Record *b,
                          unsigned b_count, bool equal)
{
    char *left = print_of(a, a_count), *right = print_of(b, b_count);

    ck_assert_msg((strcmp(left, right) == 0) == equal, "%s %s", left, right);
    ck_assert_uint_eq(strlen(left), 16);
    g_free(left);
    g_free(right);
}

START_TEST(each_field_that_is_promised_counts)
{
    Record changed[] = {first, first, first, first, first};

    changed[0].at++;
    changed[1].node++;
    changed[2].kind++;
    changed[3].stable++;
    changed[4].len++;
    for (unsigned i = 0; i < G_N_ELEMENTS(changed); i++)
        assert_prints(&first, 1, &changed[i], 1, false);
    assert_prints(&first, 1, &first, 1, true);
    assert_prints(&first, 1, &first, 0, false);
}
END_TEST

START_TEST(ids_and_causes_do_not_count)
{
    Record other = first, with_cause[] = {first, {.kind = REC_CAUSE, .len = 9}};

    other.id = 123;
    other.code = 4;
    assert_prints(&first, 1, &other, 1, true);
    assert_prints(&first, 1, with_cause, 2, true);
}
END_TEST

START_TEST(order_counts)
{
    Record one[] = {first, second}, other[] = {second, first};
    Record swapped[] = {first, second};

    assert_prints(one, 2, other, 2, false);
    swapped[0].stable = second.stable;
    swapped[1].stable = first.stable;
    assert_prints(one, 2, swapped, 2, false);
}
END_TEST

/* Whoever changes this changes every fingerprint that was recorded. */
START_TEST(fingerprints_are_the_same_for_ever)
{
    Record both[] = {first, second};
    char *text = print_of(both, 2);

    ck_assert_str_eq(text, "aabdc096bdc7d84a");
    g_free(text);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("fingerprint");

    tcase_add_test(tcase, each_field_that_is_promised_counts);
    tcase_add_test(tcase, ids_and_causes_do_not_count);
    tcase_add_test(tcase, order_counts);
    tcase_add_test(tcase, fingerprints_are_the_same_for_ever);
    return run_tests("fingerprint", tcase, NULL);
}
