-- For SQL Server. Untested: neither this file nor the outbox has ever run there. Keys that differ by spaces at their end
-- alone are the same key to it.

-- What is promised, claimed and proved: one row for each entry of the outbox.
if object_id('twilio_outbox') is null create table twilio_outbox (
    id varchar(36) not null primary key,
    message_key nvarchar(100) collate Latin1_General_100_BIN2 not null,
    state varchar(12) not null,
    version bigint not null,
    content nvarchar(max),                       -- erased when the entry ends
    fingerprint int not null,                    -- 16 bits, which tell whether two contents may be the same
    content_check int not null,                  -- 16 bits, which tell whether a key comes with another content
    requested_at datetimeoffset(6),
    send_at datetimeoffset(6) not null,
    priority int not null,                       -- 1 goes ahead of 0
    give_up_after bigint,                        -- milliseconds
    on_unresolved varchar(12),
    next_at datetimeoffset(6),                   -- when the entry has to be looked at, if ever
    attempts int not null,
    send_id varchar(36),
    attempted_at datetimeoffset(6),
    message_sid varchar(34),
    last_status varchar(40),
    status_rank int,
    error_code int,
    problem nvarchar(200),
    untold bit not null,                         -- whether the application has still to hear of the state
    created_at datetimeoffset(6) not null,
    ended_at datetimeoffset(6),
    constraint twilio_outbox_key unique (message_key),
    index twilio_outbox_state (state, created_at),
    index twilio_outbox_next_at (next_at),
    index twilio_outbox_send_id (send_id),
    index twilio_outbox_message_sid (message_sid),
    index twilio_outbox_fingerprint (fingerprint),
    index twilio_outbox_ended_at (ended_at)
);

-- db-scheduler's own table, by a name that no other use of db-scheduler has.
if object_id('twilio_outbox_tasks') is null create table twilio_outbox_tasks (
    task_name varchar(100) not null,
    task_instance varchar(100) not null,
    task_data varbinary(max),
    execution_time datetimeoffset(6) not null,
    picked bit not null,
    picked_by varchar(50),
    last_success datetimeoffset(6),
    last_failure datetimeoffset(6),
    consecutive_failures int,
    last_heartbeat datetimeoffset(6),
    version bigint not null,
    priority smallint not null default 0,
    primary key (task_name, task_instance),
    index twilio_outbox_tasks_due (picked, priority desc, execution_time),
    index twilio_outbox_tasks_heartbeat (last_heartbeat)
);
