/* The server ends with its standard input, so also when the test dies. */
#include "fetch/aws_server.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t server;
static int server_input;

int aws_server_start(void)
{
    int in[2], out[2];
    char path[1024], port[16] = "";
    if (pipe(in) != 0 || pipe(out) != 0)
        return 0;
    snprintf(path, sizeof path, "%s/tests/fetch/server.py", getenv("srcdir") ? getenv("srcdir") : ".");
    server = fork();
    if (server == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        close(in[1]);
        const char *python = getenv("PYTHON3") ? getenv("PYTHON3") : "python3";
        execlp(python, python, "-S", path, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    server_input = in[1];
    fcntl(server_input, F_SETFD, FD_CLOEXEC); /* another child would keep it open */
    FILE *f = fdopen(out[0], "r");
    int number = f && fgets(port, sizeof port, f) ? atoi(port) : 0;
    if (f)
        fclose(f);
    return number;
}

void aws_server_stop(void)
{
    if (server <= 0)
        return;
    close(server_input);
    waitpid(server, NULL, 0);
    server = 0;
}
