/* The prompts for actions by name and for access key IDs. */
#ifndef NCRED_UI_COMMAND_PROMPT_H
#define NCRED_UI_COMMAND_PROMPT_H

struct ui;

/* Open the command line, where actions are typed by name, some with an argument. */
void command_prompt_open(struct ui *ui);
/* Ask for an access key ID, then show its owner. */
void whose_prompt_open(struct ui *ui);

#endif
