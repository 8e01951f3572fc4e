-- The life of a contract (COM-17): customers, applications, files of evidence, states, and the dated facts that money hangs on.
create table commerce.customer (
  organisation_id uuid primary key,
  kind text not null check (kind in ('corporation', 'sole-trader')),
  -- Registered details as they stand: holder, address, contact, billing addressee, address, contact, phone, mail, declarations.
  details jsonb not null,
  updated_at timestamptz not null
);
select yagura.tenant_table('commerce.customer');

-- Evidence and documents handed in: the bytes are here so that a backup holds them.
create table commerce.evidence (
  id uuid primary key,
  organisation_id uuid not null,
  name text not null check (length(name) between 1 and 200),
  media_type text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bytea not null check (octet_length(bytes) <= 10485760),
  uploaded_by text not null,
  uploaded_at timestamptz not null
);
select yagura.tenant_table('commerce.evidence');

alter table commerce.contract
  add column plan text not null default 'agent',
  -- Fee month anchor from the start (COM-05); facts of kind `anchor` move it.
  add column anchor smallint not null default 1 check (anchor between 1 and 31),
  -- Items of the order: how many of which are in use from the start.
  add column items jsonb not null default '{"agent": 1}',
  add column attributes jsonb not null default '{}',
  -- C: the cancellation date. `ended_on` stays the last day in force.
  add column cancelled_on date,
  -- First day that the service was provided (S).
  add column service_started_on date;

-- A fact is written once; a correction voids it and writes another (design: late entries give adjustments).
create table commerce.contract_fact (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  contract_id uuid not null references commerce.contract (id),
  kind text not null,
  on_day date not null,
  -- The fact as platform/commerce/src/charging/facts.ts shapes it, without kind and on.
  payload jsonb not null,
  -- Who says so: `office`, a service's id, `import`.
  source text not null,
  -- Same source and key: the same fact, stored once.
  source_key text,
  recorded_by text not null,
  recorded_at timestamptz not null,
  voided_by uuid references commerce.contract_fact (id),
  voided_at timestamptz,
  void_reason text,
  unique nulls distinct (contract_id, source, source_key)
);
create index contract_fact_contract on commerce.contract_fact (contract_id, on_day, ordinal);
select yagura.tenant_table('commerce.contract_fact');
