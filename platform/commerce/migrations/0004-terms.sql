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
