-- Dated data that charges depend on (spec/commercial.md section 10): prices, taxes, statutory rates, calendars, settings. Ranges
-- are half-open Asia/Tokyo days; exclusion constraints make two values of one thing in force on one day impossible.
-- Plans of a terms version are rule parameters with the key `plan:<plan>`.
create table commerce.price_book (
  id uuid primary key,
  -- Name of the book, e.g. `list-2026-04`; the shipped ones bear the code of the terms version.
  code text not null unique,
  source text not null,
  loaded_by text not null,
  loaded_at timestamptz not null
);
select yagura.shared_table('commerce.price_book');

create table commerce.price (
  id uuid primary key,
  book_id uuid not null references commerce.price_book (id),
  service text not null,
  plan text not null,
  item text not null,
  -- Whole yen without tax, and what the printed table shows with tax (display only, COM-08).
  amount bigint not null check (amount between 0 and 1000000000000),
  display bigint check (display >= 0),
  in_force daterange not null check (not isempty(in_force)),
  constraint price_one_in_force exclude using gist (service with =, plan with =, item with =, in_force with &&)
);
select yagura.shared_table('commerce.price');

create table commerce.tax_rate (
  id uuid primary key,
  class text not null check (class in ('taxable', 'out-of-scope', 'exempt')),
  -- As written: `10%`.
  rate text not null check (rate ~ '^[0-9]{1,3}(\.[0-9]{1,4})?%$'),
  in_force daterange not null check (not isempty(in_force)),
  constraint tax_rate_one_in_force exclude using gist (class with =, in_force with &&)
);
select yagura.shared_table('commerce.tax_rate');

create table commerce.statutory_rate (
  id uuid primary key,
  rate text not null check (rate ~ '^[0-9]{1,3}(\.[0-9]{1,4})?%$'),
  source text not null,
  in_force daterange not null check (not isempty(in_force)),
  constraint statutory_rate_one_in_force exclude using gist (in_force with &&)
);
select yagura.shared_table('commerce.statutory_rate');

create table commerce.closed_day (
  id uuid primary key,
  day date not null,
  kind text not null check (kind in ('national-holiday', 'designated')),
  -- Null: every service.
  service text,
  name jsonb not null,
  unique nulls not distinct (day, kind, service)
);
select yagura.shared_table('commerce.closed_day');

create table commerce.activity (
  id uuid primary key,
  service text not null,
  activity text not null,
  in_force daterange not null check (not isempty(in_force)),
  -- The row of matrix 7.4: name, weekdays, opens, closes, closedOn, yearEnd.
  hours jsonb not null,
  constraint activity_one_in_force exclude using gist (service with =, activity with =, in_force with &&)
);
select yagura.shared_table('commerce.activity');

create table commerce.setting (
  id uuid primary key,
  -- `*`: every service.
  service text not null,
  key text not null,
  value jsonb not null,
  in_force daterange not null check (not isempty(in_force)),
  set_by text not null,
  set_at timestamptz not null,
  constraint setting_one_in_force exclude using gist (service with =, key with =, in_force with &&)
);
select yagura.shared_table('commerce.setting');

-- Which state the dated tables are in: a new random value with every change, so that a reader knows whether what it read still
-- holds. Random, not counted: a number that a rolled-back transaction saw must never come back with other rows behind it.
create table commerce.tables_stamp (
  one boolean primary key default true check (one),
  stamp uuid not null
);
select yagura.shared_table('commerce.tables_stamp');

create function commerce.tables_changed() returns trigger language plpgsql as $$
begin
  update commerce.tables_stamp set stamp = gen_random_uuid();
  return null;
end $$;

do $$
declare
  target text;
begin
  foreach target in array array['service_version', 'rule_parameter', 'price', 'tax_rate', 'statutory_rate', 'closed_day',
    'activity', 'setting']
  loop
    execute format('create trigger tables_changed after insert or update or delete on commerce.%I '
      'for each statement execute function commerce.tables_changed()', target);
  end loop;
end $$;

alter table commerce.service_version
  -- False: only the date is known, not the text (UTM-86, SEC-73): nothing is computed with it until a text is supplied.
  add column known boolean not null default true,
  -- Plans that can be ordered in this version.
  add column orderable text[] not null default '{}';

-- Documents of a version: its text, and dated copies of what belongs to the contract documents (OST-22).
create table commerce.terms_document (
  id uuid primary key,
  version_id uuid not null references commerce.service_version (id),
  name text not null check (length(name) between 1 and 200),
  media_type text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bytea not null check (octet_length(bytes) <= 1048576),
  copied_on date not null,
  added_by text not null,
  added_at timestamptz not null,
  unique (version_id, sha256, copied_on)
);
select yagura.shared_table('commerce.terms_document');

-- Which services can be applied for, from which day (COM-30).
create table commerce.offering (
  id uuid primary key,
  service text not null,
  in_force daterange not null check (not isempty(in_force)),
  set_by text not null,
  set_at timestamptz not null,
  constraint offering_one_in_force exclude using gist (service with =, in_force with &&)
);
select yagura.shared_table('commerce.offering');

-- Rows that the services bring: each is written once in the life of an installation, whatever became of it afterwards.
create table commerce.shipped_row (
  key text primary key,
  shipped_at timestamptz not null
);
select yagura.provider_table('commerce.shipped_row');
-- Sets of rows that were looked through already, by their hash.
create table commerce.shipment (
  hash text primary key,
  shipped_at timestamptz not null
);
select yagura.provider_table('commerce.shipment');

-- Every change of a dated value: what it was, what it is, from when, who and why. Rows that never came in force are replaced
-- in their table; here they stay.
create table commerce.dated_change (
  id uuid primary key,
  -- The order of the changes: ids tell it to the millisecond only.
  ordinal bigint generated always as identity,
  at timestamptz not null,
  by text not null,
  kind text not null,
  key text not null,
  effect text not null check (effect in ('new', 'changed', 'ended', 'same')),
  from_day date,
  before jsonb not null,
  after jsonb not null,
  reason text
);
create index dated_change_key on commerce.dated_change (kind, key, ordinal);
create index dated_change_newest on commerce.dated_change (ordinal desc);
select yagura.provider_table('commerce.dated_change');
revoke update, delete on commerce.dated_change from yagura_provider;

set local role yagura_provider;
insert into commerce.tables_stamp (stamp) values (gen_random_uuid());
reset role;
