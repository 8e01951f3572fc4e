-- Sites, sensors, what they told of devices, what is normal, what was found, and what people decided about it.
-- Everything that the watch writes is written under the lock of the site's row in ot.watch, batch after batch.
create schema if not exists ot;
grant usage on schema ot to yagura_app, yagura_provider;

-- One space of addresses.
create table ot.site (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  name text not null,
  note text not null default '',
  created_at timestamptz not null,
  unique (id, organisation_id)
);
create index site_organisation on ot.site (organisation_id, id);
select yagura.tenant_table('ot.site');

-- A contract is one sensor (OST-14).
create table ot.sensor (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  site_id uuid not null,
  contract_id uuid not null unique,
  contract_number text not null unique,
  -- Type N or D, by the contract's attribute.
  type text check (type in ('n', 'd')),
  label text not null,
  place text not null default '',
  interfaces text[] not null default '{}',
  upload_ms integer not null default 10000 check (upload_ms between 1000 and 60000),
  device_id uuid unique,
  -- Id of the enrolment key that is open; the key itself is never here.
  key_id uuid,
  key_expires_at timestamptz,
  -- OST-T04: the contract's fact `installed` was written then.
  first_upload_at timestamptz,
  last_upload_at timestamptz,
  clock_offset_ms double precision,
  -- Which key names and addresses are tokens of.
  tokens text,
  ended_at timestamptz,
  created_at timestamptz not null,
  foreign key (site_id, organisation_id) references ot.site (id, organisation_id)
);
create index sensor_site on ot.sensor (site_id);
create index sensor_organisation on ot.sensor (organisation_id, id);
select yagura.tenant_table('ot.sensor');

-- Every device that ever was a sensor: telemetry is stored by device.
create table ot.sensor_device (
  device_id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  sensor_id uuid not null references ot.sensor (id) on delete cascade,
  site_id uuid not null references ot.site (id) on delete cascade,
  since timestamptz not null
);
create index sensor_device_site on ot.sensor_device (site_id);
create index sensor_device_sensor on ot.sensor_device (sensor_id);
create index sensor_device_organisation on ot.sensor_device (organisation_id);
select yagura.tenant_table('ot.sensor_device');

-- Batches that wait to be looked at; written after their rows are in telemetry, deleted by the transaction that looks.
create table ot.inbox (
  device_id uuid not null,
  epoch text not null,
  sequence bigint not null,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  site_id uuid not null,
  sensor_id uuid not null,
  -- Microseconds since the epoch, server's clock; server minus device.
  received_at bigint not null,
  clock_offset bigint not null,
  attempts integer not null default 0,
  error text,
  -- JSON, Zstandard.
  body bytea not null,
  primary key (device_id, epoch, sequence)
);
create index inbox_site on ot.inbox (site_id, ordinal);
create index inbox_organisation on ot.inbox (organisation_id);
select yagura.tenant_table('ot.inbox');

-- What was looked at, and the chain of the sensor's ledger.
create table ot.upload (
  device_id uuid not null,
  epoch text not null,
  sequence bigint not null,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  sensor_id uuid not null,
  number bigint not null,
  hash text not null,
  previous text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  received_at timestamptz not null,
  row_count integer not null,
  text_count integer not null,
  urgent boolean not null,
  primary key (device_id, epoch, sequence)
);
create index upload_chain on ot.upload (sensor_id, number desc);
create index upload_organisation on ot.upload (organisation_id, received_at);
select yagura.tenant_table('ot.upload');

create table ot.watch (
  site_id uuid primary key references ot.site (id) on delete cascade,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  -- Counted up by each transaction of the watch and by each change by hand: what a process remembers of the site holds while
  -- it is the same.
  revision bigint not null default 0,
  -- Time of the newest batch, server's clock.
  last_at timestamptz
);
create index watch_organisation on ot.watch (organisation_id);
select yagura.tenant_table('ot.watch');

create table ot.zone (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  site_id uuid not null references ot.site (id) on delete cascade,
  name text not null,
  -- Purdue level.
  level numeric(2, 1),
  subnets text[] not null default '{}',
  vlans integer[] not null default '{}',
  origin text not null check (origin in ('found', 'given')),
  position integer not null,
  created_at timestamptz not null
);
create index zone_site on ot.zone (site_id, position);
create index zone_organisation on ot.zone (organisation_id);
select yagura.tenant_table('ot.zone');

