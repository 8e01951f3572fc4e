-- Tables with everything that a backup must carry; used by tests only.
create schema lab;
create type lab.mood as enum ('good', 'bad');
create domain lab.label as text check (length(value) <= 15);

create table lab.organisation (id uuid primary key, name lab.label not null);
select yagura.provider_table('lab.organisation');

create table lab.everything (
  id bigint generated always as identity primary key,
  organisation_id uuid not null references lab.organisation (id),
  parent bigint references lab.everything (id),
  mood lab.mood,
  exact numeric(30, 10),
  near double precision,
  at timestamptz,
  day date,
  span interval,
  body bytea,
  list text[],
  grid integer[][],
  document jsonb,
  address inet,
  in_force daterange,
  twice numeric generated always as (exact * 2) stored,
  exclude using gist (organisation_id with =, in_force with &&)
);
select yagura.tenant_table('lab.everything');

-- Rows may be added and never changed.
create table lab.record (id serial primary key, organisation_id uuid not null, text text not null);
create function lab.refuse() returns trigger language plpgsql as $$ begin raise exception 'append only'; end $$;
create trigger no_change before update or delete on lab.record for each row execute function lab.refuse();
create trigger no_truncate before truncate on lab.record execute function lab.refuse();
select yagura.tenant_table('lab.record');

-- Made by the migration itself: a restore must not double it.
create table lab.price (id int primary key, yen int not null);
insert into lab.price values (1, 100);
select yagura.shared_table('lab.price');
