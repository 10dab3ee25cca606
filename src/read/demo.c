/* A literal rather than a file, so that the program alone, copied to a host, has its sample. */
#include "read/demo.h"

const int64_t demo_as_of = 1781524800; /* 2026-06-15T12:00:00Z */

/* C99 guarantees only 4,095 characters per string literal; every compiler that ncred builds with accepts more. */
#pragma GCC diagnostic ignored "-Woverlength-strings"

const char demo_csv[] =
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated\n"
    "<root_account>,arn:aws:iam::123456789012:root,2018-03-18T12:00:00Z,true,2026-06-12T12:00:00Z,2020-12-12T12:00:00Z,N/A,false,true,2023-12-28T12:00:00Z,2026-06-15T09:40:00Z,us-east-1,iam,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "anna.keller,arn:aws:iam::123456789012:user/staff/anna.keller,2024-09-13T12:00:00Z,true,2026-06-15T12:00:00Z,2026-05-11T12:00:00Z,N/A,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "audit-reader,arn:aws:iam::123456789012:user/ci/audit-reader,2025-05-01T12:00:00Z,false,N/A,N/A,N/A,false,true,2026-04-16T12:00:00Z,2026-06-14T12:00:00Z,us-east-1,iam,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "backup-agent,arn:aws:iam::123456789012:user/service/backup-agent,2022-06-16T12:00:00Z,false,N/A,N/A,N/A,false,true,2023-03-02T12:00:00Z,2026-06-15T12:00:00Z,N/A,s3,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "build-cache,arn:aws:iam::123456789012:user/ci/build-cache,2025-08-19T12:00:00Z,false,N/A,N/A,N/A,false,true,2026-03-19T12:00:00Z,2026-06-15T12:00:00Z,eu-west-1,s3,true,2026-06-03T12:00:00Z,2026-06-15T12:00:00Z,eu-west-1,s3,false,N/A,false,N/A\n"
    "carlos.mendes,arn:aws:iam::123456789012:user/staff/carlos.mendes,2024-03-17T12:00:00Z,true,2025-05-31T12:00:00Z,2025-05-01T12:00:00Z,N/A,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "chen.li,arn:aws:iam::123456789012:user/staff/chen.li,2025-11-15T12:00:00Z,true,2026-06-13T12:00:00Z,2026-05-06T12:00:00Z,N/A,true,true,2026-05-06T12:00:00Z,2026-06-14T12:00:00Z,eu-central-1,ec2,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "contractor-2023,arn:aws:iam::123456789012:user/external/contractor-2023,2023-09-14T12:00:00Z,true,no_information,2023-09-14T12:00:00Z,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "deploy-bot,arn:aws:iam::123456789012:user/ci/deploy-bot,2024-07-15T12:00:00Z,false,N/A,N/A,N/A,false,true,2026-03-16T12:00:00Z,2026-06-15T12:00:00Z,us-east-1,cloudformation,true,2026-06-03T12:00:00Z,2026-06-15T12:00:00Z,us-east-1,sts,false,N/A,false,N/A\n"
    "elena.petrova,arn:aws:iam::123456789012:user/staff/elena.petrova,2026-03-17T12:00:00Z,true,2026-06-14T12:00:00Z,2026-03-17T12:00:00Z,N/A,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "etl-loader,arn:aws:iam::123456789012:user/service/etl-loader,2022-11-23T12:00:00Z,false,N/A,N/A,N/A,false,true,2025-04-21T12:00:00Z,2026-04-15T12:00:00Z,us-west-2,redshift,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "finance-export,arn:aws:iam::123456789012:user/service/finance-export,2023-10-09T12:00:00Z,false,N/A,N/A,N/A,false,false,2023-10-09T12:00:00Z,2025-01-31T12:00:00Z,us-east-1,s3,true,2026-05-16T12:00:00Z,2026-06-14T12:00:00Z,us-east-1,s3,false,N/A,false,N/A\n"
    "former.employee,arn:aws:iam::123456789012:user/staff/former.employee,2022-01-27T12:00:00Z,true,2024-06-15T12:00:00Z,2022-11-23T12:00:00Z,N/A,false,false,2022-01-27T12:00:00Z,2024-06-25T12:00:00Z,us-east-1,ec2,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "grafana,arn:aws:iam::123456789012:user/service/grafana,2025-01-31T12:00:00Z,false,N/A,N/A,N/A,false,true,2025-01-31T12:00:00Z,2026-06-15T12:00:00Z,eu-west-1,monitoring,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "hana.suzuki,arn:aws:iam::123456789012:user/staff/hana.suzuki,2026-04-16T12:00:00Z,true,no_information,2026-04-16T12:00:00Z,N/A,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "ivan.novak,arn:aws:iam::123456789012:user/staff/ivan.novak,2023-03-03T12:00:00Z,true,2026-05-26T12:00:00Z,2024-04-06T12:00:00Z,N/A,true,true,2024-07-15T12:00:00Z,2026-05-02T12:00:00Z,us-east-1,ec2,true,2025-11-27T12:00:00Z,2025-11-28T12:00:00Z,us-east-1,ec2,false,N/A,false,N/A\n"
    "jane.doe,arn:aws:iam::123456789012:user/staff/jane.doe,2025-05-10T12:00:00Z,true,2026-06-14T12:00:00Z,2025-05-10T12:00:00Z,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "legacy-soap,arn:aws:iam::123456789012:user/service/legacy-soap,2018-03-29T12:00:00Z,false,N/A,N/A,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,true,2019-05-03T12:00:00Z,false,N/A\n"
    "mary.hassan,arn:aws:iam::123456789012:user/staff/mary.hassan,2025-08-19T12:00:00Z,true,2026-06-14T12:00:00Z,2026-06-03T12:00:00Z,N/A,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "monitoring,arn:aws:iam::123456789012:user/service/monitoring,2026-05-01T12:00:00Z,false,N/A,N/A,N/A,false,true,2026-05-01T12:00:00Z,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "nobody-left,arn:aws:iam::123456789012:user/service/nobody-left,2024-04-29T12:00:00Z,false,N/A,N/A,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "ops-breakglass,arn:aws:iam::123456789012:user/staff/ops-breakglass,2023-12-28T12:00:00Z,true,no_information,2026-05-16T12:00:00Z,N/A,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "paul.oneil,arn:aws:iam::123456789012:user/staff/paul.oneil,2025-01-19T12:00:00Z,true,2026-04-30T12:00:00Z,2026-03-07T12:00:00Z,N/A,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "svc-jenkins-prod,arn:aws:iam::123456789012:user/ci/svc-jenkins-prod,2019-04-02T12:00:00Z,false,N/A,N/A,N/A,false,true,2021-03-21T12:00:00Z,N/A,N/A,N/A,false,2026-03-19T12:00:00Z,2026-03-17T12:00:00Z,us-east-1,s3,false,N/A,false,N/A\n"
    "terraform,arn:aws:iam::123456789012:user/ci/terraform,2025-06-15T12:00:00Z,false,N/A,N/A,N/A,false,true,2026-03-18T12:00:00Z,2026-06-15T12:00:00Z,us-east-1,iam,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "vendor-access,arn:aws:iam::123456789012:user/external/vendor-access,2025-10-18T12:00:00Z,true,2025-11-27T12:00:00Z,2025-10-18T12:00:00Z,N/A,false,true,2025-10-18T12:00:00Z,2025-10-28T12:00:00Z,ap-southeast-2,sts,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "yusuf.demir,arn:aws:iam::123456789012:user/staff/yusuf.demir,2026-05-15T12:00:00Z,true,2026-06-15T12:00:00Z,2026-05-15T12:00:00Z,N/A,true,true,2026-05-15T12:00:00Z,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    "zoe.imported,arn:aws:iam::123456789012:user/staff/zoe.imported,2026-01-16T12:00:00Z,not_supported,not_supported,not_supported,not_supported,,maybe,2026-01-16T12:00:00Z,last week,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n";
