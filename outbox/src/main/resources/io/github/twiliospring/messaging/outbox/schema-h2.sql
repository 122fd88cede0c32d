-- H2 writes to its file up to half a second after the commit. A process that is killed meanwhile would have lost what
-- it promised, and send again what it had sent. The setting stays with the database.
set write_delay 0;

-- What is promised, claimed and proved: one row for each entry of the outbox.
create table if not exists twilio_outbox (
    id varchar(36) not null primary key,
    message_key varchar(100) not null,
    state varchar(12) not null,
    version bigint not null,
    content varchar(1000000),                    -- erased when the entry ends
    fingerprint integer not null,                -- 16 bits, which tell whether two contents may be the same
    content_check integer not null,              -- 16 bits, which tell whether a key comes with another content
    requested_at timestamp(6) with time zone,
    send_at timestamp(6) with time zone not null,
    priority integer not null,                   -- 1 goes ahead of 0
    give_up_after bigint,                        -- milliseconds
    on_unresolved varchar(12),
    next_at timestamp(6) with time zone,         -- when the entry has to be looked at, if ever
    attempts integer not null,
    send_id varchar(36),
    attempted_at timestamp(6) with time zone,
    message_sid varchar(34),
    last_status varchar(40),
    status_rank integer,
    error_code integer,
    problem varchar(200),
    untold boolean not null,                     -- whether the application has still to hear of the state
    created_at timestamp(6) with time zone not null,
    ended_at timestamp(6) with time zone,
    constraint twilio_outbox_key unique (message_key)
);
create index if not exists twilio_outbox_state on twilio_outbox (state, created_at);
create index if not exists twilio_outbox_next_at on twilio_outbox (next_at);
create index if not exists twilio_outbox_send_id on twilio_outbox (send_id);
create index if not exists twilio_outbox_message_sid on twilio_outbox (message_sid);
create index if not exists twilio_outbox_fingerprint on twilio_outbox (fingerprint);
create index if not exists twilio_outbox_ended_at on twilio_outbox (ended_at);

-- db-scheduler's own table, by a name that no other use of db-scheduler has.
create table if not exists twilio_outbox_tasks (
    task_name varchar(100) not null,
    task_instance varchar(100) not null,
    task_data binary large object,
    execution_time timestamp(6) with time zone not null,
    picked boolean not null,
    picked_by varchar(50),
    last_success timestamp(6) with time zone,
    last_failure timestamp(6) with time zone,
    consecutive_failures integer,
    last_heartbeat timestamp(6) with time zone,
    version bigint not null,
    priority smallint not null default 0,
    primary key (task_name, task_instance)
);
create index if not exists twilio_outbox_tasks_due on twilio_outbox_tasks (priority desc, execution_time);
create index if not exists twilio_outbox_tasks_heartbeat on twilio_outbox_tasks (last_heartbeat);
