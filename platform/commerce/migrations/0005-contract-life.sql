-- The life of a contract (COM-17): customers, applications, files of evidence, states, and the dated facts that money hangs on.

-- Customers -------------------------------------------------------------------------------------------------------------------
create table commerce.customer (
  organisation_id uuid primary key,
  kind text not null check (kind in ('corporation', 'sole-trader')),
  corporate_number text check (corporate_number ~ '^[1-9][0-9]{12}$'),
  -- Registered details as they stand: holder, address, contact, billing addressee, address, contact, phone, mail.
  details jsonb not null,
  -- COM-26: text version, when and by whom; null until declared.
  declaration jsonb,
  -- COM-32: channels from which something came back, each with its day.
  bounced jsonb not null default '[]',
  updated_at timestamptz not null,
  check (kind <> 'corporation' or corporate_number is not null)
);
select yagura.tenant_table('commerce.customer');

create table commerce.customer_change (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  at timestamptz not null,
  actor text not null,
  kind text not null check (kind in ('registered', 'changed', 'declared', 'bounced', 'bounce-cleared')),
  before jsonb,
  after jsonb not null,
  evidence uuid[] not null default '{}'
);
create index customer_change_organisation on commerce.customer_change (organisation_id, ordinal);
select yagura.tenant_table('commerce.customer_change');
revoke update on commerce.customer_change from yagura_app, yagura_provider;

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
create index evidence_organisation on commerce.evidence (organisation_id, id);
select yagura.tenant_table('commerce.evidence');
revoke update on commerce.evidence from yagura_app, yagura_provider;

-- Quotes and applications -----------------------------------------------------------------------------------------------------
create table commerce.quote (
  id uuid primary key,
  organisation_id uuid not null,
  service text not null,
  plan text not null,
  items jsonb not null,
  attributes jsonb not null,
  start_on date not null,
  valid_until date not null,
  -- Price of each item without tax, as it stays for a contract made of the quote (RNS-66).
  prices jsonb not null,
  -- Lines, totals and hints as they were shown.
  content jsonb not null,
  made_by text not null,
  made_at timestamptz not null
);
create index quote_organisation on commerce.quote (organisation_id, id);
select yagura.tenant_table('commerce.quote');
revoke update on commerce.quote from yagura_app, yagura_provider;

create table commerce.application (
  id uuid primary key,
  organisation_id uuid not null,
  -- Applications of one order (several contracts at once).
  order_id uuid not null,
  position integer not null,
  service text not null,
  plan text not null,
  state text not null
    check (state in ('incomplete', 'received', 'accepted', 'refused', 'withdrawn', 'revoked', 'rescinded')),
  channel text not null,
  ordered_on date not null,
  received_at timestamptz,
  -- Place in the service's queue, without gaps (SEC-05).
  sequence bigint,
  -- Version of the terms that the form belongs to.
  terms text,
  items jsonb not null,
  fields jsonb not null,
  -- Values of secret fields, sealed; null once destroyed (UTM-80).
  sealed bytea,
  desired_start_on date,
  quote_id uuid references commerce.quote (id),
  remarks jsonb not null default '[]',
  -- RNS-50: the kind of clause that each ordered item falls under.
  clauses jsonb not null default '{}',
  -- The contract made of it; it refers back here.
  contract_id uuid,
  rescind_by date,
  decided_at timestamptz,
  decided_by text,
  -- Code of the offer's ground.
  ground text,
  reason text,
  created_by text not null,
  created_at timestamptz not null,
  unique (service, sequence),
  check ((state = 'incomplete') <= (sequence is null))
);
create index application_organisation on commerce.application (organisation_id, id);
create index application_order on commerce.application (order_id, position);
create index application_open on commerce.application (service, sequence) where state = 'received';
select yagura.tenant_table('commerce.application');

-- Each consent with the version of the text that was shown (COM-27, EXP-15, SEC-02, SEC-70, UTM-06).
create table commerce.application_consent (
  id uuid primary key,
  organisation_id uuid not null,
  application_id uuid not null references commerce.application (id),
  field text not null,
  rule text not null,
  text_version text not null,
  at timestamptz not null,
  given_by text not null,
  unique (application_id, field)
);
select yagura.tenant_table('commerce.application_consent');
revoke update on commerce.application_consent from yagura_app, yagura_provider;

