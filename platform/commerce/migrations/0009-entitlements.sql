-- What a contract entitles to: seats, tickets, insurance registrations, and the equipment it rests on.

-- Seats in use: a device or an account each (SEC-53). How many may be in use follows from the packs of the contract's facts;
-- whoever takes one holds the contract's row.
create table commerce.seat (
  id uuid primary key,
  organisation_id uuid not null,
  contract_id uuid not null references commerce.contract (id),
  identifier text not null check (length(identifier) between 1 and 200),
  -- The form in which two writings of one device or account are the same.
  identity text not null,
  name text not null default '',
  from_on date not null,
  -- First day no longer in use.
  until_on date check (until_on >= from_on),
  registered_by text not null,
  registered_at timestamptz not null,
  freed_by text
);
create unique index seat_in_use on commerce.seat (contract_id, identity) where until_on is null;
create index seat_contract on commerce.seat (contract_id, from_on);
select yagura.tenant_table('commerce.seat');

-- Devices registered for an insurance that comes with seats (SEC-58, SEC-59).
create table commerce.insured_device (
  id uuid primary key,
  organisation_id uuid not null,
  contract_id uuid not null references commerce.contract (id),
  mac macaddr not null,
  device text not null default '',
  registered_by text not null,
  registered_at timestamptz not null,
  removed_on date,
  removed_by text
);
create unique index insured_device_once on commerce.insured_device (contract_id, mac) where removed_on is null;
select yagura.tenant_table('commerce.insured_device');

-- Tickets (SEC-61, SEC-71). What was bought and used are contract facts; here stands what each month included and what of it is
-- used, so that the database itself refuses one too many.
create table commerce.ticket_allowance (
  id uuid primary key,
  organisation_id uuid not null,
  contract_id uuid not null references commerce.contract (id),
  item text not null,
  -- First day of the calendar month; the allowance ends with its last day.
  month date not null check (extract(day from month) = 1),
  quantity integer not null check (quantity >= 0),
  used integer not null default 0,
  granted_at timestamptz not null,
  constraint ticket_allowance_not_negative check (used between 0 and quantity),
  unique (contract_id, item, month)
);
select yagura.tenant_table('commerce.ticket_allowance');

-- Counts what of the allowances is used, and refuses a wallet below zero, by whatever way a fact comes in or is voided. At the
-- end of the transaction: a correction may add and void in either order.
create function commerce.keep_tickets() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  of_item text := new.payload ->> 'item';
  of_month date := date_trunc('month', new.on_day::timestamp)::date;
  included bigint;
  bought bigint;
  used bigint;
begin
  -- One after the other.
  perform 1 from commerce.contract where id = new.contract_id for update;
  select coalesce(sum((f.payload ->> 'quantity')::bigint) filter (where f.kind = 'purchase'), 0)
      + coalesce((select (c.items ->> of_item)::bigint from commerce.contract c where c.id = new.contract_id), 0),
    coalesce(sum((f.payload ->> 'quantity')::bigint - coalesce((f.payload ->> 'ofIncluded')::bigint, 0))
      filter (where f.kind = 'ticket-used'), 0),
    coalesce(sum(coalesce((f.payload ->> 'ofIncluded')::bigint, 0))
      filter (where f.kind = 'ticket-used' and date_trunc('month', f.on_day::timestamp)::date = of_month), 0)
    into bought, used, included
    from commerce.contract_fact f
    where f.contract_id = new.contract_id and f.kind in ('purchase', 'ticket-used') and f.voided_at is null
      and f.payload ->> 'item' = of_item;
  if used > bought then
    raise exception 'more tickets used (%) than bought (%)', used, bought
      using errcode = 'check_violation', constraint = 'ticket_wallet_not_negative', schema = 'commerce',
        table = 'contract_fact';
  end if;
  update commerce.ticket_allowance a set used = included
    where a.contract_id = new.contract_id and a.item = of_item and a.month = of_month;
  if not found and included > 0 then
    raise exception 'no tickets are included in the month of %', new.on_day
      using errcode = 'check_violation', constraint = 'ticket_allowance_not_negative', schema = 'commerce',
        table = 'ticket_allowance';
  end if;
  return null;
end $$;
create constraint trigger keep_tickets_used after insert on commerce.contract_fact
  deferrable initially deferred
  for each row when (new.kind = 'ticket-used') execute function commerce.keep_tickets();
create constraint trigger keep_tickets_voided after update of voided_at on commerce.contract_fact
  deferrable initially deferred
  for each row when (new.kind in ('purchase', 'ticket-used')) execute function commerce.keep_tickets();

-- Equipment by contract, who owns it by date (RNS-40 to RNS-45, OST-23, UTM-64 to UTM-69).
create table commerce.equipment (
  id uuid primary key,
  organisation_id uuid not null,
  contract_id uuid not null references commerce.contract (id),
  -- e.g. `gateway`, `sensor`.
  kind text not null,
  model text not null,
  serial text not null check (length(serial) between 1 and 200),
  arrangement text not null check (arrangement in ('sold', 'lent', 'leased', 'owned-by-customer')),
  lessor text,
  warranty_until date,
  -- The unit whose place it took, from the day of its dispatch on.
  replaces_id uuid unique references commerce.equipment (id),
  dispatched_on date,
  registered_by text not null,
  registered_at timestamptz not null,
  unique (contract_id, serial),
  check ((arrangement = 'leased') = (lessor is not null)),
  check ((replaces_id is null) = (dispatched_on is null))
);
create index equipment_organisation on commerce.equipment (organisation_id, id);
select yagura.tenant_table('commerce.equipment');

create table commerce.equipment_event (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  equipment_id uuid not null references commerce.equipment (id),
  kind text not null check (kind in ('registered', 'delivered', 'inspected', 'defect-reported', 'installed', 'title-passed',
    'faulty', 'replaced', 'lost', 'damaged', 'collected', 'returned')),
  on_day date not null,
  note text not null default '',
  details jsonb not null default '{}',
  recorded_by text not null,
  recorded_at timestamptz not null
);
create index equipment_event_unit on commerce.equipment_event (equipment_id, on_day, ordinal);
select yagura.tenant_table('commerce.equipment_event');
revoke update on commerce.equipment_event from yagura_app, yagura_provider;

-- Units that have to come back: after an exchange, or at the end of the contract.
create table commerce.equipment_return (
  id uuid primary key,
  organisation_id uuid not null,
  contract_id uuid not null references commerce.contract (id),
  equipment_id uuid not null references commerce.equipment (id),
  reason text not null check (reason in ('replacement', 'contract-end')),
  opened_on date not null,
  place text not null default '',
  pickup_offered_on date check (pickup_offered_on >= opened_on),
  returned_on date check (returned_on >= opened_on),
  damaged boolean not null default false,
  opened_by text not null,
  opened_at timestamptz not null,
  unique (equipment_id, reason)
);
create index equipment_return_organisation on commerce.equipment_return (organisation_id, id);
select yagura.tenant_table('commerce.equipment_return');
