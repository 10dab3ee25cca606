/* generate USERS [SEED]: a credential report of that many users on standard output, the same for the same seed. */
#include "report/report.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>

enum { ACCOUNT_USERS = 5000 }; /* the most that an account holds */

static const int64_t now = 1781524800; /* 2026-06-15T12:00:00Z */
static uint64_t random_state;

/* splitmix64 */
static uint64_t random_word(void)
{
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static unsigned below(unsigned n)
{
    return (unsigned)(random_word() % n);
}

/* More recent than older: the square of a fraction of the time since SINCE. */
static int64_t between(int64_t since)
{
    double f = (double)below(1000000) / 1e6;
    return now - (int64_t)(f * f * (double)(now - since));
}

static const char *time_text(int64_t t, char *out)
{
    return timestamp_format(out, 32, t);
}

struct key {
    bool active, exists, used;
    int64_t made, last;
    const char *region, *service;
};

static struct key random_key(int64_t created, unsigned percent)
{
    static const char *const regions[] = {"us-east-1", "us-east-1", "us-east-1", "eu-west-1", "eu-central-1",
        "us-west-2", "ap-southeast-2", "ap-northeast-1", "sa-east-1", "N/A"};
    static const char *const services[] = {"s3", "s3", "ec2", "iam", "sts", "dynamodb", "lambda", "cloudwatch", "ecr",
        "sqs", "logs", "cloudformation"};
    struct key k = {.exists = below(100) < percent, .region = "N/A", .service = "N/A"};
    if (!k.exists)
        return k;
    k.made = between(created);
    k.active = below(100) < 85;
    k.used = below(100) < 80;
    if (!k.used)
        return k;
    k.last = between(k.made);
    k.service = services[below(sizeof services / sizeof services[0])];
    k.region = k.service[0] == 's' && k.service[1] == '3' ? "N/A" : regions[below(sizeof regions / sizeof regions[0])];
    return k;
}

static void put_key(const struct key *k)
{
    char made[32], last[32];
    printf(",%s,%s,%s,%s,%s", k->active ? "true" : "false", k->exists ? time_text(k->made, made) : "N/A",
        k->used ? time_text(k->last, last) : "N/A", k->region, k->service);
}

static void put_password(int64_t created)
{
    char used[32], changed[32], next[32];
    bool enabled = below(100) < 40, was_used = below(100) < 85;
    int64_t set = between(created);
    if (!enabled)
        fputs(",false,N/A,N/A,N/A,false", stdout);
    else
        printf(",true,%s,%s,%s,%s", was_used ? time_text(between(set), used) : "no_information",
            time_text(set, changed), below(100) < 50 ? time_text(set + 90 * TIMESTAMP_DAY, next) : "N/A",
            below(100) < 70 ? "true" : "false");
}

static void put_user(unsigned long n)
{
    static const char *const first[] = {"anna", "ben", "carla", "david", "elena", "frank", "grace", "hugo", "ivan",
        "julia", "kim", "lars", "maria", "noah", "olga", "peter", "quinn", "rosa", "sven", "tara", "uma", "victor"};
    static const char *const kind[] = {"svc", "ci", "deploy", "backup", "etl", "app", "bot", "batch"};
    static const char *const path[] = {"", "", "staff/", "service/", "ci/", "division_a/team/"};
    char name[64], made[32];
    unsigned long long account = 100000000000 + n / ACCOUNT_USERS * 7919;
    if (below(2))
        snprintf(name, sizeof name, "%s.%05lx", first[below(sizeof first / sizeof first[0])], n * 40503 & 0xfffff);
    else
        snprintf(name, sizeof name, "%s-%lu", kind[below(sizeof kind / sizeof kind[0])], n);
    int64_t created = between(now - 4000 * TIMESTAMP_DAY);
    bool root = n % ACCOUNT_USERS == 0;
    printf("%s,arn:aws:iam::%llu:%s%s%s,%s", root ? "<root_account>" : name, account, root ? "root" : "user/",
        root ? "" : path[below(sizeof path / sizeof path[0])], root ? "" : name, time_text(created, made));
    put_password(created);
    struct key one = random_key(created, 60), two = random_key(created, 15);
    put_key(&one);
    put_key(&two);
    if (below(1000) < 2)
        printf(",true,%s,false,N/A\n", time_text(between(created), made));
    else
        fputs(",false,N/A,false,N/A\n", stdout);
}

int main(int argc, char **argv)
{
    unsigned long users = argc > 1 ? strtoul(argv[1], NULL, 10) : 5000;
    random_state = argc > 2 ? strtoull(argv[2], NULL, 10) : 20140828;
    for (enum column c = 0; c < COL_ADDITIONAL_INFO; c++)
        printf("%s%s", c ? "," : "", schema[c].name);
    putchar('\n');
    for (unsigned long n = 0; n < users; n++)
        put_user(n);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
