/* syntax.h - the groups of an experiment whose lines are no keys of a table:
 * [sweep], [case NAME], [expect]; and the grammar of what is estimated. */
#ifndef FIRSTBYTE_CLI_SYNTAX_H
#define FIRSTBYTE_CLI_SYNTAX_H

typedef struct CliSyntax {
    const char *kind;     /* of group: "sweep" */
    const char *sentence; /* what the group is for */
    const char *lines;    /* examples with what they mean, ended by newlines */
} CliSyntax;
extern const CliSyntax cli_syntax[]; /* ends with kind NULL */

#endif