create table ot.asset (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  site_id uuid not null references ot.site (id) on delete cascade,
  macs text[] not null,
  addresses text[] not null,
  vlans integer[] not null,
  protocols text[] not null,
  role text not null,
  role_confidence real not null,
  routes boolean not null,
  -- The whole of analysis/model.ts: evidence by attribute, addresses held.
  document jsonb not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  -- What lists show, sort and filter by, made of the evidence and of what was set by hand.
  shown_name text not null,
  shown_role text not null,
  vendor text,
  model text,
  firmware text,
  os text,
  serial text,
  -- Lower case: names, addresses, MACs, vendor, model, serial, note.
  search text not null,
  conflicts integer not null,
  -- Number of the first IPv4 address, so that lists sort by it.
  address_order numeric,
  zone_id uuid references ot.zone (id) on delete set null,
  level numeric(2, 1),
  learning text not null default 'learning' check (learning in ('learning', 'watching', 'noisy')),
  -- By hand.
  given_name text,
  given_role text,
  given_zone uuid references ot.zone (id) on delete set null,
  given_level numeric(2, 1),
  criticality text not null default 'normal' check (criticality in ('low', 'normal', 'high', 'critical')),
  note text not null default '',
  -- Joined into another by hand; or out of use.
  merged_into uuid,
  retired_at timestamptz
);
create index asset_site on ot.asset (site_id, id) where merged_into is null and retired_at is null;
create index asset_organisation on ot.asset (organisation_id, id);
create index asset_last on ot.asset (site_id, last_at desc);
select yagura.tenant_table('ot.asset');

-- Places in the network as telemetry names them (64 bits of a hash), and whose they are.
create table ot.endpoint (
  site_id uuid not null references ot.site (id) on delete cascade,
  id bigint not null,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  mac text,
  vlan integer not null,
  address text,
  asset_id uuid,
  -- group: an address of many; outside: nobody of the site.
  kind text not null check (kind in ('asset', 'group', 'outside')),
  seen_at timestamptz not null,
  primary key (site_id, id)
);
create index endpoint_asset on ot.endpoint (asset_id) where asset_id is not null;
create index endpoint_organisation on ot.endpoint (organisation_id);
select yagura.tenant_table('ot.endpoint');

-- Merges and splits by hand: this MAC or address (`mac:…`, `ip:…`) belongs to that asset whatever the traffic suggests.
create table ot.pin (
  site_id uuid not null references ot.site (id) on delete cascade,
  member text not null,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  asset_id uuid not null references ot.asset (id) on delete cascade,
  decided_at timestamptz not null,
  decided_by text not null,
  primary key (site_id, member)
);
create index pin_organisation on ot.pin (organisation_id);
select yagura.tenant_table('ot.pin');

-- The time line of a device: what became known of it and what was done to it.
create table ot.asset_event (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  site_id uuid not null references ot.site (id) on delete cascade,
  asset_id uuid not null references ot.asset (id) on delete cascade,
  at timestamptz not null,
  kind text not null,
  parameters jsonb not null,
  by_name text
);
create index asset_event_asset on ot.asset_event (asset_id, at desc);
create index asset_event_organisation on ot.asset_event (organisation_id, at);
create index asset_event_site on ot.asset_event (site_id, at);
select yagura.tenant_table('ot.asset_event');

-- What is learned: services, commands, attributes between devices (keys of analysis/detect/keys.ts).
create table ot.learned (
  site_id uuid not null references ot.site (id) on delete cascade,
  key text not null,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  count bigint not null,
  known boolean not null,
  primary key (site_id, key)
);
create index learned_organisation on ot.learned (organisation_id);
create index learned_first on ot.learned (site_id, first_at);
select yagura.tenant_table('ot.learned');

-- What is usual (Baseline of analysis/detect/types.ts).
create table ot.baseline (
  site_id uuid not null references ot.site (id) on delete cascade,
  key text not null,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  kind text not null,
  -- When somebody has to look although nothing came.
  due_at timestamptz,
  document jsonb not null,
  primary key (site_id, key)
);
create index baseline_due on ot.baseline (due_at) where due_at is not null;
create index baseline_organisation on ot.baseline (organisation_id);
select yagura.tenant_table('ot.baseline');

create table ot.permit (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  site_id uuid not null references ot.site (id) on delete cascade,
  title text not null,
  who text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  asset_ids uuid[] not null,
  client_ids uuid[] not null,
  classes text[] not null,
  note text not null default '',
  cancelled_at timestamptz,
  created_at timestamptz not null,
  created_by text not null,
  check (from_at < to_at)
);
create index permit_site on ot.permit (site_id, to_at);
create index permit_organisation on ot.permit (organisation_id);
select yagura.tenant_table('ot.permit');

