create table orders (id varchar(36) primary key);
