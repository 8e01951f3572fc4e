-- Protocols that a customer declares for a site (OT-N10): a description each, in one of sixteen slots whose protocol numbers the
-- telemetry holds. A removed one stays as ended, so that its history keeps its names, until nothing of it is kept any more.
create table ot.declared_parser (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  site_id uuid not null references ot.site (id) on delete cascade,
  slot smallint not null check (slot between 1 and 16),
  -- DeclaredDescription of wire/declared.ts, in the order in which it was written.
  description json not null,
  -- The sensors of the site use it.
  enabled boolean not null,
  created_at timestamptz not null,
  created_by text not null,
  changed_at timestamptz not null,
  changed_by text not null,
  ended_at timestamptz,
  unique (site_id, slot),
  check (ended_at is null or not enabled)
);
create index declared_parser_organisation on ot.declared_parser (organisation_id);
select yagura.tenant_table('ot.declared_parser');

-- What a capture is read with: the declared protocols of a site, or the one that is tried.
alter table ot.capture
  add column parser_id uuid references ot.declared_parser (id) on delete cascade,
  -- [{slot, description}] of wire/declared.ts, as they were when it was handed in.
  add column declared json not null default '[]';
create index capture_parser on ot.capture (parser_id, ordinal desc) where parser_id is not null;