create table ot.mute (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  site_id uuid not null references ot.site (id) on delete cascade,
  kind text,
  asset_id uuid,
  dedupe_key text,
  reason text not null,
  until_at timestamptz not null,
  hits bigint not null default 0,
  last_hit_at timestamptz,
  created_at timestamptz not null,
  created_by text not null,
  -- Taken back before its end.
  ended_at timestamptz
);
create index mute_site on ot.mute (site_id, until_at);
create index mute_organisation on ot.mute (organisation_id);
select yagura.tenant_table('ot.mute');

create table ot.allow_rule (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  site_id uuid not null references ot.site (id) on delete cascade,
  client text,
  server text,
  protocol text,
  class text,
  kinds text[] not null,
  reason text not null,
  hits bigint not null default 0,
  last_hit_at timestamptz,
  created_at timestamptz not null,
  created_by text not null
);
create index allow_rule_site on ot.allow_rule (site_id);
create index allow_rule_organisation on ot.allow_rule (organisation_id);
select yagura.tenant_table('ot.allow_rule');

create table ot.finding (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  site_id uuid not null references ot.site (id) on delete cascade,
  kind text not null,
  severity text not null check (severity in ('info', 'notice', 'bad', 'critical')),
  confidence real not null,
  state text not null check (state in ('open', 'ended', 'learned', 'closed', 'muted', 'expected')),
  subject_kind text not null,
  subject_id text not null,
  dedupe_key text not null,
  group_key text,
  since timestamptz not null,
  until_at timestamptz,
  last_at timestamptz not null,
  count bigint not null,
  parameters jsonb not null,
  evidence jsonb not null,
  asset_ids uuid[] not null,
  permit_id uuid,
  mute_id uuid,
  decided_by text,
  decided_at timestamptz,
  decided_reason text
);
-- The same trouble seen again is the same finding while nobody has decided about it and it is not over.
create unique index finding_again on ot.finding (site_id, dedupe_key, state) where state in ('open', 'muted', 'expected');
create index finding_site on ot.finding (site_id, last_at desc);
create index finding_list on ot.finding (organisation_id, ordinal desc);
create index finding_open on ot.finding (site_id, severity) where state = 'open';
create index finding_group on ot.finding (site_id, group_key);
create index finding_assets on ot.finding using gin (asset_ids);
select yagura.tenant_table('ot.finding');

create table ot.setting (
  site_id uuid primary key references ot.site (id) on delete cascade,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  -- SettingChange of wire/api-rules.ts: what differs from the defaults.
  change jsonb not null,
  changed_at timestamptz not null,
  changed_by text not null
);
create index setting_organisation on ot.setting (organisation_id);
select yagura.tenant_table('ot.setting');

create table ot.signature_rules (
  site_id uuid primary key references ot.site (id) on delete cascade,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  text text not null,
  changed_at timestamptz not null,
  changed_by text not null
);
create index signature_rules_organisation on ot.signature_rules (organisation_id);
select yagura.tenant_table('ot.signature_rules');

create table ot.what_if (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  site_id uuid not null references ot.site (id) on delete cascade,
  days integer not null,
  change jsonb not null,
  state text not null check (state in ('queued', 'running', 'done', 'failed')),
  progress real not null default 0,
  result jsonb,
  error text,
  created_at timestamptz not null,
  created_by text not null,
  finished_at timestamptz
);
create index what_if_site on ot.what_if (site_id, ordinal desc);
create index what_if_organisation on ot.what_if (organisation_id);
select yagura.tenant_table('ot.what_if');

-- The customer's own list of devices.
create table ot.register_import (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  site_id uuid not null references ot.site (id) on delete cascade,
  at timestamptz not null,
  by_name text not null,
  -- RegisterImport of wire/api-register.ts.
  summary jsonb not null
);
create index register_import_site on ot.register_import (site_id, ordinal desc);
create index register_import_organisation on ot.register_import (organisation_id);
select yagura.tenant_table('ot.register_import');

create table ot.register_entry (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  site_id uuid not null references ot.site (id) on delete cascade,
  fields jsonb not null,
  -- Found again by the watch's address book and by imports.
  macs text[] not null,
  addresses text[] not null,
  serial text
);
create index register_entry_site on ot.register_entry (site_id, ordinal);
create index register_entry_organisation on ot.register_entry (organisation_id);
select yagura.tenant_table('ot.register_entry');

create table ot.capture (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  name text not null,
  bytes bigint not null,
  state text not null check (state in ('queued', 'running', 'done', 'failed')),
  packets bigint,
  error text,
  -- JSON, Zstandard.
  result bytea,
  created_at timestamptz not null,
  created_by text not null,
  finished_at timestamptz
);
create index capture_organisation on ot.capture (organisation_id, ordinal desc);
select yagura.tenant_table('ot.capture');
