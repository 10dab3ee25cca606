/* server.py, which plays AWS on a port of loopback that is free, as a child of a test in C. */
#ifndef NCRED_AWS_SERVER_H
#define NCRED_AWS_SERVER_H

/* Start it. Returns its port, or 0 if it cannot be started, as where there is no python3. One at a time. */
int aws_server_start(void);
/* End it, if it was started. */
void aws_server_stop(void);

#endif
