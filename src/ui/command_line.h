/* The prompts for actions by name and for access key IDs. */
#ifndef NCRED_UI_COMMAND_LINE_H
#define NCRED_UI_COMMAND_LINE_H

struct ui;

/* Open the command line, where actions are typed by name, some with an argument. */
void ask_command(struct ui *ui);
/* Ask for an access key ID, then show its owner. */
void whose_ask(struct ui *ui);

#endif
