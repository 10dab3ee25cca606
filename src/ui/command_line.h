/* The line for actions by name. */
#ifndef NCRED_UI_COMMAND_LINE_H
#define NCRED_UI_COMMAND_LINE_H

struct ui;

/* Type an action's name. */
void ask_command(struct ui *ui);
/* Type an access key id, to see whose it is. */
void whose_ask(struct ui *ui);

#endif
