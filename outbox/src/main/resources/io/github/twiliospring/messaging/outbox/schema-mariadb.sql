-- For MariaDB 10.6 and later. Times are in UTC, whatever the time zone of a session. Keys differ by each character.

-- What is promised, claimed and proved: one row for each entry of the outbox.
create table if not exists twilio_outbox (
    id varchar(36) not null primary key,
    message_key varchar(100) not null,
    state varchar(12) not null,
    version bigint not null,
    content longtext,                            -- erased when the entry ends
    fingerprint int not null,                    -- 16 bits, which tell whether two contents may be the same
    content_check int not null,                  -- 16 bits, which tell whether a key comes with another content
    requested_at datetime(6),
    send_at datetime(6) not null,
    priority int not null,                       -- 1 goes ahead of 0
    give_up_after bigint,                        -- milliseconds
    on_unresolved varchar(12),
    next_at datetime(6),                         -- when the entry has to be looked at, if ever
    attempts int not null,
    send_id varchar(36),
    attempted_at datetime(6),
    message_sid varchar(34),
    last_status varchar(40),
    status_rank int,
    error_code int,
    problem varchar(200),
    untold boolean not null,                     -- whether the application has still to hear of the state
    created_at datetime(6) not null,
    ended_at datetime(6),
    constraint twilio_outbox_key unique (message_key),
    index twilio_outbox_state (state, created_at),
    index twilio_outbox_next_at (next_at),
    index twilio_outbox_send_id (send_id),
    index twilio_outbox_message_sid (message_sid),
    index twilio_outbox_fingerprint (fingerprint),
    index twilio_outbox_ended_at (ended_at)
) engine = innodb, character set utf8mb4, collate utf8mb4_nopad_bin;

-- db-scheduler's own table, by a name that no other use of db-scheduler has.
create table if not exists twilio_outbox_tasks (
    task_name varchar(100) not null,
    task_instance varchar(100) not null,
    task_data longblob,
    execution_time datetime(6) not null,
    picked boolean not null,
    picked_by varchar(50),
    last_success datetime(6),
    last_failure datetime(6),
    consecutive_failures int,
    last_heartbeat datetime(6),
    version bigint not null,
    priority smallint not null default 0,
    primary key (task_name, task_instance),
    index twilio_outbox_tasks_due (picked, priority desc, execution_time),
    index twilio_outbox_tasks_heartbeat (last_heartbeat)
) engine = innodb, character set utf8mb4, collate utf8mb4_nopad_bin;