-- The queue of each service in order of receipt: no customer's data, kept for good, so that the order stays provable also when
-- an organisation was erased. Written by the functions below alone.
create table commerce.application_queue (
  service text not null,
  sequence bigint not null check (sequence > 0),
  application uuid not null unique,
  received_at timestamptz not null,
  decided_at timestamptz,
  primary key (service, sequence)
);
create function commerce.queue_application(of_service text, of_application uuid, at timestamptz) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  place bigint;
begin
  -- One after the other, and undone with the transaction: no gap, no number twice.
  perform pg_advisory_xact_lock(hashtextextended('commerce.application_queue:' || of_service, 0));
  insert into commerce.application_queue (service, sequence, application, received_at)
    select of_service, coalesce(max(sequence), 0) + 1, of_application, at
    from commerce.application_queue where service = of_service
    returning sequence into place;
  return place;
end $$;
create function commerce.decide_application(of_application uuid, at timestamptz) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  update commerce.application_queue set decided_at = at where application = of_application and decided_at is null
$$;
create function commerce.undecided_before(of_service text, before bigint) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select count(*) from commerce.application_queue
  where service = of_service and sequence < before and decided_at is null
$$;

-- Values that only one living contract may have (UTM-04: one contract for each line), across organisations: hashes alone.
create table commerce.held_value (
  service text not null,
  field text not null,
  value_hash text not null check (value_hash ~ '^[0-9a-f]{64}$'),
  -- The application or contract that holds it.
  holder uuid not null,
  primary key (service, field, value_hash)
);
create index held_value_holder on commerce.held_value (holder);
-- True when it is now the holder's; false when somebody else holds it.
create function commerce.hold_value(of_service text, of_field text, hash text, of_holder uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  who uuid;
begin
  insert into commerce.held_value (service, field, value_hash, holder) values (of_service, of_field, hash, of_holder)
    on conflict do nothing;
  select holder into who from commerce.held_value where service = of_service and field = of_field and value_hash = hash;
  return who = of_holder;
end $$;
create function commerce.value_is_free(of_service text, of_field text, hash text, of_holder uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select not exists (select from commerce.held_value where service = of_service and field = of_field and value_hash = hash
    and holder is distinct from of_holder)
$$;
create function commerce.pass_values(from_holder uuid, to_holder uuid) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  update commerce.held_value set holder = to_holder where holder = from_holder
$$;
create function commerce.release_values(of_holder uuid) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from commerce.held_value where holder = of_holder
$$;
revoke execute on function commerce.queue_application(text, uuid, timestamptz),
  commerce.decide_application(uuid, timestamptz), commerce.undecided_before(text, bigint),
  commerce.value_is_free(text, text, text, uuid), commerce.hold_value(text, text, text, uuid), commerce.pass_values(uuid, uuid), commerce.release_values(uuid) from public;
grant execute on function commerce.queue_application(text, uuid, timestamptz),
  commerce.decide_application(uuid, timestamptz), commerce.undecided_before(text, bigint),
  commerce.value_is_free(text, text, text, uuid), commerce.hold_value(text, text, text, uuid), commerce.pass_values(uuid, uuid), commerce.release_values(uuid)
  to yagura_app, yagura_provider;

-- Contracts -------------------------------------------------------------------------------------------------------------------
alter table commerce.contract
  add column plan text not null default 'agent',
  -- Fee month anchor from the start (COM-05); facts of kind `anchor` move it.
  add column anchor smallint not null default 1 check (anchor between 1 and 31),
  -- Items of the order: how many of which are in use from the start.
  add column items jsonb not null default '{"agent": 1}',
  add column attributes jsonb not null default '{}',
  add column application_id uuid references commerce.application (id),
  -- Service is stopped for a cause; also while the end is set.
  add column stopped text check (stopped in ('suspension', 'discontinuance')),
  -- Last announced day of the stop.
  add column stopped_until date,
  -- A stop that was announced for a day to come: measure, ground, reason, on, until, evidence.
  add column planned_stop jsonb,
  -- C: the cancellation date. `ended_on` stays the last day in force.
  add column cancelled_on date,
  -- First day that the service was provided (S).
  add column service_started_on date,
  drop constraint contract_state_check,
  drop constraint contract_check,
  drop constraint contract_check1;
alter table commerce.contract
  alter column plan drop default,
  alter column items drop default,
  add constraint contract_state check (state in
    ('awaiting-start', 'active', 'suspended', 'discontinued', 'ending', 'ended', 'revoked', 'void')),
  add constraint contract_over check ((state in ('ended', 'revoked', 'void')) = (ended_at is not null)),
  add constraint contract_end_day check (state not in ('ending', 'ended', 'revoked', 'void') or ended_on is not null),
  add constraint contract_stopped check (case state
    when 'suspended' then stopped is not distinct from 'suspension'
    when 'discontinued' then stopped is not distinct from 'discontinuance'
    when 'ending' then true
    else stopped is null end);
drop index commerce.contract_due;
create index contract_due on commerce.contract (state)
  where state in ('awaiting-start', 'ending') or stopped is not null or planned_stop is not null;
create index contract_service on commerce.contract (service, plan, id) where state not in ('ended', 'revoked', 'void');

alter table commerce.contract_event
  drop constraint contract_event_kind_check,
  add column from_state text,
  add column to_state text,
  -- The day from which it holds.
  add column on_day date,
  add column reason text,
  add column evidence uuid[] not null default '{}';

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
  voided_actor text,
  unique nulls distinct (contract_id, source, source_key)
);
create index contract_fact_contract on commerce.contract_fact (contract_id, on_day, ordinal);
-- What changed since a moment: late entries give adjustments.
create index contract_fact_recorded on commerce.contract_fact (recorded_at);
create index contract_fact_voided on commerce.contract_fact (voided_at) where voided_at is not null;
select yagura.tenant_table('commerce.contract_fact');
revoke update on commerce.contract_fact from yagura_app, yagura_provider;
grant update (voided_by, voided_at, void_reason, voided_actor) on commerce.contract_fact to yagura_app, yagura_provider;

-- Requests for the end of a contract, by whomever (SEC-13, RNS-10, UTM-26, UTM-27).
create table commerce.cancellation (
  id uuid primary key,
  organisation_id uuid not null,
  contract_id uuid not null references commerce.contract (id),
  by_whom text not null check (by_whom in ('customer', 'provider', 'withdrawal', 'longest-use', 'line-ended')),
  state text not null check (state in ('requested', 'confirmed', 'refused', 'withdrawn', 'carried-out')),
  channel text not null,
  received_on date not null,
  desired_on date not null,
  checked_on date,
  cancelled_on date,
  late boolean not null default false,
  -- Whole yen without tax, as shown before the request.
  sum bigint not null default 0 check (sum >= 0),
  ground text,
  reason text,
  evidence uuid[] not null default '{}',
  requested_by text not null,
  requested_at timestamptz not null,
  decided_by text,
  decided_at timestamptz
);
create unique index cancellation_open on commerce.cancellation (contract_id) where state in ('requested', 'confirmed');
create index cancellation_contract on commerce.cancellation (contract_id, id);
select yagura.tenant_table('commerce.cancellation');

create table commerce.change_order (
  id uuid primary key,
  organisation_id uuid not null,
  contract_id uuid not null references commerce.contract (id),
  state text not null check (state in ('requested', 'accepted', 'refused', 'withdrawn')),
  changes jsonb not null,
  effective_on date not null,
  requested_by text not null,
  requested_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  reason text
);
create index change_order_contract on commerce.change_order (contract_id, id);
select yagura.tenant_table('commerce.change_order');

-- Succession and assignment (COM-23, COM-24), and who held the contract from which day on.
create table commerce.contract_transfer (
  id uuid primary key,
  organisation_id uuid not null,
  contract_id uuid not null references commerce.contract (id),
  how text not null check (how in ('succession', 'assignment')),
  state text not null check (state in ('requested', 'approved', 'refused')),
  effective_on date not null,
  successors jsonb not null,
  representative integer,
  reason text,
  evidence uuid[] not null default '{}',
  requested_by text not null,
  requested_at timestamptz not null,
  decided_by text,
  decided_at timestamptz
);
create index contract_transfer_contract on commerce.contract_transfer (contract_id, id);
select yagura.tenant_table('commerce.contract_transfer');

create table commerce.contract_holder (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  contract_id uuid not null references commerce.contract (id),
  from_day date not null,
  how text not null check (how in ('order', 'succession', 'assignment', 'representative')),
  -- The one who speaks and is billed, and the others who hold with it.
  holder jsonb not null,
  others jsonb not null default '[]',
  recorded_by text not null,
  recorded_at timestamptz not null
);
create index contract_holder_contract on commerce.contract_holder (contract_id, from_day, ordinal);
select yagura.tenant_table('commerce.contract_holder');
revoke update on commerce.contract_holder from yagura_app, yagura_provider;

-- What somebody has to do by a day: the staff, or the customer.
create table commerce.task (
  id uuid primary key,
  organisation_id uuid not null,
  contract_id uuid references commerce.contract (id),
  kind text not null,
  rule text not null,
  audience text not null check (audience in ('staff', 'customer')),
  title jsonb not null,
  due_on date not null,
  state text not null check (state in ('open', 'done', 'dropped')),
  -- Same key: the same task, made once.
  source_key text not null,
  note text,
  reminded_at timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  closed_by text,
  closed_at timestamptz,
  unique (organisation_id, source_key)
);
create index task_open on commerce.task (due_on, id) where state = 'open';
create index task_contract on commerce.task (contract_id);
select yagura.tenant_table('commerce.task');

-- The state machine (COM-17) ----------------------------------------------------------------------------------------------------
create table commerce.contract_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
select yagura.shared_table('commerce.contract_transition');

-- Row-level security holds for the owner of the tables too: only the provider writes them.
set local role yagura_provider;
insert into commerce.contract_transition (from_state, to_state) values
  ('awaiting-start', 'active'),
  -- Started with its end already set.
  ('awaiting-start', 'ending'),
  ('awaiting-start', 'ended'),
  ('awaiting-start', 'revoked'),
  ('awaiting-start', 'void'),
  ('active', 'suspended'),
  ('active', 'discontinued'),
  ('active', 'ending'),
  ('active', 'ended'),
  ('active', 'revoked'),
  ('active', 'void'),
  ('suspended', 'active'),
  ('suspended', 'discontinued'),
  ('suspended', 'ending'),
  ('suspended', 'ended'),
  ('suspended', 'revoked'),
  ('suspended', 'void'),
  ('discontinued', 'active'),
  ('discontinued', 'suspended'),
  ('discontinued', 'ending'),
  ('discontinued', 'ended'),
  ('discontinued', 'revoked'),
  ('discontinued', 'void'),
  -- The request was withdrawn before its day; the contract may not have started yet.
  ('ending', 'awaiting-start'),
  ('ending', 'active'),
  ('ending', 'suspended'),
  ('ending', 'discontinued'),
  ('ending', 'ended'),
  ('ending', 'revoked'),
  ('ending', 'void');

-- Contracts made before facts were kept: their start and end are facts now.
update commerce.contract set service_started_on = started_on
  where started_on is not null and state in ('active', 'ending', 'ended');
update commerce.contract set cancelled_on = ended_on where ended_on is not null;
insert into commerce.contract_fact (id, organisation_id, contract_id, kind, on_day, payload, source, source_key, recorded_by,
    recorded_at)
  select gen_random_uuid(), organisation_id, id, 'started', service_started_on, '{}', 'office', 'start', 'system:upgrade', created_at
  from commerce.contract where service_started_on is not null;
insert into commerce.contract_fact (id, organisation_id, contract_id, kind, on_day, payload, source, source_key, recorded_by,
    recorded_at)
  select gen_random_uuid(), organisation_id, id, 'cancelled', cancelled_on, '{"by": "provider"}', 'office', null,
    'system:upgrade', coalesce(ended_at, created_at)
  from commerce.contract where cancelled_on is not null and started_on is not null;
reset role;

create function commerce.check_contract_transition() returns trigger
language plpgsql as $$
begin
  if not exists (select from commerce.contract_transition where from_state = old.state and to_state = new.state) then
    raise exception 'contract %: from % to % is no step of a contract', new.number, old.state, new.state
      using errcode = 'check_violation', constraint = 'contract_transition';
  end if;
  return new;
end $$;
create trigger contract_transition before update of state on commerce.contract
  for each row when (old.state is distinct from new.state) execute function commerce.check_contract_transition();

-- No state without an event that tells who, when and why: the newest event that names a state names the present one.
create function commerce.check_contract_step() returns trigger
language plpgsql as $$
declare
  present text := (select state from commerce.contract where id = new.id);
  told text := (select to_state from commerce.contract_event
    where contract_id = new.id and to_state is not null order by ordinal desc limit 1);
begin
  if present is not null and told is distinct from present then
    raise exception 'contract %: the step to % is not recorded', new.number, present
      using errcode = 'check_violation', constraint = 'contract_step_recorded';
  end if;
  return null;
end $$;
create constraint trigger contract_step_recorded after update of state on commerce.contract
  deferrable initially deferred
  for each row when (old.state is distinct from new.state) execute function commerce.check_contract_step();
