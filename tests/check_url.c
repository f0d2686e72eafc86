/* check_url.c - URLs: what is filled in, what is refused and why,
 * references. */
#include <stdlib.h>

#include <glib.h>

#include "models/app/url.h"
#include "tests/run_tests.h"

static const struct {
    const char *text, *canonical, *host, *path, *added;
    unsigned port;
} good[] = {
    {"www.example.com", "http://www.example.com/", "www.example.com", "/",
     "scheme http, port 80", 80},
    {"www.example.com:8080/", "http://www.example.com:8080/", "www.example.com",
     "/", "scheme http", 8080},
    {"http://WWW.Example.COM/A?b=c#d", "http://www.example.com/A?b=c",
     "www.example.com", "/A?b=c", "port 80", 80},
    {"HTTP://h:80/", "http://h/", "h", "/", "", 80},
    {"http://h:/x", "http://h/x", "h", "/x", "port 80", 80},
    {"http://h:65535", "http://h:65535/", "h", "/", "", 65535},
    {"http://example.com./", "http://example.com/", "example.com", "/",
     "port 80", 80},
    {"http://h?q", "http://h/?q", "h", "/?q", "port 80", 80},
    {"http://h/%7Euser", "http://h/~user", "h", "/~user", "port 80", 80},
    {"http://h/a%2Fb", "http://h/a%2Fb", "h", "/a%2Fb", "port 80", 80},
    {"h/?next=http://other/", "http://h/?next=http://other/", "h",
     "/?next=http://other/", "scheme http, port 80", 80},
    {"http://h/\xc3\xa9", "http://h/%C3%A9", "h", "/%C3%A9", "port 80", 80},
    {"http://b\xc3\xbc"
     "cher.example/",
     "http://xn--bcher-kva.example/", "xn--bcher-kva.example", "/", "port 80",
     80},
    {"http://192.0.2.1/", "http://192.0.2.1/", "192.0.2.1", "/", "port 80", 80},
};

START_TEST(a_good_url_is_taken_apart_and_filled_in)
{
    const char *why = NULL;
    Url url;

    ck_assert_msg(url_parse(&url, good[_i].text, &why), "%s: %s", good[_i].text,
                  why);
    ck_assert_str_eq(url.text, good[_i].canonical);
    ck_assert_str_eq(url.host, good[_i].host);
    ck_assert_str_eq(url.path, good[_i].path);
    ck_assert_str_eq(url.added, good[_i].added);
    ck_assert_uint_eq(url.port, good[_i].port);
    url_clear(&url);
}
END_TEST

static const struct {
    const char *text, *why;
} bad[] = {
    {"", "it is empty"},
    {"http://", "it has no host"},
    {"://h/", "it is not a URL"},
    {"http:///index.html", "it has no host"},
    {"http://:80/", "it has no host"},
    {"http://www.example.com/a b", "there is a blank in it"},
    {"www. example.com", "there is a blank in it"},
    {" http://h/", "there is a blank in it"},
    {"http://h/\n", "there is a blank in it"},
    {"http://h:0/", "port 0 cannot be connected to; use 1 to 65535"},
    {"h:0", "port 0 cannot be connected to; use 1 to 65535"},
    {"http://h:65536/", "its port is not a number from 1 to 65535"},
    {"http://h:http/", "its port is not a number from 1 to 65535"},
    {"http://h:-1/", "its port is not a number from 1 to 65535"},
    {"ftp://h/", "its scheme is unknown; http is the one that is known"},
    {"https://www.example.com/",
     "https needs TLS, which is not modelled yet; use http"},
    {"http://user@h/", "a user name or password has no place in it"},
    {"http://user:secret@h/", "a user name or password has no place in it"},
    {"http://[2001:db8::1]/", "IPv6 addresses are not modelled yet"},
    {"http://[::1/", "its host is not a host name"},
    {"http://a..b/", "its host is not a host name"},
    {"http://.a/", "its host is not a host name"},
    {"http://-a/", "its host is not a host name"},
    {"http://a-/", "its host is not a host name"},
    {"http://a!b/", "its host is not a host name"},
    {"http://./", "its host is not a host name"},
    {"http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/",
     "its host is not a host name"},
};

START_TEST(a_bad_url_is_refused_with_the_reason)
{
    const char *why = NULL;
    Url url;

    ck_assert_msg(!url_parse(&url, bad[_i].text, &why), "%s", bad[_i].text);
    ck_assert_ptr_null(url.text);
    ck_assert_str_eq(why, bad[_i].why);
}
END_TEST

static const struct {
    const char *reference, *whole; /* NULL: refused */
} references[] = {
    {"c.png", "http://h:81/a/c.png"},
    {"/c.png", "http://h:81/c.png"},
    {"../c.png", "http://h:81/c.png"},
    {"../../c.png", "http://h:81/c.png"},
    {"//other/c.png", "http://other/c.png"},
    {"http://other:8080/c", "http://other:8080/c"},
    {"?x=http://y", "http://h:81/a/b?x=http://y"},
    {" c d.png\n", "http://h:81/a/c%20d.png"},
    {"", "http://h:81/a/b?q"},
    {"#top", "http://h:81/a/b?q"},
    {"data:image/png;base64,AAAA", NULL},
    {"https://other/", NULL},
    {"mailto:somebody@example.com", NULL},
    {"javascript:void(0)", NULL},
};

START_TEST(a_reference_is_resolved_against_its_page)
{
    const char *why = NULL;
    Url base, url;

    ck_assert(url_parse(&base, "http://h:81/a/b?q", &why));
    if (url_resolve(&url, &base, references[_i].reference, &why)) {
        ck_assert_msg(references[_i].whole != NULL, "%s gave %s",
                      references[_i].reference, url.text);
        ck_assert_str_eq(url.text, references[_i].whole);
    } else {
        ck_assert_msg(references[_i].whole == NULL, "%s: %s",
                      references[_i].reference, why);
        ck_assert_ptr_nonnull(why);
    }
    url_clear(&url);
    url_clear(&base);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("url");

    tcase_add_loop_test(tcase, a_good_url_is_taken_apart_and_filled_in, 0,
                        G_N_ELEMENTS(good));
    tcase_add_loop_test(tcase, a_bad_url_is_refused_with_the_reason, 0,
                        G_N_ELEMENTS(bad));
    tcase_add_loop_test(tcase, a_reference_is_resolved_against_its_page, 0,
                        G_N_ELEMENTS(references));
    return run_tests("url", tcase, NULL);
}
