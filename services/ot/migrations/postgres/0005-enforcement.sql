-- Taking devices off the network (OT-31): who may is told by the role, whether it is done by the premises. Here stands what was
-- asked, and what the sensor answered; never how it is done.
create table ot.enforcer (
  sensor_id uuid primary key references ot.sensor (id) on delete cascade,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  -- Means of wire/enforcement.ts; null: the sensor was not given any.
  means jsonb,
  reported_at timestamptz not null
);
create index enforcer_organisation on ot.enforcer (organisation_id);
select yagura.tenant_table('ot.enforcer');

create table ot.block (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  site_id uuid not null references ot.site (id) on delete cascade,
  sensor_id uuid not null references ot.sensor (id) on delete cascade,
  asset_id uuid not null,
  mac text not null,
  -- As the device had them when it was asked: the premises may never block some.
  addresses text[] not null,
  reason text not null,
  finding_id uuid,
  until_at timestamptz not null,
  created_at timestamptz not null,
  created_by text not null,
  -- Taken back by somebody.
  ended_at timestamptz,
  ended_by text,
  -- asked: the sensor has not answered yet; the others as in wire/enforcement.ts.
  state text not null default 'asked' check (state in ('asked', 'working', 'done', 'refused', 'failed', 'undone', 'stuck')),
  code text not null default '',
  place text not null default '',
  learned integer not null default 0,
  reported_at timestamptz,
  -- Mutes of what the device's silence would raise.
  mute_ids uuid[] not null default '{}'
);
create unique index block_one on ot.block (site_id, mac) where state in ('asked', 'working', 'done', 'stuck');
create index block_site on ot.block (site_id, ordinal desc);
create index block_sensor on ot.block (sensor_id) where state in ('asked', 'working', 'done', 'stuck');
create index block_asset on ot.block (asset_id);
create index block_organisation on ot.block (organisation_id, ordinal);
select yagura.tenant_table('ot.block');
