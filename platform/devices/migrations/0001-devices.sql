-- Edge programs: who they are, how they came in, what they are told, what they said.
create schema if not exists devices;
grant usage on schema devices to yagura_app, yagura_provider;

create table devices.device (
  id uuid primary key,
  organisation_id uuid not null,
  program text not null,
  version text not null,
  hostname text not null,
  platform text not null,
  -- Ed25519, raw.
  public_key bytea not null unique check (octet_length(public_key) = 32),
  subject_service text not null,
  subject_kind text not null,
  subject_id uuid not null,
  enrolled_at timestamptz not null,
  revoked_at timestamptz,
  revoked_reason text,
  configuration_version integer not null default 0,
  check ((revoked_at is null) = (revoked_reason is null))
);
create index on devices.device (organisation_id, id);
create index on devices.device (subject_service, subject_kind, subject_id);
select yagura.tenant_table('devices.device');

create table devices.enrolment_key (
  id uuid primary key,
  organisation_id uuid not null,
  -- SHA-256 of the secret: the secret itself is nowhere.
  hash bytea not null unique check (octet_length(hash) = 32),
  program text not null,
  subject_service text not null,
  subject_kind text not null,
  subject_id uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  device_id uuid references devices.device (id) on delete set null,
  revoked_at timestamptz
);
create index on devices.enrolment_key (subject_service, subject_kind, subject_id);
create index on devices.enrolment_key (organisation_id);
select yagura.tenant_table('devices.enrolment_key');

create table devices.configuration (
  device_id uuid not null references devices.device (id) on delete cascade,
  organisation_id uuid not null,
  service text not null,
  document jsonb not null,
  primary key (device_id, service)
);
create index on devices.configuration (organisation_id);
select yagura.tenant_table('devices.configuration');

-- Written in bulk every few seconds: narrow, and with room on each page for updates in place.
create table devices.presence (
  device_id uuid primary key references devices.device (id) on delete cascade,
  organisation_id uuid not null,
  online boolean not null,
  last_seen_at timestamptz not null,
  address text not null,
  configuration_acknowledged integer
) with (fillfactor = 50);
create index on devices.presence (organisation_id);
select yagura.tenant_table('devices.presence');

create table devices.health (
  device_id uuid primary key references devices.device (id) on delete cascade,
  organisation_id uuid not null,
  at timestamptz not null,
  health jsonb not null,
  clock jsonb
) with (fillfactor = 50);
create index on devices.health (organisation_id);
select yagura.tenant_table('devices.health');

-- Which sequence numbers are stored: all up to the floor, and those above it that came out of order.
create table devices.ledger (
  device_id uuid not null references devices.device (id) on delete cascade,
  organisation_id uuid not null,
  epoch text not null,
  floor bigint not null default 0,
  above bigint[] not null default '{}',
  primary key (device_id, epoch)
) with (fillfactor = 50);
create index on devices.ledger (organisation_id);
select yagura.tenant_table('devices.ledger');

-- Groups of acknowledged batches on their way to telemetry. A row lives for about a second.
create table devices.journal (
  id bigint generated always as identity primary key,
  -- The control-plane process that wrote it, and moves it while it lives.
  writer uuid not null,
  written_at timestamptz not null default now(),
  batches integer not null,
  bytes integer not null,
  body bytea not null,
  -- Groups that are inserted together for ever: the token by which telemetry knows a repeated insert.
  move_id uuid
);
-- The body is compressed already.
alter table devices.journal alter column body set storage external;
create index on devices.journal (writer, id);
create index on devices.journal (move_id) where move_id is not null;
select yagura.provider_table('devices.journal');

create table devices.process (
  id uuid primary key,
  alive_until timestamptz not null
);
select yagura.provider_table('devices.process');

-- Acknowledged batches that could not become rows: kept for the operator, never in the way of the others.
create table devices.batch_aside (
  id uuid primary key,
  organisation_id uuid not null,
  device_id uuid not null,
  kind text not null,
  epoch text not null,
  sequence bigint not null,
  move_id uuid not null,
  set_aside_at timestamptz not null default now(),
  error text not null,
  body bytea not null
);
create index on devices.batch_aside (organisation_id);
select yagura.tenant_table('devices.batch_aside');
