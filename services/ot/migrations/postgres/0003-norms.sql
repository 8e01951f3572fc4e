-- What is usual for a model at the sites of the organisations that take part (OT-N9). Only sums over at least five of them are here,
-- and who reads them has to give.

-- An organisation that takes part; without a row it does not.
create table ot.norm_member (
  organisation_id uuid primary key,
  ordinal bigint generated always as identity,
  joined_at timestamptz not null,
  joined_by text not null,
  -- Its sites that are in the newest sums; null: no sums were made since it joined.
  counted_sites integer check (counted_sites >= 0)
);
select yagura.tenant_table('ot.norm_member');

-- The newest sums, in one row.
create table ot.norm_run (
  single boolean primary key default true check (single),
  at timestamptz not null,
  -- Telemetry from here until `at`.
  from_at timestamptz not null,
  -- Organisations that gave something, rounded down to a multiple of five; 0: fewer than five.
  organisations integer not null check (organisations >= 0 and organisations % 5 = 0)
);
select yagura.shared_table('ot.norm_run');

-- What devices are put together by: a product, a family of products, or a role, of one vendor.
create table ot.norm_subject (
  id integer primary key,
  level text not null check (level in ('model', 'family', 'role')),
  vendor text not null,
  name text not null,
  -- That have it, rounded down to multiples of five; of an organisation five sites count at most.
  organisations integer not null check (organisations >= 5 and organisations % 5 = 0),
  sites integer not null check (sites >= 5 and sites % 5 = 0),
  unique (level, vendor, name)
);
select yagura.shared_table('ot.norm_subject');

-- What such devices do; what is not here is done at fewer than five organisations, or at none.
create table ot.norm (
  subject_id integer not null references ot.norm_subject (id) on delete cascade,
  -- function: `code` of `protocol` received; class: a function of the class `code`; serves, uses: `protocol` as server, as client.
  kind text not null check (kind in ('function', 'class', 'serves', 'uses')),
  protocol integer not null,
  code bigint not null,
  organisations integer not null check (organisations >= 5 and organisations % 5 = 0),
  sites integer not null check (sites >= 5 and sites % 5 = 0),
  primary key (subject_id, kind, protocol, code)
);
select yagura.shared_table('ot.norm');

-- Not for all: for organisations whose own rows are in the sums.
create function ot.gives_norms() returns boolean language sql stable parallel safe as $$
  select exists (select from ot.norm_member where organisation_id = (select yagura.organisation()) and counted_sites > 0)
$$;
grant execute on function ot.gives_norms() to yagura_app, yagura_provider;
drop policy read_by_all on ot.norm_subject;
create policy read_by_givers on ot.norm_subject for select to yagura_app using ((select ot.gives_norms()));
drop policy read_by_all on ot.norm;
create policy read_by_givers on ot.norm for select to yagura_app using ((select ot.gives_norms()));
