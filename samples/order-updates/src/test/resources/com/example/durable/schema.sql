create table if not exists orders (
	id varchar(64) primary key,
	customer varchar(32) not null
);

-- What became of the message of an order.
create table if not exists outgoing (
	id varchar(64) primary key,                  -- your own name for the message
	state varchar(16) not null,                  -- begun, sent, rejected, unknown, due
	since timestamp with time zone not null
);
