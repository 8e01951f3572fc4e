-- Contracts and what happened to them. One counter numbers the contracts of every organisation and service; a number that
-- was drawn is never drawn again, also when its transaction is rolled back.
create sequence commerce.contract_counter as bigint minvalue 1 no cycle;
grant usage on sequence commerce.contract_counter to yagura_app, yagura_provider;

create table commerce.contract (
  id uuid primary key,
  organisation_id uuid not null,
  service text not null,
  number text not null unique,
  -- False for the provider's own organisation: its contracts are never charged.
  charged boolean not null,
  state text not null check (state in ('awaiting-start', 'active', 'ending', 'ended')),
  started_on date,
  -- Last day in force.
  ended_on date,
  -- The moment at which the end was carried out.
  ended_at timestamptz,
  created_at timestamptz not null,
  check ((state = 'ended') = (ended_at is not null)),
  check (state not in ('ending', 'ended') or ended_on is not null),
  check (started_on is null or ended_on is null or started_on <= ended_on)
);
create index contract_organisation on commerce.contract (organisation_id, id);
create index contract_due on commerce.contract (state) where state in ('awaiting-start', 'ending');
select yagura.tenant_table('commerce.contract');

create table commerce.contract_event (
  id uuid primary key,
  -- The order of the steps: ids tell it to the millisecond only.
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  contract_id uuid not null references commerce.contract (id),
  at timestamptz not null,
  kind text not null check (kind in ('created', 'started', 'end-requested', 'ended')),
  actor text not null,
  -- The article or rule that the step rests on, e.g. EXP-02.
  ground text not null,
  payload jsonb not null default '{}'
);
create index contract_event_contract on commerce.contract_event (contract_id, ordinal);
select yagura.tenant_table('commerce.contract_event');
-- History is written once; only the erasure of the whole organisation removes it.
revoke update on commerce.contract_event from yagura_app;
