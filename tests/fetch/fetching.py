"""What the tests of ncred --fetch share: a directory, an environment without anybody's AWS settings, and running ncred."""
import os
import signal
import subprocess
import sys
import tempfile

NCRED = os.environ["NCRED"]
HERE = os.path.dirname(os.path.abspath(__file__))
work = tempfile.TemporaryDirectory()
top = work.name
failed = 0


def path(*parts):
    return os.path.join(top, *parts)


def write(name, text):
    with open(path(name), "w") as f:
        f.write(text)


def clean(**more):
    """The environment, with HOME in the test's own directory and MORE."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("AWS_") and "proxy" not in k.lower()}
    env.update(HOME=top, AWS_EC2_METADATA_DISABLED="true", **more)
    return env


def start(*args, env, stdin=subprocess.DEVNULL):
    # A test that runs in the background inherits an ignored SIGINT, and ncred would ignore it, too.
    return subprocess.Popen([NCRED, *args], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env,
                            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))


def ended(process):
    """Its status, and what it wrote to standard output and standard error."""
    out, err = process.communicate(timeout=200)
    return process.returncode, out, err


def ncred(*args, env, stdin=subprocess.DEVNULL):
    return ended(start(*args, env=env, stdin=stdin))


def check(name, ok, *what):
    global failed
    if not ok:
        failed += 1
        print(f"FAILED: {name}", *what, sep="\n  ")


def is_about_ids(said):
    """Whether SAID has no other message than that the key IDs of these servers are not those of the report."""
    return all(line.startswith("ncred: --key-ids: ") for line in said.splitlines())


def finish():
    sys.exit(failed != 0)
